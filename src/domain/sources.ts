import type { Facts, Surface, TenantFrame } from './facts.js';
import { isExpired, roleIn } from './facts.js';
import type { Role } from './matrix.js';
import { PermissionSet } from './permission-set.js';

// What each gives is asked of an active member only: there is a tenant, a member and a membership.

/** Where a decision is asked for: everything about the question but the permission. */
export interface Place {
  readonly userId: string;
  readonly departmentId: string | null;
  readonly customerId: string | null;
  /** The user to whom an individually scoped resource belongs; null for a shared one. */
  readonly ownerId: string | null;
  readonly surface: Surface;
}

/** Whether the role counts where the user acts. */
export function countsOn(role: Role, surface: Surface): boolean {
  return role.surface === 'ALL' || surface === 'WIDGET';
}

/**
 * The role that the member holds by an unexpired override in the department named, where it counts on the surface.
 * Whether the plan lets overrides count is the caller's to say: a refusal for the plan's sake has to name it.
 */
export function overrideRole({ frame, member }: Facts, place: Place, now: number): Role | null {
  if (place.departmentId === null) return null;
  const override = member!.membership!.overrides.get(place.departmentId);
  if (override === undefined || isExpired(override, now)) return null;
  const role = roleIn(frame!, override.roleKey);
  return role !== undefined && countsOn(role, place.surface) ? role : null;
}

/** The system role that the account role makes of the member: an account ADMIN acts as the matrix's first admin. */
export function roleByAccount({ frame, accountRole }: Facts, surface: Surface): Role | null {
  const role = accountRole === 'ADMIN' ? frame!.matrix.firstAdminRole : null;
  return role !== null && countsOn(role, surface) ? role : null;
}

/** What a role gives: permissions of workspace scope, whatever the stored role came to hold. */
export function givenBy(frame: TenantFrame, role: Role | null): PermissionSet {
  return role === null ? PermissionSet.empty(frame.matrix.permissions.length) : role.permissions.intersection(frame.matrix.workspacePermissions);
}

/** The ceiling of an account role: a VIEWER holds nothing but read permissions, whatever else was given. */
export function accountCeiling({ frame, accountRole }: Facts): PermissionSet {
  const { readPermissions, all } = frame!.matrix;
  return accountRole === 'VIEWER' ? readPermissions : all;
}
