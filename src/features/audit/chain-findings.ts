import { type Cause, ChainInquiry, type Suspect } from './chain-inquiry.js';
import type { Passed, Trail } from './chain-walk.js';

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

/** An event that does not follow, behind revisions that none has. */
interface Gap {
  readonly suspect: Suspect;
  readonly first: bigint;
  readonly last: bigint;
  /** How many events are surely gone from here; null where that cannot be told. */
  readonly removed: number | null;
}

/** Everything that is wrong with a chain. `head` null: the row that should know it is gone. */
export function findingsOf(trail: Trail, head: ChainHead | null): ChainFinding[] {
  const { suspects, hasLastWritten } = new ChainInquiry(trail, head?.hash ?? null);
  const genuine = trail.count - suspects.filter(({ cause }) => cause.kind === 'put in').length;
  const missing = head === null ? 0 : head.count - genuine;
  const canTell = head !== null && hasLastWritten && trail.untold === 0;
  const gaps = gapsOf(suspects, canTell ? missing : null);
  const told = suspects.map((suspect) => {
    const gap = gaps.find((one) => one.suspect === suspect);
    return { ...placeOf(suspect.event), what: describe(suspect.cause, gap, head === null ? null : missing) };
  });
  const more = trail.untold === 0 ? [] : [{ ...NO_PLACE, what: `${trail.untold} more events do not follow the one before them` }];
  const untold = missing - gaps.reduce((sum, { removed }) => sum + (removed ?? 0), 0);
  const last = trail.end.at(-1)!;
  if (head === null) return [...told, ...more, { ...placeOf(last), what: 'is the last event of a tenant whose own row was removed' }];
  if (untold !== 0) return [...told, ...more, ofCount(trail, head, hasLastWritten, gaps.length === 0 && trail.untold === 0)];
  const isTold = hasLastWritten || suspects.some(({ event }) => event.revision === last.revision);
  return isTold ? [...told, ...more] : [...told, ...more, { ...placeOf(last), what: NOT_THE_LAST }];
}

const NO_PLACE = { revision: null, eventId: null };
const NOT_THE_LAST = 'is not the event that was written last: it was changed, or events up to it were and had their hashes made anew';

function placeOf({ revision, id }: Passed): Pick<ChainFinding, 'revision' | 'eventId'> {
  return id === null ? NO_PLACE : { revision, eventId: id };
}

/** `missing`: how many events are gone from all gaps together; null where some may be gone from the end of the chain. */
function gapsOf(suspects: readonly Suspect[], missing: number | null): Gap[] {
  const gaps = suspects.flatMap((suspect) => {
    if (suspect.cause.kind !== 'unclear') return [];
    const [first, last] = [suspect.cause.after.revision + 1n, suspect.event.revision - 1n];
    return first > last ? [] : [{ suspect, first, last, room: Number(last - first + 1n) }];
  });
  const room = gaps.reduce((sum, gap) => sum + gap.room, 0);
  const isSettled = missing !== null && missing > 0 && (gaps.length === 1 || room === missing);
  return gaps.map((gap) => ({ ...gap, removed: isSettled ? Math.min(gap.room, missing) : null }));
}

const PLAIN = {
  hash: 'has another hash than it was written with',
  time: 'has another time than it was written with',
  'put in': 'was put in: the chain goes on without it',
} as const;

/** `missing`: how many events are gone from the whole chain; null where nobody knows. */
function describe(cause: Cause, gap: Gap | undefined, missing: number | null): string {
  if (cause.kind === 'moved') return `was moved here from revision ${cause.from}`;
  if (cause.kind !== 'unclear') return PLAIN[cause.kind];
  if (gap !== undefined && gap.removed !== null) return removedFrom(gap, gap.removed);
  if (gap !== undefined && (missing === null || missing > 0)) return `was changed, or events of ${revisionsOf(gap)} before it were removed`;
  const what = missing !== null && missing < 0 ? 'was changed or put in' : 'was changed';
  // Whoever makes an event's hash anew leaves it as good as any, but for the one that comes after it.
  const unless = cause.after.id === null ? '' : `, unless the event of revision ${cause.after.revision} was replaced together with its hash`;
  return `${what}: what it says does not match its hash${unless}`;
}

function removedFrom(gap: Gap, removed: number): string {
  const all = BigInt(removed) === gap.last - gap.first + 1n;
  const one = all ? 'the event' : 'one event';
  const several = `${all ? 'the ' : ''}${removed} events`;
  return `follows what is gone: ${removed === 1 ? one : several} of ${revisionsOf(gap)} before it ${removed === 1 ? 'was' : 'were'} removed`;
}

function revisionsOf({ first, last }: Gap): string {
  return first === last ? `revision ${first}` : `the revisions ${first} to ${last}`;
}

/** `isBehind`: whether the events can be missing nowhere else than behind the last. */
function ofCount(trail: Trail, head: ChainHead, hasLastWritten: boolean, isBehind: boolean): ChainFinding {
  const written = `but ${head.count} were written`;
  if (trail.count === 0) return { ...NO_PLACE, what: `has no events, ${written}` };
  if (hasLastWritten) return { ...NO_PLACE, what: `has ${trail.count} events, ${written}` };
  const gone = head.count - trail.count;
  const behind = gone === 1 ? ': the one behind it was removed' : `: the ${gone} behind it were removed`;
  return { ...placeOf(trail.end.at(-1)!), what: `is the last of ${trail.count} events, ${written}${isBehind && gone > 0 ? behind : ''}` };
}
