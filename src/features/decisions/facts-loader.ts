import DataLoader from 'dataloader';
import type { TenantFrame } from '../../domain/facts.js';
import type { Transactions } from '../../storage/transaction.js';
import type { FactsStore, MemberReading, Pair } from './facts.store.js';

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

/** Reads members together with the frame of the very revision at which they were read. */
export class FactsLoader {
  private readonly batches: DataLoader<Batch, LoadedMember[]>;

  constructor(
    private readonly store: FactsStore,
    private readonly transactions: Transactions,
  ) {
    this.batches = new DataLoader((batches) => this.loadBatches(batches), {
      cache: false,
      maxBatchSize: MAX_LOADS_PER_STATEMENT,
    });
  }

  /** What is asked for in one turn of the event loop goes to the database as one statement. */
  load(pairs: readonly Pair[], frameAtHand: FrameAtHand): Promise<LoadedMember[]> {
    return pairs.length === 0 ? Promise.resolve([]) : this.batches.load({ pairs, frameAtHand });
  }

  private async loadBatches(batches: readonly Batch[]): Promise<LoadedMember[][]> {
    const pairs = batches.flatMap((batch) => batch.pairs);
    const loaded = await this.loadPairs(pairs, batches[0]!.frameAtHand);
    let start = 0;
    return batches.map((batch) => loaded.slice(start, (start += batch.pairs.length)));
  }

  private async loadPairs(pairs: readonly Pair[], frameAtHand: FrameAtHand): Promise<LoadedMember[]> {
    const readings = await this.store.readMembers(pairs);
    const frames = new Map<string, TenantFrame>();
    for (const reading of readings) {
      if (reading.revision === null) continue;
      const frame = frameAtHand(reading.tenantId);
      if (frame?.structureRevision !== reading.structureRevision) return this.loadWithFrames(pairs);
      frames.set(reading.tenantId, frame);
    }
    return join(readings, frames);
  }

  /** A frame is missing or of another revision: members and frames are read in one snapshot, so that they belong together. */
  private loadWithFrames(pairs: readonly Pair[]): Promise<LoadedMember[]> {
    return this.transactions.snapshot(async (tx) => {
      const readings = await this.store.readMembers(pairs, tx);
      const tenantIds = new Set(readings.filter((reading) => reading.revision !== null).map((reading) => reading.tenantId));
      return join(readings, await this.store.readFrames([...tenantIds], tx));
    });
  }
}

function join(readings: readonly MemberReading[], frames: ReadonlyMap<string, TenantFrame>): LoadedMember[] {
  return readings.map((reading) => ({ reading, frame: frames.get(reading.tenantId) ?? null }));
}
