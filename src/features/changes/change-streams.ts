import DataLoader from 'dataloader';
import type { Clock, Timer } from '../../domain/clock.js';
import { badInput } from '../../errors.js';
import { asAppError } from '../../storage/database-fault.js';
import { absent, beganAnew, ChangeStream, PAGE, requireWithoutGap } from './change-stream.js';
import type { ChangeFollower } from './change-poll.js';
import type { ChangeStore, LogPage, LogPlace } from './changes.store.js';
import type { TenantChange } from './tenant-change.js';

export interface ChangeStreamsOptions {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly stalenessMs: number;
  /** Told of each change that was read, before it is given out: so the guard judges by facts that are no older than the change. */
  readonly onRead: (change: TenantChange) => void;
}

/** How many places of the log one statement reads at. */
const MAX_PLACES = 200;
const REVISION = /^\d{1,18}$/;

/** The streams of changes that are open on this node, woken by what is heard of. */
export class ChangeStreams implements ChangeFollower {
  private readonly open = new Map<string, Set<ChangeStream>>();
  private heardUntil = Number.NEGATIVE_INFINITY;
  /** Streams that one change has woken read together, and most of them at the same place. */
  private readonly reader: DataLoader<LogPlace, LogPage>;

  constructor(
    private readonly store: Pick<ChangeStore, 'readAfter'>,
    private readonly options: ChangeStreamsOptions,
  ) {
    this.reader = new DataLoader((places) => this.readEach(places), { cache: false, maxBatchSize: MAX_PLACES });
  }

  /**
   * The changes of a tenant after the revision, or from now on without one. Throws NOT_FOUND where there is no such tenant, and
   * BAD_USER_INPUT for what is no revision of it, or one so old that the log no longer has what followed.
   */
  async follow(tenantId: string, after: string | null): Promise<ChangeStream> {
    const asked = after === null ? null : requireRevision(after);
    const { revision, changes } = await this.read({ tenantId, after: asked });
    if (revision === null) throw absent();
    if (asked !== null && asked > revision) throw badInput('after', 'after must be a revision that the tenant has reached.');
    if (asked !== null) requireWithoutGap(asked, changes, revision);
    return this.begin(tenantId, asked ?? revision);
  }

  tenantChanged({ tenantId, revision }: TenantChange): void {
    for (const stream of this.open.get(tenantId) ?? []) stream.hear(revision);
  }

  /** Each stream asks who its caller is within the bound, and before it tells anything. */
  callersChanged(): void {}

  hasHeardAllUntil(milliseconds: number): void {
    this.heardUntil = Math.max(this.heardUntil, milliseconds);
  }

  /** The database is another one than before, where a revision may stand for something else. */
  beginsAnew(): void {
    this.heardUntil = Number.NEGATIVE_INFINITY;
    for (const streams of this.open.values()) for (const stream of streams) stream.fail(beganAnew());
  }

  private begin(tenantId: string, last: bigint): ChangeStream {
    const { clock, timer, stalenessMs } = this.options;
    const stream = new ChangeStream(last, {
      clock,
      timer,
      stalenessMs,
      readAfter: (revision) => this.read({ tenantId, after: revision }),
      heardUntil: () => this.heardUntil,
      onEnd: () => this.forget(tenantId, stream),
    });
    const streams = this.open.get(tenantId) ?? new Set();
    this.open.set(tenantId, streams.add(stream));
    return stream;
  }

  private forget(tenantId: string, stream: ChangeStream): void {
    const streams = this.open.get(tenantId);
    if (streams?.delete(stream) === true && streams.size === 0) this.open.delete(tenantId);
  }

  private read(place: LogPlace): Promise<LogPage> {
    return this.reader.load(place).catch((error: unknown) => Promise.reject(asAppError(error)));
  }

  private async readEach(places: readonly LogPlace[]): Promise<LogPage[]> {
    const distinct = new Map(places.map((place) => [nameOf(place), place]));
    const pages = await this.store.readAfter([...distinct.values()], PAGE);
    for (const { changes } of pages) changes.forEach(this.options.onRead);
    const byName = new Map([...distinct.keys()].map((name, i) => [name, pages[i]!]));
    return places.map((place) => byName.get(nameOf(place))!);
  }
}

/** Injective: a revision has no blank. */
function nameOf({ tenantId, after }: LogPlace): string {
  return `${after ?? ''} ${tenantId}`;
}

function requireRevision(text: string): bigint {
  if (!REVISION.test(text)) throw badInput('after', 'after must be a revision that this gateway returned.');
  return BigInt(text);
}
