import { type AuditRecord, CHAIN_START, chainHash } from './audit-chain.js';

/** An event as the database has it. Its `at` is NaN where that is no whole number of milliseconds, which no event is written with. */
export interface StoredEvent extends AuditRecord {
  readonly hash: Buffer;
}

/** What is remembered of an event that was passed. */
export interface Passed {
  readonly revision: bigint;
  /** Null for the start of the chain, which the first event follows. */
  readonly id: string | null;
  readonly hash: Buffer;
}

/** An event that does not follow from the one before it. */
export interface BrokenLink {
  readonly event: StoredEvent;
  /** Whatever stands before it, the nearest last. */
  readonly before: readonly Passed[];
  /** Whether nothing but the event's own hash is wrong. */
  onlyHash: boolean;
}

/** What there is to say of a chain once it was followed to its end. */
export interface Trail {
  readonly count: number;
  /** The last events, the very last at the end. */
  readonly end: readonly Passed[];
  readonly broken: readonly BrokenLink[];
  /** How many more broken links there are. */
  readonly untold: number;
}

const START: Passed = { revision: 0n, id: null, hash: CHAIN_START };
/** How many broken links are kept. */
const MAX_BROKEN = 100;
/** How far back an event is looked for that others were put behind. */
const MAX_REMEMBERED = 20;

/** Follows one chain, event by event, in the order of the revisions. */
export class ChainWalk {
  count = 0;
  private passed: readonly Passed[] = [START];
  private readonly broken: BrokenLink[] = [];
  private untold = 0;

  add(event: StoredEvent): void {
    if (!follows(this.passed.at(-1)!.hash, event) && !this.followsTrueHash(event)) this.note({ event, before: this.passed, onlyHash: false });
    const { revision, id, hash } = event;
    this.passed = [...this.passed.slice(1 - MAX_REMEMBERED), { revision, id, hash }];
    this.count += 1;
  }

  /** Once all events were added. `headHash`: what the last one is to have, where that is known. */
  trail(headHash: Buffer | null): Trail {
    const suspect = this.suspect();
    if (headHash !== null && suspect !== null && trueHash(suspect)?.equals(headHash) === true) suspect.onlyHash = true;
    return { count: this.count, end: this.passed, broken: this.broken, untold: this.untold };
  }

  /** Whether it is only the hash of the event before that was changed: this event follows what that hash should be. */
  private followsTrueHash(event: StoredEvent): boolean {
    const suspect = this.suspect();
    if (suspect === null) return false;
    const hash = trueHash(suspect);
    suspect.onlyHash = hash !== null && follows(hash, event);
    return suspect.onlyHash;
  }

  /** The broken link at the latest event; null where that one is sound. */
  private suspect(): BrokenLink | null {
    const link = this.broken.at(-1);
    return link !== undefined && link.event.revision === this.passed.at(-1)!.revision ? link : null;
  }

  private note(link: BrokenLink): void {
    if (this.broken.length < MAX_BROKEN) this.broken.push(link);
    else this.untold += 1;
  }
}

export function follows(previousHash: Buffer, event: StoredEvent): boolean {
  return !Number.isNaN(event.at) && chainHash(previousHash, event).equals(event.hash);
}

/** What the event's hash should be, if nothing else of it was changed; null where something else surely was. */
function trueHash({ event, before }: BrokenLink): Buffer | null {
  return Number.isNaN(event.at) ? null : chainHash(before.at(-1)!.hash, event);
}
