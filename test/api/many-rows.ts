import type { GatewayForTests } from '../support/gateway.js';
import { must, type World } from '../support/world.js';

export interface ManyMembers {
  readonly tenantId: string;
  readonly userIds: readonly string[];
}

const OVERRIDES = ['sales', 'support'];

/**
 * A tenant whose first `count` members each have a user of their own, roles of both kinds by turns, a customer, and two
 * overrides. Written straight into the database, since these tests are about reading and hundreds of changes take long.
 */
export async function manyMembers(test: GatewayForTests, world: World, count: number): Promise<ManyMembers> {
  const { tenantId } = await world.tenant({ departments: OVERRIDES, customers: ['c0', 'c1', 'c2'] });
  const role = { tenantId, key: 'own', name: 'Own', permissions: ['connectors.read', 'workflows.run'] };
  await must(world.root.mutate('createRole', role, 'revision'));
  const userIds = Array.from({ length: count }, (_, i) => `!${tenantId}-${String(i).padStart(3, '0')}`);
  const { dataSource } = test.gateway.database;
  await dataSource.query(
    "INSERT INTO users (id, name, account_role, status, created_at) SELECT id, 'Many', 'MEMBER', 'ACTIVE', now() FROM unnest($1::text[]) AS many (id)",
    [userIds],
  );
  await dataSource.query(
    `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, customer_id, created_at)
     SELECT $1, id, 'fastn', CASE WHEN n % 2 = 0 THEN 'own' ELSE 'viewer' END, CASE WHEN n % 2 = 0 THEN 'CUSTOM' ELSE 'SYSTEM' END, 'ACTIVE', 'c' || n % 3, now()
     FROM unnest($2::text[]) WITH ORDINALITY AS many (id, n)`,
    [tenantId, userIds],
  );
  await dataSource.query(
    `INSERT INTO department_overrides (tenant_id, user_id, department_id, matrix_key, role_key, role_kind, created_at)
     SELECT $1, id, department, 'fastn', CASE WHEN department = 'sales' THEN 'own' ELSE 'operator' END, CASE WHEN department = 'sales' THEN 'CUSTOM' ELSE 'SYSTEM' END, now()
     FROM unnest($2::text[]) AS many (id), unnest($3::text[]) AS departments (department)`,
    [tenantId, userIds, OVERRIDES],
  );
  return { tenantId, userIds };
}

/** A user with `count` tenants, each with an owner of its own and a custom role. */
export async function manyTenants(
  test: GatewayForTests,
  world: World,
  count: number,
): Promise<{ userId: string; tenantIds: readonly string[] }> {
  const { userId } = await world.person('everywhere');
  const prefix = world.unique('!many');
  const tenantIds = Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(3, '0')}`);
  const { dataSource } = test.gateway.database;
  const statements = [
    "INSERT INTO users (id, name, account_role, status, created_at) SELECT 'owner-of-' || id, 'Owner', 'MEMBER', 'ACTIVE', now() FROM unnest($1::text[]) AS many (id)",
    `INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at)
     SELECT id, 'Many', 'ACTIVE', 'enterprise', 'fastn', 1, 1, now() FROM unnest($1::text[]) AS many (id)`,
    `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at)
     SELECT id, 'owner-of-' || id, 'fastn', 'owner', 'SYSTEM', 'ACTIVE', now() FROM unnest($1::text[]) AS many (id)`,
    `INSERT INTO roles (tenant_id, key, name, surface, permissions, created_at)
     SELECT id, 'own', 'Own', 'ALL', '{connectors.read}', now() FROM unnest($1::text[]) AS many (id)`,
    `INSERT INTO departments (tenant_id, id, name, created_at)
     SELECT id, department, department, now() FROM unnest($1::text[]) AS many (id), unnest('{a,b,c}'::text[]) AS d (department)`,
  ];
  for (const statement of statements) await dataSource.query(statement, [tenantIds]);
  await dataSource.query(
    `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at)
     SELECT id, $2, 'fastn', 'own', 'CUSTOM', 'ACTIVE', now() FROM unnest($1::text[]) AS many (id)`,
    [tenantIds, userId],
  );
  return { userId, tenantIds };
}
