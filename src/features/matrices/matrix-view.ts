import type { Role, RoleMatrix } from '../../domain/matrix.js';
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

/** One walk over what a role holds: a matrix may have hundreds of categories, of which most roles touch a few. */
function countByCategory(matrix: RoleMatrix): RoleCategoryCountType[] {
  return [...matrix.roles.values()].flatMap((role) => {
    const held = new Map<string, number>();
    for (const index of role.permissions.indices()) {
      const { category } = matrix.permissions[index]!;
      held.set(category, (held.get(category) ?? 0) + 1);
    }
    return matrix.categories.map(({ key }) => ({ role: role.key, category: key, count: held.get(key) ?? 0 }));
  });
}
