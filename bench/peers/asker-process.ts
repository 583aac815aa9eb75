import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { spawnNode } from '../servers/pinned.js';
import type { AskerOutcome, AskerReady, AskerRun } from './asker-messages.js';
import type { Entry } from './entries.js';

const LAST_WORDS = 4000;

/** A peer that does not run here, or stopped to. */
export class PeerEnded extends Error {
  constructor(readonly key: string, lastWords: string) {
    super(lastWords);
  }
}

/** A peer in a process of its own. */
export class AskerProcess {
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly key: string,
  ) {
    (child.stderr as Readable).on('data', (text: Buffer) => (this.said = (this.said + text.toString()).slice(-LAST_WORDS)));
  }

  ready!: AskerReady;

  static async start({ key, tenants, questions }: Omit<Entry, 'load'>, core: number): Promise<AskerProcess> {
    const args = [join(import.meta.dirname, 'asker.js'), key, String(tenants), String(questions)];
    const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } };
    const asker = new AskerProcess(spawnNode(core, args, options), key);
    asker.ready = (await asker.heard()) as AskerReady;
    return asker;
  }

  async run(run: AskerRun): Promise<AskerOutcome> {
    this.child.send(run);
    return (await this.heard()) as AskerOutcome;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.send('close');
    await gone;
  }

  /** Throws with what the process said last, where it ended. */
  private heard(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new PeerEnded(this.key, this.lastWords()));
      this.child.once('exit', gone);
      this.child.once('message', (message) => {
        this.child.off('exit', gone);
        resolve(message);
      });
    });
  }

  /** The line that names the error, of all that Node prints. */
  private lastWords(): string {
    const lines = this.said.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'the process ended and said nothing';
  }
}
