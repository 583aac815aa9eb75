import { randomUUID } from 'node:crypto';
import type { Site } from './site.js';

export interface Question {
  readonly tenantId: string;
  readonly userId: string;
  readonly permission: string;
  readonly departmentId?: string;
}

/** A change that takes a permission away: what was allowed before it is not after it. */
export interface Revocation {
  readonly kind: string;
  readonly question: Question;
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether its payload has the tenant's revision. */
  readonly hasRevision: boolean;
}

const MEMBERS = 13;
const DEPARTMENT = 'sales';
const OWN = 'own';
/** What the custom role loses one after the other, but for the last one. */
const OWN_PERMISSIONS = ['connectors.publish', 'connections.sync', 'workflows.publish', 'agents.run', 'tools.run', 'connectors.read'];

/**
 * A tenant whose people are to lose all that they may do there: its revocations, volley by volley. Within one, each is about
 * somebody else. It comes to be past the gateway, since founding it takes longer than a dozen revocations.
 */
export async function doomedTenant(site: Site): Promise<readonly (readonly Revocation[])[]> {
  const tenantId = `doomed-${randomUUID().slice(0, 13)}`;
  const userIds = Array.from({ length: MEMBERS }, (_, i) => `${tenantId}-${i}`);
  for (const statement of FOUNDING) await site.db.query(statement, [tenantId, userIds]);
  const [owner, holder, ...others] = userIds as [string, string, ...string[]];
  const edits = OWN_PERMISSIONS.slice(0, -1).map((permission, i) =>
    revocation('role edited', { tenantId, userId: holder, permission }, 'updateRole', { tenantId, role: OWN, permissions: OWN_PERMISSIONS.slice(i + 1) }),
  );
  const descents = others.map((userId, i) => descent(tenantId, userId, i));
  const volleys = edits.map((edit, step) => shuffled([edit, ...descents.flatMap((steps) => steps.slice(step, step + 1))]));
  return [...volleys, [revocation('tenant suspended', { tenantId, userId: owner, permission: 'billing.manage' }, 'suspendTenant', { tenantId })]];
}

/** $1: the tenant; $2: its people. The first is the owner, the second holds the custom role, all others are admins. */
const FOUNDING = [
  `INSERT INTO users (id, name, account_role, status, created_at) SELECT id, $1, 'MEMBER', 'ACTIVE', now() FROM unnest($2::text[]) AS people (id)`,
  `WITH people AS (SELECT $2::text[])
   INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at)
   SELECT $1, $1, 'ACTIVE', 'enterprise', 'fastn', 1, 1, now() FROM people`,
  `WITH people AS (SELECT $2::text[])
   INSERT INTO roles (tenant_id, key, name, surface, permissions, created_at)
   SELECT $1, '${OWN}', 'Own', 'ALL', '{${OWN_PERMISSIONS.join()}}', now() FROM people`,
  `WITH people AS (SELECT $2::text[])
   INSERT INTO departments (tenant_id, id, name, created_at) SELECT $1, '${DEPARTMENT}', 'Sales', now() FROM people`,
  `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at)
   SELECT $1, id, 'fastn', CASE n WHEN 1 THEN 'owner' WHEN 2 THEN '${OWN}' ELSE 'admin' END, CASE n WHEN 2 THEN 'CUSTOM' ELSE 'SYSTEM' END, 'ACTIVE', now()
   FROM unnest($2::text[]) WITH ORDINALITY AS people (id, n)`,
  `INSERT INTO department_overrides (tenant_id, user_id, department_id, matrix_key, role_key, role_kind, created_at)
   SELECT $1, id, '${DEPARTMENT}', 'fastn', 'admin', 'SYSTEM', now() FROM unnest($2::text[]) AS people (id)`,
] as const;

/** An admin loses role after role, the override, and at last the membership in one of three ways. */
function descent(tenantId: string, userId: string, number: number): readonly Revocation[] {
  const member = { tenantId, userId };
  const changed = (role: string, permission: string) => revocation('role changed', { ...member, permission }, 'changeMemberRole', { ...member, role });
  const left = { ...member, permission: 'connectors.read' };
  const ends = [
    revocation('member suspended', left, 'suspendMember', member),
    revocation('member removed', left, 'removeMember', member),
    revocation('user disabled', left, 'disableUser', { userId }, false),
  ];
  return [
    changed('developer', 'billing.manage'),
    revocation('override removed', { ...member, permission: 'billing.manage', departmentId: DEPARTMENT }, 'removeDepartmentOverride', { ...member, departmentId: DEPARTMENT }),
    changed('operator', 'connectors.publish'),
    changed('viewer', 'agents.run'),
    ends[number % ends.length]!,
  ];
}

function revocation(kind: string, question: Question, mutation: string, input: Revocation['input'], hasRevision = true): Revocation {
  return { kind, question, mutation, input, hasRevision };
}

function shuffled<T>(list: readonly T[]): T[] {
  const keyed = list.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
