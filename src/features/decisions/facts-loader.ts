import DataLoader from 'dataloader';
import type { TenantFrame } from '../../domain/facts.js';
import { unavailable } from '../../errors.js';
import type { FactsReading, FactsStore, MemberReading, Pair } from './facts.store.js';

export interface LoadedMember {
  readonly reading: MemberReading;
  /** Null where there is no such tenant. */
  readonly frame: TenantFrame | null;
}

type FrameAtHand = (tenantId: string) => TenantFrame | undefined;

interface Batch {
  readonly pairs: readonly Pair[];
  readonly frameAtHand: FrameAtHand;
}

const MAX_LOADS_PER_STATEMENT = 64;
/** So many at a time leave sessions of the database to changes; what comes meanwhile shares the next one. */
const MAX_STATEMENTS_UNDER_WAY = 4;
/** A tenant's structure changes while it is read once in a long while, and hardly ever again and again. */
const MAX_READINGS = 5;

/** Reads members together with the frame of the very revision at which they were read. */
export class FactsLoader {
  private readonly batches: DataLoader<Batch, LoadedMember[]>;
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;

  constructor(private readonly store: Pick<FactsStore, 'read'>) {
    this.batches = new DataLoader((batches) => this.loadBatches(batches), {
      cache: false,
      maxBatchSize: MAX_LOADS_PER_STATEMENT,
      batchScheduleFn: (dispatch) => this.schedule(dispatch),
    });
  }

  /** What is asked for in one turn of the event loop, or while the database is busy, goes there as one statement. */
  load(pairs: readonly Pair[], frameAtHand: FrameAtHand): Promise<LoadedMember[]> {
    return pairs.length === 0 ? Promise.resolve([]) : this.batches.load({ pairs, frameAtHand });
  }

  private schedule(dispatch: () => void): void {
    this.waiting.push(dispatch);
    setImmediate(() => this.dispatchNext());
  }

  private dispatchNext(): void {
    if (this.underWay >= MAX_STATEMENTS_UNDER_WAY) return;
    const dispatch = this.waiting.shift();
    if (dispatch === undefined) return;
    this.underWay += 1;
    dispatch();
  }

  private async loadBatches(batches: readonly Batch[]): Promise<LoadedMember[][]> {
    try {
      const pairs = batches.flatMap((batch) => batch.pairs);
      const loaded = await this.loadPairs(pairs, batches[0]!.frameAtHand);
      let start = 0;
      return batches.map((batch) => loaded.slice(start, (start += batch.pairs.length)));
    } finally {
      this.underWay -= 1;
      this.dispatchNext();
    }
  }

  /** One statement where each frame at hand is of the revision that it finds; where not, another one reads those frames, too. */
  private async loadPairs(pairs: readonly Pair[], frameAtHand: FrameAtHand): Promise<LoadedMember[]> {
    const withFrames = new Set(pairs.map((pair) => pair.tenantId).filter((tenantId) => frameAtHand(tenantId) === undefined));
    for (let i = 0; i < MAX_READINGS; i += 1) {
      const { members, frames } = await this.store.read(pairs, withFrames);
      const loaded: LoadedMember[] = [];
      for (const reading of members) {
        const frame = frameOf(reading, frames, frameAtHand);
        if (frame === undefined) withFrames.add(reading.tenantId);
        else loaded.push({ reading, frame });
      }
      if (loaded.length === members.length) return loaded;
    }
    throw unavailable(new Error('tenants changed again and again while they were read'));
  }
}

/** Undefined where there is none of the very structure that the member was read with. */
function frameOf({ tenantId, structureRevision }: MemberReading, frames: FactsReading['frames'], frameAtHand: FrameAtHand): TenantFrame | null | undefined {
  if (structureRevision === null) return null;
  const frame = frames.get(tenantId) ?? frameAtHand(tenantId);
  return frame?.structureRevision === structureRevision ? frame : undefined;
}
