import type { Client } from 'pg';
import type { World } from '../world/world.js';
import { withClient } from './databases.js';

const ROWS_AT_ONCE = 10_000;
const MADE_AT = "'2026-01-01T00:00:00Z'";
const PLAN = 'enterprise';

/**
 * Puts a world into a database that the gateway has migrated. By SQL, since so many changes through the API would take
 * hours; the triggers are off for it, so the rows say what those would have made of them.
 */
export function seedWorld(url: string, world: World): Promise<void> {
  return withClient(url, async (client) => {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    for (const seed of [seedTenants, seedRoles, seedUsers, seedMemberships, seedOverrides]) await seed(client, world);
    await client.query('COMMIT');
    await client.query('VACUUM ANALYZE');
  });
}

async function seedTenants(client: Client, { tenants, matrix }: World): Promise<void> {
  await insert(client, tenants.map(({ id }) => [id]), `
    INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at)
    SELECT id, id, 'ACTIVE', '${PLAN}', '${matrix.key}', 1, 1, ${MADE_AT} FROM unnest($1::text[]) AS rows (id)`);
  await insert(client, tenants.flatMap(({ id, departments }) => departments.map((department) => [id, department])), `
    INSERT INTO departments (tenant_id, id, name, created_at)
    SELECT tenant_id, id, id, ${MADE_AT} FROM unnest($1::text[], $2::text[]) AS rows (tenant_id, id)`);
}

async function seedRoles(client: Client, { tenants }: World): Promise<void> {
  const rows = tenants.flatMap(({ id, customRoles }) => customRoles.map(({ key, permissions }) => [id, key, JSON.stringify(permissions)]));
  await insert(client, rows, `
    INSERT INTO roles (tenant_id, key, name, surface, permissions, created_at)
    SELECT tenant_id, key, key, 'ALL', ARRAY(SELECT json_array_elements_text(permissions::json)), ${MADE_AT}
    FROM unnest($1::text[], $2::text[], $3::text[]) AS rows (tenant_id, key, permissions)`);
}

async function seedUsers(client: Client, { tenants }: World): Promise<void> {
  await insert(client, tenants.flatMap(({ members }) => members.map(({ userId }) => [userId])), `
    INSERT INTO users (id, name, account_role, status, created_at)
    SELECT id, id, 'MEMBER', 'ACTIVE', ${MADE_AT} FROM unnest($1::text[]) AS rows (id)`);
}

async function seedMemberships(client: Client, { tenants, matrix }: World): Promise<void> {
  await insert(client, tenants.flatMap(({ id, members }) => members.map(({ userId, role }) => [id, userId, role])), `
    INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, is_owner, is_admin, status, created_at)
    SELECT tenant_id, user_id, '${matrix.key}', role, CASE WHEN r.key IS NULL THEN 'CUSTOM' ELSE 'SYSTEM' END,
      coalesce(x.owner_role = role, false), coalesce(r.is_admin OR x.owner_role = role, false), 'ACTIVE', ${MADE_AT}
    FROM unnest($1::text[], $2::text[], $3::text[]) AS rows (tenant_id, user_id, role)
    JOIN matrices x ON x.key = '${matrix.key}' LEFT JOIN matrix_roles r ON r.matrix_key = x.key AND r.key = role`);
}

async function seedOverrides(client: Client, { tenants, matrix }: World): Promise<void> {
  const rows = tenants.flatMap(({ id, members }) =>
    members.flatMap(({ userId, overrides }) => overrides.map(({ departmentId, role }) => [id, userId, departmentId, role])),
  );
  await insert(client, rows, `
    INSERT INTO department_overrides (tenant_id, user_id, department_id, matrix_key, role_key, role_kind, created_at)
    SELECT tenant_id, user_id, department_id, '${matrix.key}', role, CASE WHEN r.key IS NULL THEN 'CUSTOM' ELSE 'SYSTEM' END, ${MADE_AT}
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS rows (tenant_id, user_id, department_id, role)
    LEFT JOIN matrix_roles r ON r.matrix_key = '${matrix.key}' AND r.key = role`);
}

/** Rows of text; the statement takes an array for each column. */
async function insert(client: Client, rows: readonly (readonly string[])[], statement: string): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE);
    const columns = some[0]!.map((_value, column) => some.map((row) => row[column]));
    await client.query(statement, columns);
  }
}
