import type { WorkspaceCapability } from './capability.js';
import { PermissionSet } from './permission-set.js';

export type PermissionAccess = 'READ' | 'WRITE';
export type PermissionScope = 'GLOBAL' | 'WORKSPACE';
export type RoleKind = 'SYSTEM' | 'CUSTOM';
/** Where a role counts: everywhere, or only in the widget embedded in a customer's product. */
export type RoleSurface = 'ALL' | 'WIDGET_ONLY';
/** A user's platform-level role. OWNER is `super_admin`; ADMIN was `tenant_admin`. */
export type AccountRole = 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER';

export interface Permission {
  readonly key: string;
  readonly title: string;
  readonly category: string;
  readonly access: PermissionAccess;
  readonly scope: PermissionScope;
  /** Its bit in every PermissionSet of this matrix. */
  readonly index: number;
}

export interface PermissionCategory {
  readonly key: string;
  readonly title: string;
  readonly permissions: readonly Permission[];
}

export interface Role {
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: RoleKind;
  readonly surface: RoleSurface;
  readonly permissions: PermissionSet;
  /** Custom roles: the role that this one was duplicated from. */
  readonly duplicatedFrom: string | null;
}

/** What a capability asks of a member: to be an active one, or to hold a permission of the matrix. */
export type Guard = 'member' | { readonly permission: string };

export interface RoleMatrixDefinition {
  readonly key: string;
  readonly title: string;
  readonly version: number;
  /** In the order of their indices, category by category. */
  readonly categories: readonly PermissionCategory[];
  readonly roles: readonly Role[];
  readonly ownerRole: string | null;
  /** At least one; the owner's role may be among them. */
  readonly adminRoles: readonly string[];
  readonly aliases: ReadonlyMap<string, string>;
  /** Permissions that follow from the account role alone. OWNER needs none: it holds everything. */
  readonly accountRoles: ReadonlyMap<AccountRole, PermissionSet>;
  /** One for every workspace capability but the reserved ones. */
  readonly guards: ReadonlyMap<WorkspaceCapability, Guard>;
}

/** A product's permissions by category, its system roles, and what each may do. Immutable and valid by construction. */
export class RoleMatrix {
  readonly key: string;
  readonly title: string;
  readonly version: number;
  readonly categories: readonly PermissionCategory[];
  readonly permissions: readonly Permission[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly ownerRole: string | null;
  readonly adminRoles: ReadonlySet<string>;
  /** The first admin role other than the owner's: what an account ADMIN acts as, and what an old owner becomes. */
  readonly firstAdminRole: Role | null;
  readonly aliases: ReadonlyMap<string, string>;
  readonly all: PermissionSet;
  readonly workspacePermissions: PermissionSet;
  readonly readPermissions: PermissionSet;
  private readonly accountRoles: ReadonlyMap<AccountRole, PermissionSet>;
  private readonly guards: ReadonlyMap<WorkspaceCapability, Guard>;
  /** By key and by alias. */
  private readonly rolesByName: ReadonlyMap<string, Role>;
  private readonly permissionsByKey: ReadonlyMap<string, Permission>;
  /** By key, in the order in which `sort` puts texts. */
  private readonly permissionsInOrder: readonly Permission[];

  constructor(definition: RoleMatrixDefinition) {
    this.key = definition.key;
    this.title = definition.title;
    this.version = definition.version;
    this.categories = definition.categories;
    this.permissions = definition.categories.flatMap((category) => category.permissions);
    this.permissionsByKey = new Map(this.permissions.map((permission) => [permission.key, permission]));
    this.permissionsInOrder = [...this.permissions].sort((one, other) => (one.key < other.key ? -1 : 1));
    this.roles = new Map(definition.roles.map((role) => [role.key, role]));
    this.ownerRole = definition.ownerRole;
    this.adminRoles = new Set(definition.adminRoles);
    const firstAdmin = definition.adminRoles.find((key) => key !== definition.ownerRole);
    this.firstAdminRole = firstAdmin === undefined ? null : this.roles.get(firstAdmin)!;
    this.aliases = definition.aliases;
    this.rolesByName = new Map([...[...this.aliases].map(([alias, key]) => [alias, this.roles.get(key)!] as const), ...this.roles]);
    this.accountRoles = definition.accountRoles;
    this.guards = definition.guards;
    this.all = this.setOf(() => true);
    this.workspacePermissions = this.setOf((permission) => permission.scope === 'WORKSPACE');
    this.readPermissions = this.setOf((permission) => permission.access === 'READ');
  }

  findPermission(key: string): Permission | undefined {
    return this.permissionsByKey.get(key);
  }

  /** The system role of this key or of this alias. */
  findRole(keyOrAlias: string): Role | undefined {
    return this.rolesByName.get(keyOrAlias);
  }

  /** Whether the key is taken by a system role or an alias, so that no custom role may have it. */
  reservesRoleKey(key: string): boolean {
    return this.rolesByName.has(key);
  }

  /** What follows from the account role alone, in the tenants that the user belongs to. */
  permissionsOfAccountRole(accountRole: AccountRole): PermissionSet | undefined {
    return this.accountRoles.get(accountRole);
  }

  guardOf(capability: WorkspaceCapability): Guard | undefined {
    return this.guards.get(capability);
  }

  keysOf(set: PermissionSet): string[] {
    const keys: string[] = [];
    for (const index of set.indices()) keys.push(this.permissions[index]!.key);
    return keys;
  }

  /** As `keysOf`, in the order of the keys. */
  sortedKeysOf(set: PermissionSet): string[] {
    const keys: string[] = [];
    for (const { key, index } of this.permissionsInOrder) if (set.has(index)) keys.push(key);
    return keys;
  }

  private setOf(matches: (permission: Permission) => boolean): PermissionSet {
    return PermissionSet.of(
      this.permissions.length,
      this.permissions.filter(matches).map((permission) => permission.index),
    );
  }
}
