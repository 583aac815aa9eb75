import { type AuditRecord, CHAIN_START, chainHash } from './audit-chain.js';

/** An event as the database has it. Its `at` is NaN where that is no whole number of milliseconds, which no event is written with. */
export interface StoredEvent extends AuditRecord {
  readonly hash: Buffer;
}

/** What the tenant's or the platform's own row says of its chain. */
export interface ChainHead {
  /** How many events were ever appended. */
  readonly count: number;
  /** The hash of the last one. */
  readonly hash: Buffer;
}

/** Something wrong with a chain, and at which event, where there is one. */
export interface ChainFinding {
  readonly revision: bigint | null;
  readonly eventId: string | null;
  readonly what: string;
}

/** An event that does not follow from the one before it. */
interface BrokenLink {
  readonly event: StoredEvent;
  readonly previous: StoredEvent | null;
  /** Whether nothing but the event's own hash is wrong. */
  onlyHash: boolean;
}

/** How many broken links are kept, and told one by one. */
const MAX_BROKEN = 100;
/** Among more of them than these, moved events are told as changed ones: finding their places costs the cube of it. */
const MAX_COMPARED = 20;

/** Follows one chain, event by event, in the order of the revisions. */
export class ChainWalk {
  count = 0;
  private last: StoredEvent | null = null;
  private readonly broken: BrokenLink[] = [];
  private untold = 0;

  add(event: StoredEvent): void {
    if (!follows(this.last?.hash ?? CHAIN_START, event) && !this.followsTrueHash(event)) this.note({ event, previous: this.last, onlyHash: false });
    this.last = event;
    this.count += 1;
  }

  /** Everything that is wrong, once all events were added. `head` null: the row that should know the chain is gone. */
  findings(head: ChainHead | null): ChainFinding[] {
    const suspect = this.suspect();
    if (head !== null && suspect !== null && trueHash(suspect)?.equals(head.hash) === true) suspect.onlyHash = true;
    const told = this.broken.map((link) => ({ ...placeOf(link.event), what: describe(link, this.broken) }));
    const more = this.untold === 0 ? [] : [{ ...placeOf(null), what: `${this.untold} more events do not follow the one before them` }];
    return [...told, ...more, ...this.endFindings(head)];
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
    return link !== undefined && link.event === this.last ? link : null;
  }

  private note(link: BrokenLink): void {
    if (this.broken.length < MAX_BROKEN) this.broken.push(link);
    else this.untold += 1;
  }

  private endFindings(head: ChainHead | null): ChainFinding[] {
    const place = placeOf(this.last);
    if (head === null) return [{ ...place, what: 'is the last event of a tenant whose own row was removed' }];
    if (this.count !== head.count) {
      const here = this.last === null ? 'has no events' : `is the last of ${this.count} events`;
      return [{ ...place, what: `${here}, but ${head.count} were written` }];
    }
    if (this.broken.length > 0 || head.hash.equals(this.last?.hash ?? CHAIN_START)) return [];
    return [{ ...place, what: 'is not the event that was written last: it was changed, or events up to it were and had their hashes made anew' }];
  }
}

function placeOf(event: StoredEvent | null): Pick<ChainFinding, 'revision' | 'eventId'> {
  return { revision: event?.revision ?? null, eventId: event?.id ?? null };
}

function follows(previousHash: Buffer, event: StoredEvent): boolean {
  return !Number.isNaN(event.at) && chainHash(previousHash, event).equals(event.hash);
}

/** What the event's hash should be, if nothing else of it was changed; null where something else surely was. */
function trueHash({ event, previous }: BrokenLink): Buffer | null {
  return Number.isNaN(event.at) ? null : chainHash(previous?.hash ?? CHAIN_START, event);
}

function describe(link: BrokenLink, all: readonly BrokenLink[]): string {
  const { event, previous, onlyHash } = link;
  if (onlyHash) return 'has another hash than it was written with';
  if (Number.isNaN(event.at)) return 'has another time than it was written with';
  const origin = all.length > MAX_COMPARED ? null : findOrigin(link, all);
  if (origin !== null) return `was moved here from revision ${origin}`;
  const before = previous === null ? 'the start of the chain' : `the event of revision ${previous.revision}`;
  const culprit = previous === null ? 'it was changed or put in' : 'one of the two was changed or put in';
  const hasRoom = event.revision - (previous?.revision ?? 0n) > 1n;
  return `does not follow ${before}: ${culprit}${hasRoom ? ', or events between were removed' : ''}`;
}

/** The revision at which the event does follow one of those beside the broken links; null where there is none such. */
function findOrigin({ event }: BrokenLink, all: readonly BrokenLink[]): bigint | null {
  const hashes = all.flatMap((link) => [link.previous?.hash ?? CHAIN_START, link.event.hash]);
  for (const { event: { revision } } of all) {
    if (revision !== event.revision && hashes.some((hash) => follows(hash, { ...event, revision }))) return revision;
  }
  return null;
}
