import type { Role, RoleMatrix } from '../../domain/matrix.js';
import type { RoleCategoryCountType, RoleMatrixType, RoleType } from './matrices.types.js';

const views = new WeakMap<RoleMatrix, RoleMatrixType>();
const roleViews = new WeakMap<Role, RoleType>();

/** A matrix in the words of the schema. A matrix never changes, so its view is made once, and its large parts when asked. */
export function toMatrixView(matrix: RoleMatrix): RoleMatrixType {
  const made = views.get(matrix);
  if (made !== undefined) return made;
  const { key, title, version } = matrix;
  let roles: RoleType[] | undefined;
  let counts: RoleCategoryCountType[] | undefined;
  const view: RoleMatrixType = {
    key,
    title,
    version,
    categories: matrix.categories.map((category) => ({ ...category, permissionCount: category.permissions.length })),
    get roles() {
      return (roles ??= [...matrix.roles.values()].map((role) => toRoleView(role, matrix)));
    },
    get counts() {
      return (counts ??= countByCategory(matrix));
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
  const categories = matrix.categories.map((category) => category.key);
  const placeOf = new Map(categories.map((key, place) => [key, place]));
  const places = matrix.permissions.map((permission) => placeOf.get(permission.category)!);
  return [...matrix.roles.values()].flatMap((role) => {
    const counts = categories.map(() => 0);
    for (const index of role.permissions.indices()) counts[places[index]!]! += 1;
    return categories.map((category, place) => ({ role: role.key, category, count: counts[place]! }));
  });
}
