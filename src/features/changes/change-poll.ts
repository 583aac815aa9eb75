import type { Clock, Timer } from '../../domain/clock.js';
import type { Log } from '../../storage/log.js';
import type { ChangeListener } from './announcer.js';
import type { ChangeStore } from './changes.store.js';

/** What hears of all changes, whoever made them, and so knows when it has heard of all. */
export interface ChangeFollower extends ChangeListener {
  /** Every change that had committed at that moment has been told, if what was at hand was read after the last beginning. */
  hasHeardAllUntil(milliseconds: number): void;
  /** Changes may have gone unheard: nothing that is at hand, or being read, may be relied on. */
  beginsAnew(): void;
}

export interface ChangePollOptions {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Log;
  /** Milliseconds from the end of one reading to the next. */
  readonly intervalMs: number;
}

const KEPT_HOURS = 24;
/** Whoever has read nothing for so long may have missed what was removed; well before the log is, for clocks differ. */
const LONGEST_GAP_MS = (KEPT_HOURS / 2) * 3_600_000;
const PRUNE_EVERY_MS = 60_000;

/** Reads the log of changes again and again: one short statement confirms all that this node has at hand. */
export class ChangePoll {
  private reached: { readonly cursor: string; readonly database: string; readonly at: number } | null = null;
  private prunedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | null = null;
  private cancel: (() => void) | null = null;
  private isFailing = false;
  private isClosed = false;

  constructor(
    private readonly store: Pick<ChangeStore, 'readSince' | 'prune'>,
    private readonly follower: ChangeFollower,
    private readonly options: ChangePollOptions,
  ) {}

  /** Resolves after the first reading, also where that failed, and keeps at it in the background. To be called once. */
  start(): Promise<void> {
    return this.readNow();
  }

  /** Reads at once rather than when it is due; resolves when that is done. Never rejects. */
  readNow(): Promise<void> {
    this.cancel?.();
    this.reading ??= this.read().finally(() => {
      this.reading = null;
      if (!this.isClosed) this.cancel = this.options.timer(this.options.intervalMs, () => void this.readNow());
    });
    return this.reading;
  }

  /** Resolves once nothing is being read any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.cancel?.();
    await this.reading;
  }

  private async read(): Promise<void> {
    const { clock, log } = this.options;
    const startedAt = clock.now();
    try {
      await this.catchUp(startedAt);
      await this.prune(startedAt);
      if (this.isFailing) log.info({}, 'The log of changes is followed again.');
      this.isFailing = false;
    } catch (err) {
      if (!this.isFailing && !this.isClosed) log.warn({ err }, 'The log of changes cannot be read; what is at hand grows old.');
      this.isFailing = true;
    }
  }

  private async catchUp(startedAt: number): Promise<void> {
    const from = this.reached !== null && startedAt - this.reached.at <= LONGEST_GAP_MS ? this.reached : null;
    const { cursor, database, tenantChanges, haveCallersChanged } = await this.store.readSince(from?.cursor ?? null);
    if (from === null || database !== from.database || endOf(cursor) < endOf(from.cursor)) this.follower.beginsAnew();
    for (const change of tenantChanges) this.follower.tenantChanged(change);
    if (haveCallersChanged) this.follower.callersChanged();
    this.reached = { cursor, database, at: startedAt };
    this.follower.hasHeardAllUntil(startedAt);
  }

  private async prune(now: number): Promise<void> {
    if (now - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = (await this.store.prune(KEPT_HOURS)) ? Number.NEGATIVE_INFINITY : now;
  }
}

/** The first transaction that had not begun: it never falls, unless the database is an older one, such as a restored copy. */
function endOf(cursor: string): bigint {
  return BigInt(cursor.split(':')[1] ?? '0');
}
