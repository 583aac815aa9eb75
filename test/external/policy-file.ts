import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESERVED_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { MatrixSource } from '../../src/policy/matrix-source.js';
import { ROOT } from '../support/gateway.js';
import { accessOf, categoryOf, type DataSet, idOf } from './data-set.js';
import { groupedBy } from './lists.js';

/** The first member of a tenant gets the first admin role. These sets have none that stands for that, so it is added. */
export const ADMIN_ROLE = 'tenant-admin';

/** The policy file of a set: its catalogue, and the roles that all of its tenants have. JSON is YAML. */
export function policyFileOf({ name, catalogue, roles }: DataSet): MatrixSource {
  const categories = [...groupedBy(catalogue, categoryOf)];
  const shared = roles.filter((role) => role.tenant === undefined);
  return {
    key: idOf(name),
    title: name,
    version: 1,
    adminRoles: [ADMIN_ROLE],
    categories: categories.map(([key, permissions]) => ({
      key,
      permissions: permissions.map((permission) => ({ key: idOf(permission), title: permission, access: accessOf(permission) })),
    })),
    roles: [
      { key: ADMIN_ROLE, permissions: ['*'] },
      ...shared.map(({ key, permissions }) => ({ key: idOf(key), name: key, permissions: permissions.map(idOf) })),
    ],
    // What the gateway's own fields demand. Where a matrix has permissions for that, they stand here.
    guards: Object.fromEntries(WORKSPACE_CAPABILITIES.filter((name) => !RESERVED_CAPABILITIES.has(name)).map((name) => [name, 'member'])),
    // Optional, and worth having: a slip in the file that shifts a count stops the start.
    expect: {
      roles: Object.fromEntries(shared.map(({ key, permissions }) => [idOf(key), new Set(permissions).size])),
      categories: Object.fromEntries(categories.map(([key, permissions]) => [key, permissions.length])),
    },
  };
}

/** A policy folder with our own matrices and plans, and the set's beside them. */
export async function policyFolderWith(set: DataSet): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-own-matrix-'));
  await cp(join(ROOT, 'policy'), folder, { recursive: true });
  await writeFile(join(folder, 'own-matrix.json'), JSON.stringify(policyFileOf(set), null, 2));
  return folder;
}
