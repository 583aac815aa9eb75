import * as fc from 'fast-check';
import { type AuditRecord, CHAIN_START, chainHash } from '../../src/features/audit/audit-chain.js';
import { type ChainFinding, findingsOf } from '../../src/features/audit/chain-findings.js';
import { ChainWalk, type StoredEvent } from '../../src/features/audit/chain-walk.js';
import { rehashed } from './chain.js';

const record = (revision: number, actor = 'ada'): AuditRecord => ({
  tenantId: 'acme', revision: BigInt(revision), id: `${actor}-${revision}`, at: revision, actor, action: 'a.b', target: 'c', change: null,
});
/** Behind every second event there is a revision without one. */
const WRITTEN: readonly StoredEvent[] = rehashed(Array.from({ length: 12 }, (_, i) => record(2 + i + Math.floor(i / 2))));
const HEAD = { count: WRITTEN.length, hash: WRITTEN.at(-1)!.hash };

type Edit = (events: readonly StoredEvent[]) => readonly StoredEvent[];
const at = (place: number, events: readonly StoredEvent[]): number => place % Math.max(events.length, 1);
const replaced = (place: number, change: (event: StoredEvent, before: Buffer) => StoredEvent): Edit => (events) =>
  events.map((event, i) => (i === at(place, events) ? change(event, events[i - 1]?.hash ?? CHAIN_START) : event));
const atRevision = (event: StoredEvent, revision: number): StoredEvent => ({ ...event, revision: BigInt(revision) });

const place = fc.nat(WRITTEN.length);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  place.map((i) => replaced(i, (event) => ({ ...event, actor: 'nobody' }))),
  place.map((i) => replaced(i, (event) => ({ ...event, hash: Buffer.alloc(32, i) }))),
  place.map((i) => replaced(i, (event, before) => ({ ...event, actor: 'nobody', hash: chainHash(before, { ...event, actor: 'nobody' }) }))),
  place.map((i): Edit => (events) => events.filter((_event, j) => j !== at(i, events))),
  fc.tuple(place, fc.integer({ min: 1, max: 24 })).map(([i, revision]) => replaced(i, (event) => atRevision(event, revision))),
  // Put in, following any event, whether that stands before it or not.
  fc.tuple(place, fc.integer({ min: 1, max: 24 })).map(([i, revision]): Edit => (events) => {
    const made = record(revision, 'forger');
    return [...events, { ...made, hash: chainHash(events[at(i, events)]?.hash ?? CHAIN_START, made) }];
  }),
);

/** As the database would have it: by revision, each of them once. */
function edited(edits: readonly Edit[]): StoredEvent[] {
  const events = edits.reduce<readonly StoredEvent[]>((before, change) => change(before), WRITTEN);
  return [...new Map(events.map((event) => [event.revision, event])).values()].toSorted((one, other) => Number(one.revision - other.revision));
}

function findings(events: readonly StoredEvent[]): ChainFinding[] {
  const walk = new ChainWalk();
  for (const event of events) walk.add(event);
  return findingsOf(walk.trail(HEAD.hash), HEAD);
}

const isSame = (events: readonly StoredEvent[]): boolean =>
  events.length === WRITTEN.length &&
  events.every((event, i) => event.hash.equals(WRITTEN[i]!.hash) && event.actor === WRITTEN[i]!.actor && event.revision === WRITTEN[i]!.revision);

it('finds something wrong with a chain exactly where it is not as it was written, whatever was done to it', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
      const events = edited(edits);
      expect(findings(events).length === 0).toBe(isSame(events));
    }),
    { numRuns: 1000 },
  );
});

it('names whichever event was given another revision, and no other', () => {
  fc.assert(
    fc.property(fc.nat(WRITTEN.length - 1), fc.integer({ min: 1, max: 24 }), (i, revision) => {
      fc.pre(WRITTEN.every((other) => other.revision !== BigInt(revision)));
      const found = findings(edited([replaced(i, (event) => atRevision(event, revision))]));
      expect(found.map(({ eventId }) => eventId)).toEqual([WRITTEN[i]!.id]);
    }),
  );
});
