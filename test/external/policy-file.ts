import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESERVED_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { MatrixSource } from '../../src/policy/matrix-source.js';
import { ROOT } from '../support/gateway.js';
import { accessOf, categoriesOf, type DataSet, type DataSetRole, idOf } from './data-set.js';

/** The roles that all tenants have. A tenant's first member gets the first admin role: the sets have none, so one is added. */
export function systemRolesOf({ catalogue, roles }: DataSet): DataSetRole[] {
  return [{ key: 'tenant-admin', permissions: catalogue }, ...roles.filter(({ tenant }) => tenant === undefined)];
}

/** The policy file of a set: its catalogue, and the roles that all of its tenants have. */
export function policyFileOf(set: DataSet): MatrixSource {
  const categories = [...categoriesOf(set)];
  const roles = systemRolesOf(set);
  return {
    key: idOf(set.name),
    title: set.name,
    version: 1,
    adminRoles: ['tenant-admin'],
    categories: categories.map(([key, permissions]) => ({
      key,
      permissions: permissions.map((permission) => ({ key: idOf(permission), title: permission, access: accessOf(permission) })),
    })),
    roles: roles.map(({ key, permissions }) => ({ key: idOf(key), name: key, permissions: permissions.map(idOf) })),
    // What a member needs for the gateway's own fields: here to be one. A matrix with permissions for that names them.
    guards: Object.fromEntries(WORKSPACE_CAPABILITIES.filter((name) => !RESERVED_CAPABILITIES.has(name)).map((name) => [name, 'member'])),
    // Optional, and worth having: a slip that shifts a count stops the start.
    expect: {
      roles: Object.fromEntries(roles.map(({ key, permissions }) => [idOf(key), permissions.length])),
      categories: Object.fromEntries(categories.map(([key, permissions]) => [key, permissions.length])),
    },
  };
}

/** A policy folder with the set's matrix beside our own and the plans. The file is JSON, which is YAML too. */
export async function policyFolderWith(set: DataSet): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-own-matrix-'));
  await cp(join(ROOT, 'policy'), folder, { recursive: true });
  await writeFile(join(folder, 'own-matrix.json'), JSON.stringify(policyFileOf(set), null, 2));
  return folder;
}
