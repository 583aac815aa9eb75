import { AppError } from '../errors.js';

/** Runs at most `maxRunning` tasks at once, in the order of their arrival; `maxWaiting` more may wait. */
export class ConcurrencyLimit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  /** The task's own outcome; RATE_LIMITED without running it where too many wait already. */
  async run<T>(task: () => Promise<T>): Promise<T> {
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
      throw new AppError('RATE_LIMITED', 'Too many passwords are being checked at this moment; try again in a few seconds.');
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
