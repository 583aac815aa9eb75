import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { withClient } from '../database/databases.js';
import { ServerProcess } from '../servers/child.js';
import { SERVER_CORE, spawnNode } from '../servers/pinned.js';
import type { World } from '../world/world.js';
import { TABLES } from './apollo-sql-statements.js';

/** Puts the world into tables of the stack's own. */
export function seedTables(databaseUrl: string, world: World): Promise<void> {
  return withClient(databaseUrl, async (client) => {
    await client.query(TABLES);
    const roleIds = await seedRoles(client, world);
    const roleId = (tenantId: string, role: string): number => roleIds.get(role) ?? roleIds.get(`${tenantId}/${role}`)!;
    const members = world.tenants.flatMap(({ id, members: of }) => of.map((member) => ({ tenantId: id, ...member })));
    await insert(client, 'departments', [TENANT, ['id', 'text']], world.tenants.flatMap(({ id, departments }) => departments.map((department) => [id, department])));
    await insert(client, 'memberships', [TENANT, USER, ROLE], members.map(({ tenantId, userId, role }) => [tenantId, userId, roleId(tenantId, role)]));
    const overrides = members.flatMap(({ tenantId, userId, overrides: of }) => of.map(({ departmentId, role }) => [tenantId, userId, departmentId, roleId(tenantId, role)]));
    await insert(client, 'overrides', [TENANT, USER, ['department_id', 'text'], ROLE], overrides);
    await client.query('VACUUM ANALYZE');
  });
}

/** The numbers of system roles by key, of custom ones by tenant and key. */
async function seedRoles(client: Client, { matrix, tenants }: World): Promise<ReadonlyMap<string, number>> {
  const system = [...matrix.roles].map(([key, permissions]) => ({ key, tenantId: null, permissions: [...permissions] }));
  const custom = tenants.flatMap(({ id, customRoles }) => customRoles.map((role) => ({ ...role, tenantId: id })));
  const roles = [...system, ...custom].map((role, id) => ({ ...role, id }));
  await insert(client, 'tenants', [['id', 'text']], tenants.map(({ id }) => [id]));
  await insert(client, 'roles', [['id', 'bigint'], TENANT, ['key', 'text']], roles.map(({ id, tenantId, key }) => [id, tenantId, key]));
  await insert(client, 'role_permissions', [ROLE, ['permission', 'text']], roles.flatMap(({ id, permissions }) => permissions.map((permission) => [id, permission])));
  return new Map(roles.map(({ id, tenantId, key }) => [tenantId === null ? key : `${tenantId}/${key}`, id]));
}

type Column = readonly [name: string, type: 'text' | 'bigint'];

const TENANT: Column = ['tenant_id', 'text'];
const USER: Column = ['user_id', 'text'];
const ROLE: Column = ['role_id', 'bigint'];

async function insert(client: Client, table: string, columns: readonly Column[], rows: readonly (readonly (string | number | null)[])[]): Promise<void> {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], column) => `$${column + 1}::${type}[]`).join(', ');
  const values = columns.map((_column, column) => rows.map((row) => row[column]));
  await client.query(`INSERT INTO peer.${table} (${names}) SELECT * FROM unnest(${arrays})`, values);
}

export async function startApolloSql(databaseUrl: string, apiKey: string): Promise<ServerProcess> {
  const child = spawnNode(SERVER_CORE, [join(import.meta.dirname, 'apollo-sql-server.js'), databaseUrl, apiKey], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production' },
  });
  const port = await new Promise<number>((resolve, reject) => {
    (child.stdout as Readable).once('data', (text: Buffer) => resolve(Number(text.toString())));
    child.once('exit', () => reject(new Error('the stack of Apollo Server and PostgreSQL did not start')));
  });
  return new ServerProcess(child, port);
}
