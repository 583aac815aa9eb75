import { type AccountRole, type Permission, type Role, RoleMatrix } from '../../src/domain/matrix.js';
import { PermissionSet } from '../../src/domain/permission-set.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Policy } from './domain-decider.js';
import type { Book, BookMatrix, BookRole } from './reference.js';

const ACCOUNT_ROLES: readonly AccountRole[] = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'];

/** The domain's policy in the plain sets of the reference. */
export function bookOf({ matrices, plans }: Policy): Book {
  return {
    matrices: new Map([...matrices].map(([key, matrix]) => [key, bookMatrix(matrix)])),
    plans: new Map([...plans].map(([key, plan]) => [key, plan.features])),
  };
}

/** The reference's plain sets as the domain's policy. */
export function policyOf(book: Book): Policy {
  return {
    matrices: new Map([...book.matrices].map(([key, matrix]) => [key, matrixOf(key, matrix)])),
    plans: new Map([...book.plans].map(([key, features]): [string, Plan] => [key, { key, title: key, features }])),
  };
}

function bookMatrix(matrix: RoleMatrix): BookMatrix {
  const roles = [...matrix.roles.values()].map((role): [string, BookRole] => [
    role.key,
    { key: role.key, widgetOnly: role.surface === 'WIDGET_ONLY', permissions: new Set(matrix.keysOf(role.permissions)) },
  ]);
  const accountRoles = ACCOUNT_ROLES.map((accountRole): [AccountRole, Set<string>] => {
    const set = matrix.permissionsOfAccountRole(accountRole);
    return [accountRole, new Set(set === undefined ? [] : matrix.keysOf(set))];
  });
  return {
    permissions: new Map(
      matrix.permissions.map(({ key, access, scope }) => [key, { write: access === 'WRITE', global: scope === 'GLOBAL' }]),
    ),
    roles: new Map(roles),
    aliases: matrix.aliases,
    ownerRole: matrix.ownerRole,
    adminRoles: [...matrix.adminRoles],
    accountRoles: new Map(accountRoles),
  };
}

function matrixOf(key: string, book: BookMatrix): RoleMatrix {
  const permissions = [...book.permissions].map(([permission, { write, global }], index): Permission => ({
    key: permission,
    title: permission,
    category: 'all',
    access: write ? 'WRITE' : 'READ',
    scope: global ? 'GLOBAL' : 'WORKSPACE',
    index,
  }));
  return new RoleMatrix({
    key,
    title: key,
    version: 1,
    categories: [{ key: 'all', title: 'All', permissions }],
    roles: [...book.roles.values()].map((role) => systemRole(role, permissions)),
    ownerRole: book.ownerRole,
    adminRoles: book.adminRoles,
    aliases: book.aliases,
    accountRoles: new Map([...book.accountRoles].map(([accountRole, keys]) => [accountRole, setOf(keys, permissions)])),
    guards: new Map(),
  });
}

function systemRole({ key, widgetOnly, permissions: keys }: BookRole, permissions: readonly Permission[]): Role {
  return {
    key,
    name: key,
    description: null,
    kind: 'SYSTEM',
    surface: widgetOnly ? 'WIDGET_ONLY' : 'ALL',
    permissions: setOf(keys, permissions),
    duplicatedFrom: null,
  };
}

function setOf(keys: ReadonlySet<string>, permissions: readonly Permission[]): PermissionSet {
  const chosen = permissions.filter((permission) => keys.has(permission.key));
  return PermissionSet.of(
    permissions.length,
    chosen.map((permission) => permission.index),
  );
}
