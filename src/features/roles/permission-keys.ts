import type { RoleMatrix } from '../../domain/matrix.js';
import { PermissionSet } from '../../domain/permission-set.js';
import { AppError, badInput } from '../../errors.js';

/**
 * The permissions that a custom role may hold, named by key. Throws BAD_USER_INPUT for keys that the matrix does not
 * have, naming them, and GLOBAL_PERMISSION for those that no role may hold.
 */
export function permissionsOf(matrix: RoleMatrix, keys: readonly string[], field: string): PermissionSet {
  const found = keys.map((key) => matrix.findPermission(key));
  const unknown = keys.filter((_key, i) => found[i] === undefined);
  if (unknown.length > 0) {
    throw badInput(field, `The role matrix "${matrix.key}" has no permission ${quoted(unknown)}.`);
  }
  const global = keys.filter((_key, i) => found[i]!.scope === 'GLOBAL');
  if (global.length > 0) {
    throw new AppError('GLOBAL_PERMISSION', `Global permissions come from an account role alone, never from a role: leave out ${quoted(global)}.`, {
      field,
      details: { permissions: global },
    });
  }
  return PermissionSet.of(
    matrix.permissions.length,
    found.map((permission) => permission!.index),
  );
}

const NAMED = 20;

function quoted(keys: readonly string[]): string {
  const named = keys.slice(0, NAMED).map((key) => JSON.stringify(key)).join(', ');
  return keys.length > NAMED ? `${named} and ${keys.length - NAMED} more` : named;
}
