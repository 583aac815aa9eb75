import { type BrokenLink, follows, type Passed, type StoredEvent, type Trail } from './chain-walk.js';

/** What somebody did to an event, as far as hashes can tell. */
export type Cause =
  | { readonly kind: 'hash' | 'time' | 'put in' }
  | { readonly kind: 'moved'; readonly from: bigint }
  /** It was changed, or what it followed is gone. `after`: what stands before it now. */
  | { readonly kind: 'unclear'; readonly after: Passed };

export interface Suspect {
  readonly event: Passed;
  readonly cause: Cause;
}

/** Among more broken links than these nothing is compared: finding the places of moved events costs the cube of it. */
const MAX_COMPARED = 20;
/** How far behind an event that lost the next one is looked for the place from which that was moved. */
const TRIED: readonly bigint[] = [1n, 2n, 3n];

/**
 * Tells those that were tampered with from those that only come after them. An event vouches for the one whose hash it
 * follows, wherever that is now: what stands between the two was put in. So does the head of the chain for its last event.
 */
export class ChainInquiry {
  /** Whether the event that was written last is still there. */
  readonly hasLastWritten: boolean;
  private readonly found = new Map<bigint, Suspect>();
  private readonly moved: StoredEvent[] = [];

  constructor({ broken, end }: Trail, headHash: Buffer | null) {
    for (const link of broken) this.blame(link.event, atFirstSight(link));
    const isFew = broken.length <= MAX_COMPARED;
    if (isFew) this.findMoved(broken, end.at(-1)!);
    this.hasLastWritten = headHash !== null && this.isVouchedFor((hash) => hash.equals(headHash), isFew ? end : end.slice(-1), broken.at(-1));
    // From the end on, since whatever leads to the head of the chain is to be believed before what does not.
    if (isFew) for (const link of broken.toReversed()) this.hear(link);
  }

  /** In the order of their revisions. */
  get suspects(): Suspect[] {
    return [...this.found.values()].sort((one, other) => (one.event.revision < other.event.revision ? -1 : 1));
  }

  private blame({ revision, id, hash }: Passed, cause: Cause): void {
    this.found.set(revision, { event: { revision, id, hash }, cause });
  }

  private isUnclear({ event }: BrokenLink): boolean {
    return this.found.get(event.revision)?.cause.kind === 'unclear';
  }

  private findMoved(broken: readonly BrokenLink[], last: Passed): void {
    for (const { event } of broken.filter((link) => this.isUnclear(link))) {
      const from = findOrigin(event, broken, last);
      if (from === null) continue;
      this.blame(event, { kind: 'moved', from });
      this.moved.push(event);
    }
  }

  private hear(link: BrokenLink): void {
    if (!this.isUnclear(link)) return;
    const { event, before } = link;
    if (this.vouch((hash) => follows(hash, event), before)) this.found.delete(event.revision);
    else if (before.some(({ hash }) => hash.equals(event.hash))) this.blame(event, { kind: 'put in' });
  }

  private isVouchedFor(isOfLast: (hash: Buffer) => boolean, end: readonly Passed[], link: BrokenLink | undefined): boolean {
    // What the last event's hash should be is what the head has.
    const lostItsHash = link !== undefined && link.onlyHash && link.event.revision === end.at(-1)!.revision;
    return lostItsHash || this.vouch(isOfLast, end);
  }

  /** Whether there is an event of the hash; those between it and whoever vouches for it were put in. */
  private vouch(isOfHash: (hash: Buffer) => boolean, before: readonly Passed[]): boolean {
    if (this.moved.some(({ hash }) => isOfHash(hash))) return true;
    const place = before.findLastIndex(({ hash }) => isOfHash(hash));
    if (place === -1) return false;
    // Where that event is at fault itself, it may have come from elsewhere, and those between are no worse for it.
    if (this.found.has(before[place]!.revision)) return true;
    for (const event of before.slice(place + 1)) {
      if (this.found.get(event.revision)?.cause.kind !== 'moved') this.blame(event, { kind: 'put in' });
    }
    return true;
  }
}

function atFirstSight({ event, before, onlyHash }: BrokenLink): Cause {
  if (onlyHash) return { kind: 'hash' };
  return Number.isNaN(event.at) ? { kind: 'time' } : { kind: 'unclear', after: before.at(-1)! };
}

/** The revision at which the event does follow one of those beside the broken links, or the last; null where there is none such. */
function findOrigin(event: StoredEvent, broken: readonly BrokenLink[], last: Passed): bigint | null {
  const followsAt = (revision: bigint, hash: Buffer): boolean => revision !== event.revision && follows(hash, { ...event, revision });
  const hashes = broken.flatMap((link) => [link.before.at(-1)!.hash, link.event.hash]);
  const taken = broken.find(({ event: { revision } }) => hashes.some((hash) => followsAt(revision, hash)));
  if (taken !== undefined) return taken.event.revision;
  for (const { revision, hash } of [...broken.map(({ before }) => before.at(-1)!), last]) {
    const step = TRIED.find((tried) => followsAt(revision + tried, hash));
    if (step !== undefined) return revision + step;
  }
  return null;
}
