import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { end } from './pinned.js';

/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** A server in a process of its own. */
export class ServerProcess {
  constructor(
    readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Seconds of processor time so far; null where the system does not tell. */
  cpuSeconds(): number | null {
    const fields = this.proc('stat')?.replace(/^.*\) /, '').split(' ');
    return fields === undefined ? null : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Megabytes of memory in use now; null where the system does not tell. */
  residentMegabytes(): number | null {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(this.proc('status') ?? '');
    return found === null ? null : Number(found[1]) / 1024;
  }

  stop(): Promise<void> {
    return end(this.child);
  }

  private proc(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.child.pid}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}
