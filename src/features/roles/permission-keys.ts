import type { RoleMatrix } from '../../domain/matrix.js';
import { PermissionSet } from '../../domain/permission-set.js';
import { AppError, badInput } from '../../errors.js';
import { quoted, requireDistinct } from '../input.js';

export interface RoleEdit {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * The permissions that a custom role may hold, named by key. Throws BAD_USER_INPUT for keys that the matrix does not
 * have or that come twice, naming them, and GLOBAL_PERMISSION for those that no role may hold.
 */
export function permissionsOf(matrix: RoleMatrix, keys: readonly string[], field: string): PermissionSet {
  const found = keys.map((key) => matrix.findPermission(key));
  const unknown = keys.filter((_key, i) => found[i] === undefined);
  if (unknown.length > 0) {
    throw badInput(field, `The role matrix "${matrix.key}" has no permission ${quoted(unknown)}.`);
  }
  requireDistinct(field, keys);
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

/** What an edit adds and what it removes. Throws as `permissionsOf`, and BAD_USER_INPUT for what it does both to. */
export function editOf(matrix: RoleMatrix, edit: RoleEdit) {
  const added = permissionsOf(matrix, edit.add, 'add');
  const removed = permissionsOf(matrix, edit.remove, 'remove');
  const both = matrix.keysOf(added.intersection(removed));
  if (both.length > 0) throw badInput('remove', `Add or remove each, not both: remove repeats ${quoted(both)} of add.`);
  return { added, removed };
}
