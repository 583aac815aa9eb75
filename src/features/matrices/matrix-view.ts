import type { Role, RoleMatrix } from '../../domain/matrix.js';
import type { RoleCategoryCountType, RoleMatrixType, RoleType } from './matrices.types.js';

const views = new WeakMap<RoleMatrix, RoleMatrixType>();
const systemRoleViews = new WeakMap<Role, RoleType>();

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

/** A system role lives as long as its matrix, and its view with it; a custom one is another object each time that it is read. */
export function toRoleView(role: Role, matrix: RoleMatrix): RoleType {
  if (role.kind === 'CUSTOM') return viewOf(role, matrix);
  const made = systemRoleViews.get(role);
  if (made !== undefined) return made;
  const view = viewOf(role, matrix);
  systemRoleViews.set(role, view);
  return view;
}

function viewOf({ key, name, description, kind, surface, permissions: held, duplicatedFrom }: Role, matrix: RoleMatrix): RoleType {
  const permissions = matrix.sortedKeysOf(held);
  return { key, name, description, kind, surface, permissions, permissionCount: permissions.length, duplicatedFrom };
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
