import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { end, LOAD_CORE, spawnNode } from '../servers/pinned.js';
import type { Outcome, Run, Target } from './job.js';

/** Enough to keep a server busy. */
export const CONNECTIONS = 64;

/** A load generator in a process of its own, for one target. */
export class Driver {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(target: Target): Promise<Driver> {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    const file = join(folder, 'target.json');
    writeFileSync(file, JSON.stringify(target));
    const child = spawnNode(LOAD_CORE, [join(import.meta.dirname, 'generator.js'), file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const driver = new Driver(child, folder);
    await driver.said();
    return driver;
  }

  /** Throws where an answer was wrong: a figure for wrong answers is worth nothing. */
  async run(run: Run): Promise<Outcome> {
    this.child.send(run);
    const outcome = (await this.said()) as Outcome;
    if (outcome.wrong > 0) throw new Error(`${outcome.wrong} of ${outcome.sent} answers were wrong, such as:\n${outcome.firstWrong}`);
    return outcome;
  }

  async close(): Promise<void> {
    await end(this.child);
    rmSync(this.folder, { recursive: true });
  }

  private said(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error('the load generator ended'));
      this.child.once('exit', gone);
      this.child.once('message', (message) => {
        this.child.off('exit', gone);
        resolve(message);
      });
    });
  }
}
