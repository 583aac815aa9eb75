import type { AuditRecord } from '../../src/features/audit/audit-chain.js';
import { chainHash } from '../../src/features/audit/audit-chain.js';
import type { StoredEvent } from '../../src/features/audit/chain-walk.js';
import { INSERT, rehashed, row, type Sql } from './chain.js';

export interface Tampering {
  /** What somebody does to the eight events of a tenant. Between #3 and #4, and between #5 and #6, there is room for one more. */
  readonly does: string;
  readonly how: (sql: Sql, events: readonly StoredEvent[], otherTenantId: string) => Promise<unknown>;
  /** What verification says of it: the event's place among the eight, and the beginning of the sentence. */
  readonly findings: readonly string[];
}

const FORGED: Omit<AuditRecord, 'tenantId' | 'revision'> = {
  id: 'forged', at: Date.parse('2030-01-01T00:00:00Z'), actor: 'nobody', action: 'nothing.happened', target: 'nothing', change: null,
};

const set = (place: number, assignment: string) => (sql: Sql, events: readonly StoredEvent[], other: string) =>
  sql(`UPDATE audit_events SET ${assignment.replaceAll('$other', `'${other}'`)} WHERE id = $1`, [events[place]!.id]);

const remove = (...places: readonly number[]) => (sql: Sql, events: readonly StoredEvent[]) =>
  sql('DELETE FROM audit_events WHERE id = ANY ($1)', [places.map((place) => events[place]!.id)]);

const swap = (one: number, other: number) => async (sql: Sql, events: readonly StoredEvent[]) => {
  const [a, b] = [events[one]!, events[other]!];
  const move = ({ id }: StoredEvent, revision: bigint) =>
    sql('UPDATE audit_events SET revision = $2 WHERE id = $1', [id, revision.toString()]);
  await move(a, -1n);
  await move(b, a.revision);
  await move(a, b.revision);
};

const both = (...steps: readonly Tampering['how'][]): Tampering['how'] => async (...at) => {
  for (const step of steps) await step(...at);
};

type HashOf = (record: AuditRecord, before: StoredEvent) => Buffer;

const insertBehind = (place: number, hashOf: HashOf) => (sql: Sql, events: readonly StoredEvent[]) => {
  const before = events[place]!;
  const record = { ...FORGED, tenantId: before.tenantId, revision: before.revision + 1n };
  return sql(INSERT, row(record, hashOf(record, before)));
};

/** What lies from `from` up to `to`, changed and with its hashes made anew. */
export const rewrite = (from: number, to = 8) => async (sql: Sql, events: readonly StoredEvent[]): Promise<StoredEvent[]> => {
  const tail = rehashed(events.slice(from, to).map((event) => ({ ...event, actor: 'nobody' })), events[from - 1]?.hash);
  for (const { id, actor, hash } of tail) await sql('UPDATE audit_events SET actor = $2, hash = $3 WHERE id = $1', [id, actor, hash]);
  return tail;
};

const CHANGED = 'was changed: what it says does not match its hash';
const MOVED = 'was moved here from revision';
const PUT_IN = 'was put in: the chain goes on without it';
const GONE = 'follows what is gone:';
const NOT_THE_LAST = 'is not the event that was written last';
const COUNT = (here: number) => `is the last of ${here} events, but 8 were written`;
const rightHash = (record: AuditRecord, before: StoredEvent): Buffer => chainHash(before.hash, record);

/** The events have the revisions 2 to 5, 7, 8, 10 and 11. */
export const TAMPERINGS: readonly Tampering[] = [
  { does: 'changes who did it', how: set(2, `actor = 'nobody'`), findings: [`#2: ${CHANGED}`] },
  { does: 'changes what was done', how: set(2, `action = 'role.created'`), findings: [`#2: ${CHANGED}`] },
  { does: 'changes to what', how: set(2, `target = 'other'`), findings: [`#2: ${CHANGED}`] },
  { does: 'changes the values', how: set(2, `change = replace(change, 'd', 'e')`), findings: [`#2: ${CHANGED}`] },
  { does: 'takes the values away', how: set(2, 'change = NULL'), findings: [`#2: ${CHANGED}`] },
  { does: 'changes the id', how: set(2, `id = 'another'`), findings: [`new: ${CHANGED}`] },
  { does: 'changes the time by a millisecond', how: set(2, `at = at + interval '1 millisecond'`), findings: [`#2: ${CHANGED}`] },
  {
    does: 'changes the time by a microsecond',
    how: set(2, `at = at + interval '1 microsecond'`),
    findings: ['#2: has another time'],
  },
  { does: 'changes the time to the end of all days', how: set(2, `at = 'infinity'`), findings: ['#2: has another time'] },
  {
    does: 'changes the time to one that no calendar here knows',
    how: set(2, `at = '290000-01-01'`),
    findings: ['#2: has another time'],
  },
  { does: 'changes a hash', how: set(2, `hash = sha256('')`), findings: ['#2: has another hash'] },
  { does: 'changes the last hash', how: set(7, `hash = sha256('')`), findings: ['#7: has another hash'] },
  { does: 'changes the first event', how: set(0, `actor = 'nobody'`), findings: [`#0: ${CHANGED}`] },
  { does: 'changes the last event', how: set(7, `actor = 'nobody'`), findings: [`#7: ${CHANGED}`] },
  {
    does: 'changes two events',
    how: both(set(1, `actor = 'nobody'`), set(5, `actor = 'nobody'`)),
    findings: [`#1: ${CHANGED}`, `#5: ${CHANGED}`],
  },
  {
    does: 'changes two neighbours',
    how: both(set(1, `actor = 'nobody'`), set(2, `actor = 'nobody'`)),
    findings: [`#1: ${CHANGED}`, `#2: ${CHANGED}`],
  },
  { does: 'changes one behind a gap', how: set(4, `actor = 'nobody'`), findings: [`#4: ${CHANGED}`] },
  { does: 'changes a revision', how: set(3, 'revision = revision + 1'), findings: [`#3: ${MOVED} 5`] },
  {
    does: 'hands an event to another tenant',
    how: set(2, 'tenant_id = $other'),
    findings: [`#3: ${GONE} the event of revision 4 before it was removed`],
  },
  { does: 'removes the first event', how: remove(0), findings: [`#1: ${GONE} one event of the revisions 1 to 2 before it was removed`] },
  { does: 'removes an event in the middle', how: remove(2), findings: [`#3: ${GONE} the event of revision 4 before it was removed`] },
  {
    does: 'removes an event beside a revision that has none',
    how: remove(3),
    findings: [`#4: ${GONE} one event of the revisions 5 to 6 before it was removed`],
  },
  {
    does: 'removes two in the middle',
    how: remove(1, 2),
    findings: [`#3: ${GONE} the 2 events of the revisions 3 to 4 before it were removed`],
  },
  {
    does: 'removes several in the middle',
    how: remove(2, 3, 4),
    findings: [`#5: ${GONE} 3 events of the revisions 4 to 7 before it were removed`],
  },
  {
    does: 'removes two apart',
    how: remove(1, 3),
    findings: [
      '#2: was changed, or events of revision 3 before it were removed',
      '#4: was changed, or events of the revisions 5 to 6 before it were removed',
      'chain: has 6 events, but 8 were written',
    ],
  },
  {
    does: 'removes one and changes another that does not come next',
    how: both(remove(2), set(6, `actor = 'nobody'`)),
    findings: [
      '#3: was changed, or events of revision 4 before it were removed',
      '#6: was changed, or events of revision 9 before it were removed',
      'chain: has 7 events, but 8 were written',
    ],
  },
  { does: 'removes the last event', how: remove(7), findings: [`#6: ${COUNT(7)}: the one behind it was removed`] },
  { does: 'removes the last three', how: remove(5, 6, 7), findings: [`#4: ${COUNT(5)}: the 3 behind it were removed`] },
  {
    does: 'removes one in the middle and the last',
    how: remove(2, 7),
    findings: ['#3: was changed, or events of revision 4 before it were removed', `#6: ${COUNT(6)}`],
  },
  { does: 'removes all', how: remove(0, 1, 2, 3, 4, 5, 6, 7), findings: ['chain: has no events, but 8 were written'] },
  { does: 'swaps two neighbours', how: swap(2, 3), findings: [`#3: ${MOVED} 5`, `#2: ${MOVED} 4`] },
  { does: 'swaps the first and the last', how: swap(0, 7), findings: [`#7: ${MOVED} 11`, `#0: ${MOVED} 2`] },
  { does: 'swaps two far apart', how: swap(1, 5), findings: [`#5: ${MOVED} 8`, `#1: ${MOVED} 3`] },
  { does: 'moves one to where there is none', how: set(1, 'revision = 9'), findings: [`#1: ${MOVED} 3`] },
  { does: 'moves one behind the last', how: set(3, 'revision = 12'), findings: [`#3: ${MOVED} 5`] },
  {
    does: 'puts one in with any hash',
    how: insertBehind(3, () => Buffer.alloc(32, 1)),
    findings: [`new: ${PUT_IN}`],
  },
  { does: 'puts one in with the hash that it should have', how: insertBehind(3, rightHash), findings: [`new: ${PUT_IN}`] },
  {
    does: 'puts one in with the hash of the one before',
    how: insertBehind(3, (_record, { hash }) => hash),
    findings: [`new: ${PUT_IN}`],
  },
  {
    does: 'puts one in that follows the one before the last, as the next one does',
    how: (sql, events) => {
      const record = { ...FORGED, tenantId: events[4]!.tenantId, revision: 9n };
      return sql(INSERT, row(record, chainHash(events[4]!.hash, record)));
    },
    findings: [`new: ${PUT_IN}`],
  },
  {
    does: 'adds one at the end with the hash that it should have',
    how: insertBehind(7, rightHash),
    findings: [`new: ${PUT_IN}`],
  },
  {
    does: 'removes one and puts one in',
    how: both(remove(6), insertBehind(5, rightHash)),
    findings: [`#7: ${CHANGED}, unless the event of revision 9 was replaced together with its hash`],
  },
  { does: 'rewrites the end, with hashes made anew', how: rewrite(4), findings: [`#7: ${NOT_THE_LAST}`] },
  { does: 'rewrites the last event alone, with its hash made anew', how: rewrite(7), findings: [`#7: ${NOT_THE_LAST}`] },
  { does: 'rewrites the whole chain, with hashes made anew', how: rewrite(0), findings: [`#7: ${NOT_THE_LAST}`] },
  {
    does: 'changes an event and rewrites the last, with its hash made anew',
    how: both(set(2, `actor = 'nobody'`), rewrite(7)),
    findings: [`#2: ${CHANGED}`, `#7: ${NOT_THE_LAST}`],
  },
  {
    does: 'changes an event and makes its hash anew',
    how: rewrite(2, 3),
    findings: [`#3: ${CHANGED}, unless the event of revision 4 was replaced together with its hash`],
  },
  {
    does: "forges the head's hash",
    how: (sql, [first]) => sql(`UPDATE tenants SET audit_hash = sha256('') WHERE id = $1`, [first!.tenantId]),
    findings: [`#7: ${NOT_THE_LAST}`],
  },
  {
    does: "forges the head's count",
    how: (sql, [first]) => sql('UPDATE tenants SET audit_count = 9 WHERE id = $1', [first!.tenantId]),
    findings: ['chain: has 8 events, but 9 were written'],
  },
  {
    does: "removes the tenant's own row",
    how: (sql, [first]) => sql('DELETE FROM tenants WHERE id = $1', [first!.tenantId]),
    findings: ["#7: is the last event of a tenant whose own row was removed"],
  },
];

export function tamperingThat(does: string): Tampering['how'] {
  return TAMPERINGS.find((tampering) => tampering.does === does)!.how;
}
