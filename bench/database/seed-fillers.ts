import type { Client } from 'pg';
import { withClient } from './databases.js';

const MADE_AT = "'2026-01-01T00:00:00Z'";

/** Tenants that nobody asks about, each with its owner. */
export function seedFillerTenants(url: string, count: number): Promise<void> {
  return withoutTriggers(url, async (client) => {
    await client.query(`
      INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at)
      SELECT 'filler-' || n, 'filler', 'ACTIVE', 'enterprise', 'fastn', 1, 1, ${MADE_AT} FROM generate_series(1, ${count}) AS n`);
    await seedUsers(client, 'filler-owner-', count);
    await client.query(`
      INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, is_owner, is_admin, status, created_at)
      SELECT 'filler-' || n, 'filler-owner-' || n, 'fastn', 'owner', 'SYSTEM', true, true, 'ACTIVE', ${MADE_AT} FROM generate_series(1, ${count}) AS n`);
  });
}

/** Viewers of tenants that exist: so many for each of `tenant-0`, `tenant-1` and so on. */
export function seedFillerMembers(url: string, { tenants, each }: { readonly tenants: number; readonly each: number }): Promise<void> {
  return withoutTriggers(url, async (client) => {
    await seedUsers(client, 'filler-', tenants * each);
    await client.query(`
      INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at)
      SELECT 'tenant-' || (n - 1) / ${each}, 'filler-' || n, 'fastn', 'viewer', 'SYSTEM', 'ACTIVE', ${MADE_AT} FROM generate_series(1, ${tenants * each}) AS n`);
  });
}

async function seedUsers(client: Client, prefix: string, count: number): Promise<void> {
  await client.query(`
    INSERT INTO users (id, name, account_role, status, created_at)
    SELECT '${prefix}' || n, 'filler', 'MEMBER', 'ACTIVE', ${MADE_AT} FROM generate_series(1, ${count}) AS n`);
}

async function withoutTriggers(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    await work(client);
    await client.query('VACUUM ANALYZE');
  });
}
