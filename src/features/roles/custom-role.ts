import type { Role, RoleMatrix } from '../../domain/matrix.js';
import { PermissionSet } from '../../domain/permission-set.js';

/** A custom role as it is written: permissions by key, sorted. */
export interface CustomRole extends Pick<Role, 'key' | 'name' | 'description' | 'surface' | 'duplicatedFrom'> {
  readonly permissions: readonly string[];
}

/** Permissions that the matrix no longer has, or has come to hold global, grant nothing. */
export function toRole({ key, name, description, surface, duplicatedFrom, permissions }: CustomRole, matrix: RoleMatrix): Role {
  const held = permissions.map((permission) => matrix.findPermission(permission)?.index).filter((index) => index !== undefined);
  return {
    key,
    name,
    description,
    kind: 'CUSTOM',
    surface,
    permissions: PermissionSet.of(matrix.permissions.length, held).intersection(matrix.workspacePermissions),
    duplicatedFrom,
  };
}

export function asWritten(role: Role, matrix: RoleMatrix): CustomRole {
  const { key, name, description, surface, duplicatedFrom } = role;
  return { key, name, description, surface, duplicatedFrom, permissions: matrix.keysOf(role.permissions).sort() };
}
