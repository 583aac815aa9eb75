import type { Role, RoleMatrix } from '../../domain/matrix.js';
import { PermissionSet } from '../../domain/permission-set.js';
import type { RoleCategoryCountType, RoleMatrixType, RoleType } from './matrices.types.js';

const views = new WeakMap<RoleMatrix, RoleMatrixType>();
const roleViews = new WeakMap<Role, RoleType>();

/** A matrix in the words of the schema. A matrix never changes, so its view is made once, and its large parts when asked. */
export function toMatrixView(matrix: RoleMatrix): RoleMatrixType {
  const made = views.get(matrix);
  if (made !== undefined) return made;
  const { key, title, version } = matrix;
  const view: RoleMatrixType = {
    key,
    title,
    version,
    categories: matrix.categories.map((category) => ({ ...category, permissionCount: category.permissions.length })),
    get roles() {
      return [...matrix.roles.values()].map((role) => toRoleView(role, matrix));
    },
    get counts() {
      return countByCategory(matrix);
    },
  };
  views.set(matrix, view);
  return view;
}

export function toRoleView(role: Role, matrix: RoleMatrix): RoleType {
  const made = roleViews.get(role);
  if (made !== undefined) return made;
  const { key, name, description, kind, surface, duplicatedFrom } = role;
  const permissions = matrix.keysOf(role.permissions).sort();
  const view = { key, name, description, kind, surface, permissions, permissionCount: permissions.length, duplicatedFrom };
  roleViews.set(role, view);
  return view;
}

function countByCategory(matrix: RoleMatrix): RoleCategoryCountType[] {
  const sets = matrix.categories.map(({ key, permissions }) => ({
    category: key,
    set: PermissionSet.of(matrix.permissions.length, permissions.map((permission) => permission.index)),
  }));
  return [...matrix.roles.values()].flatMap((role) =>
    sets.map(({ category, set }) => ({ role: role.key, category, count: set.intersection(role.permissions).size })),
  );
}
