import { beyondReach } from '../../domain/delegate.js';
import { lastMomentOf, roleIn, type TenantFrame } from '../../domain/facts.js';
import type { AccountRole, Role, RoleMatrix } from '../../domain/matrix.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError, badInput } from '../../errors.js';
import type { ChangeScope } from '../changes/tenant-changes.js';
import { requireReach } from '../changes/escalation.js';
import { requireFeature } from '../changes/feature-gate.js';
import type { UserRecord } from '../users/users.store.js';
import type { MembershipRecord, MembershipStore, OverrideRecord, RoleReference } from './memberships.store.js';

/** The role of this key or alias. Throws NOT_FOUND where the tenant has none. */
export function requireRole(frame: TenantFrame, key: string): Role {
  const role = roleIn(frame, key);
  if (role === undefined) throw new AppError('NOT_FOUND', `The tenant has no role ${JSON.stringify(key)}.`);
  return role;
}

/** A role that the caller may give: never the owner's, and never more than they hold. */
export function requireGivable({ frame: { matrix }, giverReach }: ChangeScope, role: Role): void {
  requireNotOwners(matrix, role);
  requireReach(matrix, beyondReach(role.permissions, giverReach));
}

/** As `requireGivable`, for an override: as much as the caller holds in its department for as long as it counts. */
export function requireOverrideGivable(scope: ChangeScope, role: Role, override: Pick<OverrideRecord, 'departmentId' | 'expiresAt'>): void {
  const { matrix } = scope.frame;
  requireNotOwners(matrix, role);
  requireReach(matrix, beyondReach(role.permissions, scope.giverReachIn(override.departmentId, lastMomentOf(override))));
}

function requireNotOwners({ ownerRole }: RoleMatrix, role: Role): void {
  if (role.key === ownerRole) throw new AppError('OWNER_REQUIRED', 'Ownership passes only by transferOwnership, from the owner.');
}

/** A widget role counts for one end customer: it demands to be bound to one, which must exist in the tenant. */
export function requireCustomer(frame: TenantFrame, role: Role, customerId: string | null): void {
  if (customerId === null) {
    if (role.surface === 'WIDGET_ONLY') throw badInput('customerId', `The role "${role.key}" acts for one customer: name it as customerId.`);
  } else if (!frame.customers.has(customerId)) {
    throw new AppError('NOT_FOUND', 'The tenant has no customer of this id.');
  }
}

export function requireDepartment(frame: TenantFrame, departmentId: string): void {
  if (!frame.departments.has(departmentId)) throw new AppError('NOT_FOUND', 'The tenant has no department of this id.');
}

/** Nobody changes the standing of the owner, nor of somebody who holds more than they do. */
export function requireManageable(scope: ChangeScope, member: MembershipRecord, user: UserRecord | null): void {
  if (member.roleKey === scope.frame.matrix.ownerRole) {
    throw new AppError('OWNER_REQUIRED', 'The owner stays owner until they pass the ownership on by transferOwnership.');
  }
  requireNotAbove(scope, member, user);
}

/** Nobody touches somebody who holds more than they do, not even to leave them as they are. */
export function requireNotAbove(scope: ChangeScope, member: MembershipRecord, user: UserRecord | null): void {
  const role = roleIn(scope.frame, member.roleKey);
  if (role !== undefined) requireReach(scope.frame.matrix, beyondReach(role.permissions, scope.giverReach));
  requireAccountNotAbove(scope, user?.accountRole);
}

/** An account OWNER's membership is an account OWNER's to change, and an account ADMIN's that of whoever could bring one in. */
export function requireAccountNotAbove(scope: ChangeScope, accountRole: AccountRole | undefined): void {
  const { caller } = scope;
  const byOwner = caller.kind === 'user' ? caller.accountRole === 'OWNER' : scope.boundTo === null;
  if (accountRole === 'OWNER' && !byOwner) {
    throw new AppError('ESCALATION', 'Only an account OWNER may change the membership of an account OWNER.', { details: { missing: [] } });
  }
  requireBringable(scope, accountRole);
}

/** Nobody takes an override away that is more than they hold in its department themselves. */
export function requireOverrideTakeable(scope: ChangeScope, { roleKey, departmentId }: OverrideRecord): void {
  const role = roleIn(scope.frame, roleKey);
  if (role !== undefined) requireReach(scope.frame.matrix, beyondReach(role.permissions, scope.giverReachIn(departmentId, scope.now)));
}

/** An account ADMIN acts as the matrix's first admin wherever they belong: whoever brings one in gives them that, whatever the role. */
export function requireBringable(scope: ChangeScope, accountRole: AccountRole | undefined): void {
  const { matrix } = scope.frame;
  if (accountRole !== 'ADMIN' || matrix.firstAdminRole === null) return;
  requireReach(matrix, beyondReach(matrix.firstAdminRole.permissions, scope.giverReach));
}

/** A viewer account is brought in only where the plan has them. Whoever is in stays: a smaller plan takes nobody out. */
export function requireAccountInPlan({ frame }: ChangeScope, user: UserRecord, plans: PlanCatalogue): void {
  if (user.accountRole === 'VIEWER') requireFeature(frame, 'VIEWER_ACCOUNTS', plans);
}

/** Throws LAST_ADMIN where the member is the tenant's last active, unexpiring admin. */
export async function requireOtherAdmin(scope: ChangeScope, member: MembershipRecord, members: MembershipStore): Promise<void> {
  if (!scope.frame.matrix.adminRoles.has(member.roleKey)) return;
  if ((await members.countAdminsBeside(member.tenantId, member.userId, scope.tx)) > 0) return;
  throw new AppError('LAST_ADMIN', 'This is the last active admin of the tenant: make another member an admin first.');
}

export function referenceTo(frame: TenantFrame, role: Role): RoleReference {
  return { matrixKey: frame.matrix.key, roleKey: role.key, roleKind: role.kind };
}
