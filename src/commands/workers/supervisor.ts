import type { Logger } from 'pino';
import type { Clock, Timer } from '../../domain/clock.js';

export interface WorkerEnd {
  readonly code: number | null;
  /** What it was killed by, where it did not end by itself. */
  readonly signal: string | null;
}

export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Resolves once it serves; stays open where it never does. */
  readonly ready: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  /** Has it answer what is in flight, and end. */
  stop(): void;
}

export interface SupervisorOptions {
  readonly count: number;
  readonly fork: () => WorkerProcess;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timer: Timer;
  /** Aborted, it stops all workers. */
  readonly signal: AbortSignal;
}

// Milliseconds. A worker that has lived for so long is not one that dies again and again.
const STEADY = 60_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;

/** Keeps as many workers running as were asked for. */
export class Supervisor {
  readonly #running = new Set<WorkerProcess>();

  constructor(private readonly options: SupervisorOptions) {}

  /** Runs until it is stopped, or until the first worker is refused its start. Returns the exit code. */
  async run(): Promise<number> {
    const { count, signal } = this.options;
    signal.addEventListener('abort', () => this.#stopAll(), { once: true });
    // Alone at first: what stands in the way of a start, and what is to be read after it, is then said once.
    const first = this.#fork();
    const refused = await Promise.race([first.ready.then(() => null), first.ended]);
    if (refused !== null) return this.#exitCodeOf(first, refused);
    const others = signal.aborted ? 0 : count - 1;
    await Promise.all([this.#keep(first), ...Array.from({ length: others }, () => this.#keep(this.#fork()))]);
    return 0;
  }

  #exitCodeOf({ pid }: WorkerProcess, { code, signal: killedBy }: WorkerEnd): number {
    const { signal, log } = this.options;
    if (signal.aborted) return 0;
    // One that ended by itself has said why.
    if (code === null) log.fatal({ worker: pid, signal: killedBy }, 'The first worker was killed before it was ready.');
    return code ?? 1;
  }

  async #keep(first: WorkerProcess): Promise<void> {
    const { clock, log, signal } = this.options;
    let worker = first;
    let deaths = 0;
    for (;;) {
      const began = clock.now();
      const end = await worker.ended;
      if (signal.aborted) return;
      deaths = clock.now() - began >= STEADY ? 1 : deaths + 1;
      const pauseMs = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (deaths - 1));
      log.error({ worker: worker.pid, ...end, pauseMs }, 'A worker ended; another takes its place.');
      await this.#pause(pauseMs);
      if (signal.aborted) return;
      worker = this.#fork();
    }
  }

  #fork(): WorkerProcess {
    const { fork, log } = this.options;
    const worker = fork();
    this.#running.add(worker);
    void worker.ready.then(() => log.info({ worker: worker.pid }, 'A worker is ready.'));
    void worker.ended.then(() => this.#running.delete(worker));
    return worker;
  }

  #stopAll(): void {
    for (const worker of this.#running) worker.stop();
  }

  #pause(milliseconds: number): Promise<void> {
    const { timer, signal } = this.options;
    return new Promise((resolve) => {
      const cancel = timer(milliseconds, () => over());
      const over = (): void => {
        signal.removeEventListener('abort', over);
        cancel();
        resolve();
      };
      signal.addEventListener('abort', over);
    });
  }
}
