import { RESERVED_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { MatrixSource } from '../../src/policy/matrix-source.js';
import type { Book, BookMatrix } from './reference.js';

const GUARDED = WORKSPACE_CAPABILITIES.filter((name) => !RESERVED_CAPABILITIES.has(name));
const ALL_FEATURES = ['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS'];

/**
 * The reference's plain sets as the files of a policy folder, by name, with one more plan, `fullPlan`, that has every
 * feature. The files are JSON, which is YAML too.
 */
export function policyFilesOf(book: Book, fullPlan: string): Record<string, string> {
  const plans = [...book.plans].map(([key, features]) => ({ key, features: [...features] }));
  const matrices = [...book.matrices].map(([key, matrix]) => [`${key}.json`, JSON.stringify(matrixSourceOf(key, matrix))]);
  return {
    ...Object.fromEntries(matrices),
    'plans.yaml': JSON.stringify({ default: fullPlan, plans: [{ key: fullPlan, features: ALL_FEATURES }, ...plans] }),
  };
}

function matrixSourceOf(key: string, book: BookMatrix): MatrixSource {
  const { ownerRole, adminRoles, aliases, accountRoles } = book;
  return {
    key,
    version: 1,
    ...(ownerRole !== null && { ownerRole }),
    adminRoles: [...adminRoles],
    aliases: Object.fromEntries(aliases),
    accountRoles: {
      admin: [...(accountRoles.get('ADMIN') ?? [])],
      member: [...(accountRoles.get('MEMBER') ?? [])],
      viewer: [...(accountRoles.get('VIEWER') ?? [])],
    },
    categories: [
      {
        key: 'all',
        permissions: [...book.permissions].map(([permission, { write, global }]) => ({
          key: permission,
          access: write ? 'write' : 'read',
          scope: global ? 'global' : 'workspace',
        })),
      },
    ],
    roles: [...book.roles.values()].map((role) => ({
      key: role.key,
      surface: role.widgetOnly ? 'widget_only' : 'all',
      permissions: [...role.permissions],
    })),
    guards: Object.fromEntries(GUARDED.map((name) => [name, 'member'])),
  };
}
