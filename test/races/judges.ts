import { CHAIN_START, chainHash } from '../../src/features/audit/audit-chain.js';
import { type Answer, type Judge, outcomeOf, type Race } from './race.js';
import { type AuditRow, Replay } from './replay.js';

/** Exactly one owner, where the matrix has the role, and at least one active, unexpiring admin of the staff with an account that may act. */
export const judgeLeadership: Judge = async (arena, { tenantIds }) => {
  const rows = await arena.rows<{ id: string; owned: boolean; owners: number; admins: number }>(
    `SELECT t.id, x.owner_role IS NOT NULL AS owned,
       (SELECT count(*)::int FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
         WHERE m.tenant_id = t.id AND m.is_owner) AS owners,
       (SELECT count(*)::int FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
         WHERE m.tenant_id = t.id AND m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL AND m.customer_id IS NULL
           AND u.account_role <> 'VIEWER') AS admins
     FROM tenants t JOIN matrices x ON x.key = t.matrix_key WHERE t.id = ANY ($1) AND t.deleted_at IS NULL`,
    [tenantIds],
  );
  return rows.flatMap(({ id, owned, owners, admins }) => [
    ...(owners === (owned ? 1 : 0) ? [] : [`${id} has ${owners} owners`]),
    ...(admins > 0 ? [] : [`${id} has no admin`]),
  ]);
};

/** Everything that never breaks: who leads, the audit chain and what it tells, no fault and no lost race reaching the client. */
export const judgeEverything: Judge = async (arena, contest, answers, race) => [
  ...surprises(answers, race),
  ...(await judgeLeadership(arena, contest, answers, race)),
  ...(await judgeHistory(arena, contest, answers, race)),
  ...((await contest.faults?.(answers)) ?? []),
];

function surprises(answers: readonly Answer[], { outcomes }: Race): string[] {
  const found = answers
    .filter(({ status, text }) => status >= 500 || /"code":"(?:INTERNAL|UNAVAILABLE)"|Others are changing/.test(text))
    .map(({ status, text }) => `a client was answered ${status}: ${text}`);
  return outcomes.includes(outcomeOf(answers)) ? found : [...found, `the outcome is none of ${outcomes.join(', ')}`];
}

/** The chains of the tenants: unbroken, each event allowed at its place, and the sum of it what the table of members says. */
export const judgeHistory: Judge = async (arena, { tenantIds }) => {
  const events = await arena.rows<AuditRow>(
    `SELECT e.tenant_id, e.revision, e.id, e.at, e.actor, e.action, e.target, e.change, e.hash, t.matrix_key
     FROM audit_events e LEFT JOIN tenants t ON t.id = e.tenant_id WHERE e.tenant_id = ANY ($1) ORDER BY e.tenant_id, e.revision`,
    [tenantIds],
  );
  const standing = await arena.rows<{ tenant_id: string; user_id: string; role_key: string; status: string }>(
    'SELECT tenant_id, user_id, role_key, status FROM memberships WHERE tenant_id = ANY ($1)',
    [tenantIds],
  );
  return tenantIds.flatMap((tenantId) => {
    const own = events.filter((event) => event.tenant_id === tenantId);
    const [first] = own;
    if (first === undefined) return [];
    const replay = new Replay(arena.matrix(first.matrix_key));
    const refused = own.flatMap((event) => replay.apply(event));
    const written = standing.filter((member) => member.tenant_id === tenantId).map((member) => `${member.user_id}: ${member.role_key} ${member.status}`);
    const told = replay.standing();
    const differs = written.sort().join() !== told.join();
    return [...chainFaults(own), ...refused, ...(differs ? [`the log tells of ${told.join()}, the table of ${written.join()}`] : [])];
  });
};

/** Where the chain of the platform or of a tenant does not hang together. */
export function chainFaults(events: readonly AuditRow[]): string[] {
  let previous: Buffer = CHAIN_START;
  return events.flatMap(({ tenant_id: tenantId, revision, at, hash, ...event }) => {
    const right = chainHash(previous, { ...event, tenantId, revision: BigInt(revision), at: at.getTime() });
    previous = hash;
    return right.equals(hash) ? [] : [`the chain of ${tenantId} breaks at ${revision}`];
  });
}
