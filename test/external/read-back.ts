import type { Client } from '../support/client.js';
import { type DataSet, type DataSetMembership, idOf } from './data-set.js';

export interface ServedMatrix {
  readonly categories: readonly {
    readonly key: string;
    readonly permissionCount: number;
    readonly permissions: readonly { readonly key: string; readonly title: string; readonly access: 'READ' | 'WRITE' }[];
  }[];
  readonly roles: readonly { readonly key: string; readonly permissionCount: number; readonly permissions: readonly string[] }[];
}

export async function readMatrix({ name }: DataSet, client: Client): Promise<ServedMatrix> {
  const { roleMatrix } = await client.ask<{ roleMatrix: ServedMatrix }>(
    `query($key: ID!) {
      roleMatrix(key: $key) {
        categories { key permissionCount permissions { key title access } }
        roles { key permissionCount permissions }
      }
    }`,
    { key: idOf(name) },
  );
  return roleMatrix;
}

export interface RoleCategoryCount {
  readonly role: string;
  readonly category: string;
  readonly count: number;
}

/** How many permissions of each category each role holds, those that it holds none of among them. */
export async function readCounts({ name }: DataSet, client: Client): Promise<RoleCategoryCount[]> {
  const { roleMatrix } = await client.ask<{ roleMatrix: { counts: RoleCategoryCount[] } }>(
    'query($key: ID!) { roleMatrix(key: $key) { counts { role category count } } }',
    { key: idOf(name) },
  );
  return roleMatrix.counts;
}

export interface ServedMembership {
  readonly role: { readonly key: string; readonly kind: 'SYSTEM' | 'CUSTOM' };
  readonly effectivePermissions: { readonly keys: readonly string[] };
}

/** A membership with what it gives in the department or, without one, in the whole tenant. */
export async function readMembership({ tenant, user }: DataSetMembership, department: string | undefined, client: Client): Promise<ServedMembership> {
  const { tenant: read } = await client.ask<{ tenant: { membership: ServedMembership } }>(
    `query($tenantId: ID!, $userId: ID!, $departmentId: ID) {
      tenant(id: $tenantId) {
        membership(userId: $userId) { role { key kind } effectivePermissions(departmentId: $departmentId) { keys } }
      }
    }`,
    { tenantId: idOf(tenant), userId: idOf(user), departmentId: department === undefined ? null : idOf(department) },
  );
  return read.membership;
}
