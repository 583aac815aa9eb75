import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/gateway.js';

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  /** What it was killed by, where it did not end by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BUNDLED = join(ROOT, 'dist', 'gatehouse', 'main.js');
/** File by file, so that one can see which of them it loads. */
export const UNBUNDLED = join(ROOT, 'dist', 'src', 'main.js');
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH'];
const running = new Set<Command>();

/** `gatehouse` as an operator runs it: a process of its own, with nothing in its environment but what is given. */
export class Command {
  stdout = '';
  stderr = '';
  /** Resolves once the process is gone and its last words are read. */
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly watchers = new Set<() => void>();

  constructor(args: readonly string[], env: Environment, main = BUNDLED) {
    const inherited = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    this.child = spawn(process.execPath, [main, ...args], { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => this.hear(() => (this.stdout += text)));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => this.hear(() => (this.stderr += text)));
    running.add(this);
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      running.delete(this);
      this.hear(() => undefined);
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** The first match in what the process has said, on either stream; rejects where it ends without having said it. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        if (found === null && this.child.exitCode === null && this.child.signalCode === null) return;
        this.watchers.delete(look);
        if (found === null) reject(new Error(`the process ended without saying ${String(pattern)}:\n${this.stdout}${this.stderr}`));
        else resolve(found);
      };
      this.watchers.add(look);
      look();
    });
  }

  /** Where it serves, once it says that it is ready. */
  async ready(): Promise<string> {
    const [, url] = await this.said(/Gatehouse is ready\.\n\n {2}GraphQL +(\S+)\/graphql\n[^]*\n$/);
    return url!;
  }

  /** Sends the signal, and resolves once the process is gone. */
  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }

  private hear(note: () => void): void {
    note();
    for (const look of this.watchers) look();
  }
}

/** Runs the command to its end. */
export function gatehouse(args: readonly string[], env: Environment = {}, main = BUNDLED): Promise<Ended> {
  return new Command(args, env, main).ended;
}

export function startGatehouse(env: Environment, args: readonly string[] = []): Command {
  return new Command(args, { PORT: '0', ...env });
}

/** For `afterEach`: nothing that a failing test began outlives it. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((command) => command.end('SIGKILL')));
}

/** A new, empty folder; and its removal. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
