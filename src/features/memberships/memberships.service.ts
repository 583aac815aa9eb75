import type { Principal } from '../../access/principal.js';
import { isExpired, roleIn, type TenantFrame } from '../../domain/facts.js';
import { pagesTogether } from '../../domain/page.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError } from '../../errors.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { Changed, ChangeScope, TenantChanges } from '../changes/tenant-changes.js';
import { optionalIdentifier, requireFuture, requireIdentifier } from '../input.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { CommunityTenant } from '../tenants/community-tenant.js';
import type { UserStore } from '../users/users.store.js';
import {
  referenceTo,
  requireAccountInPlan,
  requireBringable,
  requireCustomer,
  requireGivable,
  requireManageable,
  requireNotAbove,
  requireOtherAdmin,
  requireOverrideGivable,
  requireRole,
} from './membership-rules.js';
import type { MemberFilter, MemberKey, MembershipRecord, MembershipStore, OverrideRecord } from './memberships.store.js';
import { standingOf } from './standing-of.js';

export interface NewMember {
  readonly userId: string;
  readonly role: string;
  readonly customerId: string | null;
  readonly expiresAt: Date | null;
}

/** Whether a member is as asked already. */
type IsHeld = (member: MembershipRecord, frame: TenantFrame) => boolean;

const isSuspended: IsHeld = ({ status }) => status === 'SUSPENDED';
const isActive: IsHeld = ({ status }) => status === 'ACTIVE';

/** Who belongs to a tenant, and as what. */
export class MembershipService {
  constructor(
    private readonly members: MembershipStore,
    private readonly users: UserStore,
    private readonly keys: ApiKeyStore,
    private readonly signIns: SignInStore,
    private readonly changes: TenantChanges,
    private readonly plans: PlanCatalogue,
    /** Null in the edition saas. */
    private readonly community: CommunityTenant | null,
  ) {}

  readonly listOverrides = (members: readonly MemberKey[]): Promise<OverrideRecord[][]> => this.members.listOverrides(members);
  readonly findOwnerIds = (tenantIds: readonly string[]): Promise<(string | null)[]> => this.members.findOwnerIds(tenantIds);

  readonly findAll = (keys: readonly MemberKey[]): Promise<(MembershipRecord | null)[]> => this.members.findAll(keys);
  readonly listPagesOfTenants = pagesTogether((tenantIds, request, filter: MemberFilter) => this.members.listOfTenants(tenantIds, request, filter));
  readonly listPagesOfUsers = pagesTogether((userIds, request) => this.members.listOfUsers(userIds, request));

  add(caller: Principal, tenantId: string, member: NewMember): Promise<Changed<MembershipRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const { frame, tx, now } = scope;
      const userId = requireIdentifier('userId', member.userId);
      const customerId = optionalIdentifier('customerId', member.customerId);
      const role = requireRole(frame, requireIdentifier('role', member.role));
      requireGivable(scope, role);
      requireCustomer(frame, role, customerId);
      const user = await this.users.hold(userId, tx);
      if (user === null) throw new AppError('NOT_FOUND', 'There is no user of this id: create the user first.');
      requireBringable(scope, user.accountRole);
      if ((await this.members.find(tenantId, userId, tx)) !== null) {
        throw new AppError('CONFLICT', 'The user already belongs to the tenant: change their role with changeMemberRole.');
      }
      requireAccountInPlan(scope, user, this.plans);
      const membership: MembershipRecord = {
        tenantId,
        userId,
        ...referenceTo(frame, role),
        status: 'ACTIVE',
        customerId,
        expiresAt: requireFuture('expiresAt', member.expiresAt, now),
      };
      await this.members.insert(membership, new Date(now), tx);
      return { result: membership, entry: { action: 'membership.added', target: userId, after: standingOf(membership) }, touches: [userId] };
    });
  }

  changeRole(caller: Principal, tenantId: string, userId: string, roleKey: string): Promise<Changed<MembershipRecord>> {
    const isHeld: IsHeld = (member, frame) => member.roleKey === roleIn(frame, roleKey)?.key;
    return this.change(caller, tenantId, userId, 'membership.role-changed', isHeld, async (scope, member) => {
      const role = requireRole(scope.frame, requireIdentifier('role', roleKey));
      requireGivable(scope, role);
      requireCustomer(scope.frame, role, member.customerId);
      if (!scope.frame.matrix.adminRoles.has(role.key)) await requireOtherAdmin(scope, member, this.members);
      return { ...member, ...referenceTo(scope.frame, role) };
    });
  }

  suspend(caller: Principal, tenantId: string, userId: string): Promise<Changed<MembershipRecord>> {
    return this.change(caller, tenantId, userId, 'membership.suspended', isSuspended, async (scope, member) => {
      await requireOtherAdmin(scope, member, this.members);
      return { ...member, status: 'SUSPENDED' };
    });
  }

  activate(caller: Principal, tenantId: string, userId: string): Promise<Changed<MembershipRecord>> {
    return this.change(caller, tenantId, userId, 'membership.activated', isActive, async (scope, member) => {
      await this.requireOverridesGivable(scope, member);
      return { ...member, status: 'ACTIVE' };
    });
  }

  /** Ends the keys in the tenant behind which the member's rights stand, too, and the sign-ins of whoever is left without a tenant. */
  remove(caller: Principal, tenantId: string, userId: string): Promise<Changed<string>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const member = await this.requireMember(scope, userId);
      const user = await this.users.find(userId, scope.tx);
      requireManageable(scope, member, user);
      this.community?.requireAdminsStay(tenantId, user, null);
      await requireOtherAdmin(scope, member, this.members);
      await this.members.delete(tenantId, userId, scope.tx);
      await this.keys.revokeBoundTo(userId, tenantId, new Date(scope.now), scope.tx);
      await this.signIns.endAllOfStranger(userId, new Date(scope.now), scope.tx);
      await scope.announceCallers();
      return { result: userId, entry: { action: 'membership.removed', target: userId, before: standingOf(member) }, touches: [userId] };
    });
  }

  /** Loads the member, lets `alter` say what they become, and writes that; with what is held already there is nothing to do. */
  private change(
    caller: Principal,
    tenantId: string,
    userId: string,
    action: string,
    isHeld: IsHeld,
    alter: (scope: ChangeScope, member: MembershipRecord) => Promise<MembershipRecord>,
  ): Promise<Changed<MembershipRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const member = await this.requireMember(scope, userId);
      const user = await this.users.find(userId, scope.tx);
      if (isHeld(member, scope.frame)) {
        requireNotAbove(scope, member, user);
        return { result: member, entry: null };
      }
      requireManageable(scope, member, user);
      const altered = await alter(scope, member);
      this.community?.requireAdminsStay(tenantId, user, altered);
      await this.members.update(altered, scope.tx);
      const entry = { action, target: userId, before: standingOf(member), after: standingOf(altered) };
      return { result: altered, entry, touches: [userId] };
    });
  }

  /** Whoever lets somebody act again gives them what they hold in departments, too. */
  private async requireOverridesGivable(scope: ChangeScope, member: MembershipRecord): Promise<void> {
    const [overrides] = await this.members.listOverrides([member], scope.tx);
    for (const override of overrides!) {
      const role = isExpired(override, scope.now) ? undefined : roleIn(scope.frame, override.roleKey);
      if (role !== undefined) requireOverrideGivable(scope, role, override);
    }
  }

  private async requireMember({ tenant, tx }: ChangeScope, userId: string): Promise<MembershipRecord> {
    const member = await this.members.find(tenant.id, requireIdentifier('userId', userId), tx);
    if (member === null) throw new AppError('NOT_FOUND', 'The user does not belong to the tenant.');
    return member;
  }
}
