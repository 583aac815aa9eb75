import type { Clock, Timer } from '../../domain/clock.js';
import { AppError } from '../../errors.js';
import type { LogPage } from './changes.store.js';
import type { TenantChange } from './tenant-change.js';

/** What a stream of changes stands on. */
export interface StreamGround {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly stalenessMs: number;
  /** What follows a revision of the stream's tenant. Rejects where that can't be told. */
  readonly readAfter: (revision: bigint) => Promise<LogPage>;
  /** Until when every change was told, in milliseconds since the epoch. */
  readonly heardUntil: () => number;
  readonly onEnd: () => void;
}

/** With a bound of nothing, who waits still can't be asked all the time. */
const SHORTEST_BEAT_MS = 250;

/** How many changes are read at once. */
export const PAGE = 100;

/**
 * The changes of one tenant after a revision: each exactly once and in order, because each is read from the log, where the
 * revisions of a tenant have no gaps. What is heard of only says when to read. Within each bound of staleness there is a
 * change or, where nothing happened, null; a log that can't be read ends the stream.
 */
export class ChangeStream implements AsyncIterableIterator<TenantChange | null> {
  private readonly page: TenantChange[] = [];
  /** Changes may have happened since the log was read. */
  private mayHaveMore = true;
  private isEnded = false;
  private fault: AppError | null = null;
  private wakeUp: () => void = nobodyWaits;

  constructor(
    /** The last revision that was given out. */
    private last: bigint,
    private readonly ground: StreamGround,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Not to be called again before it has settled. */
  async next(): Promise<IteratorResult<TenantChange | null, undefined>> {
    if (this.page.length === 0 && !this.isOver()) await this.refill();
    if (this.fault !== null) throw this.fault;
    if (this.isEnded) return { done: true, value: undefined };
    const change = this.page.shift();
    if (change !== undefined) this.last = change.revision;
    return { done: false, value: change ?? null };
  }

  async return(): Promise<IteratorResult<TenantChange | null, undefined>> {
    this.isEnded = true;
    this.ground.onEnd();
    this.wakeUp();
    return { done: true, value: undefined };
  }

  /** The tenant has come to this revision, or to a later one. */
  hear(revision: bigint): void {
    if (revision <= this.last) return;
    this.mayHaveMore = true;
    this.wakeUp();
  }

  fail(fault: AppError): void {
    this.fault = fault;
    this.wakeUp();
  }

  private async refill(): Promise<void> {
    if (!this.mayHaveMore) await this.hintOrBeat();
    if (this.isOver() || !(this.mayHaveMore || this.isOutOfDate())) return;
    this.mayHaveMore = false;
    const { revision, changes } = await this.ground.readAfter(this.last);
    requireWithoutGap(this.last, changes, revision);
    this.page.push(...changes);
    // The last of its changes may be that the tenant was deleted; whoever is still told so is told once more that it is gone.
    if (revision === null && changes.length === 0) throw absent();
    if (revision === null || changes.length === PAGE) this.mayHaveMore = true;
  }

  private isOver(): boolean {
    return this.isEnded || this.fault !== null;
  }

  private hintOrBeat(): Promise<void> {
    return new Promise((resolve) => {
      const { timer, stalenessMs } = this.ground;
      const cancel = timer(Math.max(stalenessMs, SHORTEST_BEAT_MS), () => this.wakeUp());
      this.wakeUp = () => {
        this.wakeUp = nobodyWaits;
        cancel();
        resolve();
      };
    });
  }

  /** Nobody has told of changes for so long that silence means nothing. */
  private isOutOfDate(): boolean {
    return this.ground.clock.now() - this.ground.heardUntil() > this.ground.stalenessMs;
  }
}

export function absent(): AppError {
  return new AppError('NOT_FOUND', 'There is no tenant of this id.');
}

/** The revision and the changes are of one moment: what lies between the two and is not there, the log has lost. */
export function requireWithoutGap(after: bigint, changes: readonly TenantChange[], revision: bigint | null): void {
  if (revision !== null && after > revision) throw beganAnew();
  const known = after + BigInt(changes.length);
  const isComplete = revision === null || changes.length === PAGE || known === revision;
  if (isComplete && (changes.at(-1)?.revision ?? after) === known) return;
  throw new AppError('BAD_USER_INPUT', 'The log of changes, which is kept for 24 hours, no longer has what followed this revision: ask anew, and subscribe from the revision of that answer.', { field: 'after' });
}

export function beganAnew(): AppError {
  return new AppError('UNAVAILABLE', 'Changes may have been lost: ask anew, and subscribe from the revision of that answer.');
}

function nobodyWaits(): void {
  // What is heard while nobody waits is found by whoever asks next.
}
