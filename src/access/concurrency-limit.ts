import type { MaybePromise } from '../domain/maybe-promise.js';
import { AppError } from '../errors.js';

/** Runs at most `maxRunning` tasks at once, in the order of their arrival; `maxWaiting` more may wait, or any number. */
export class ConcurrencyLimit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting = Number.POSITIVE_INFINITY,
    /** Told to whoever may not wait. */
    private readonly refusal = 'Too many wait for this at the moment; try again in a few seconds.',
  ) {}

  /** The task's own outcome; RATE_LIMITED without running it where too many wait already. */
  async run<T>(task: () => MaybePromise<T>): Promise<T> {
    await this.enter();
    try {
      return await task();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.maxRunning) {
      this.running++;
      return;
    }
    if (this.waiting.length >= this.maxWaiting) {
      throw new AppError('RATE_LIMITED', this.refusal);
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands its place to the first who waits, so that a newcomer cannot slip in between. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running--;
    else next();
  }
}
