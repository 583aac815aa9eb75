import type { Reach } from '../../domain/decide.js';
import type { RoleMatrix } from '../../domain/matrix.js';
import type { PermissionSet } from '../../domain/permission-set.js';
import type { Answer } from './decisions.service.js';
import type { CategoryPermissionsType, EffectivePermissionsType } from './decisions.types.js';

/** A reach in the words of the schema. */
export function toEffectivePermissions({ reach, matrix, revision }: Answer<{ reach: Reach; matrix: RoleMatrix | null }>): EffectivePermissionsType {
  const { permissions, role, departmentRole, reason } = reach;
  const known = matrix !== null && permissions !== null;
  return {
    keys: known ? matrix.sortedKeysOf(permissions) : [],
    /** Walks the whole matrix, so only where it is asked for. */
    get categories() {
      return known ? byCategory(matrix, permissions) : [];
    },
    role,
    departmentRoles: departmentRole === null ? [] : [departmentRole],
    reason,
    revision,
  };
}

function byCategory(matrix: RoleMatrix, held: PermissionSet): CategoryPermissionsType[] {
  return matrix.categories.map(({ key, permissions }) => {
    const keys = permissions.filter((permission) => held.has(permission.index)).map((permission) => permission.key).sort();
    return { category: key, held: keys.length, total: permissions.length, keys };
  });
}
