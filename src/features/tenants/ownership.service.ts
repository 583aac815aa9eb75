import type { Principal } from '../../access/principal.js';
import { isCurrent } from '../../domain/facts.js';
import { AppError, badInput } from '../../errors.js';
import type { Changed, ChangeScope, TenantChanges } from '../changes/tenant-changes.js';
import { requireIdentifier } from '../input.js';
import { referenceTo } from '../memberships/membership-rules.js';
import type { MembershipRecord, MembershipStore } from '../memberships/memberships.store.js';
import { standingOf } from '../memberships/standing-of.js';
import type { UserStore } from '../users/users.store.js';
import type { TenantRecord } from './tenants.store.js';

/** The one way in which the owner role passes. */
export class OwnershipService {
  constructor(
    private readonly members: MembershipStore,
    private readonly users: UserStore,
    private readonly changes: TenantChanges,
  ) {}

  transfer(caller: Principal, tenantId: string, newOwnerId: string): Promise<Changed<TenantRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'tenant.transfer' }, async (scope) => {
      const { tx, tenant, frame } = scope;
      const { ownerRole, firstAdminRole } = frame.matrix;
      if (ownerRole === null) throw badInput('tenantId', "The tenant's role matrix has no owner role, so there is nothing to pass on.");
      if (firstAdminRole === null) throw new AppError('CONFLICT', 'The role matrix has no admin role for the old owner to become.');
      const [oldOwnerId] = await this.members.findOwnerIds([tenantId], tx);
      if (oldOwnerId === newOwnerId) return { result: tenant, entry: null };
      const heir = await this.requireHeir(scope, requireIdentifier('newOwnerId', newOwnerId));
      const old = oldOwnerId == null ? null : await this.members.find(tenantId, oldOwnerId, tx);
      // In this order: the database lets a tenant have one owner at every moment.
      const retired = old === null ? null : { ...old, ...referenceTo(frame, firstAdminRole) };
      if (retired !== null) await this.members.update(retired, tx);
      const owner = { ...heir, ...referenceTo(frame, frame.matrix.roles.get(ownerRole)!), expiresAt: null };
      await this.members.update(owner, tx);
      const entry = {
        action: 'tenant.ownership-transferred',
        target: tenantId,
        before: { owner: oldOwnerId, members: standingsOf(old, heir) },
        after: { owner: newOwnerId, members: standingsOf(retired, owner) },
      };
      return { result: tenant, entry, touches: [newOwnerId, ...(oldOwnerId == null ? [] : [oldOwnerId])] };
    });
  }

  private async requireHeir({ tx, tenant, now }: ChangeScope, userId: string): Promise<MembershipRecord> {
    const heir = await this.members.find(tenant.id, userId, tx);
    const user = await this.users.find(userId, tx);
    if (heir === null || user === null) throw new AppError('NOT_FOUND', 'The new owner must be a member of the tenant.');
    if (user.status !== 'ACTIVE' || !isCurrent(heir, now)) throw badInput('newOwnerId', 'The new owner must be an active member.');
    if (user.accountRole === 'VIEWER') throw badInput('newOwnerId', 'A viewer account only reads, so it cannot own a tenant: choose another member.');
    if (heir.customerId !== null) throw badInput('newOwnerId', 'The new owner must be one of the staff, bound to no customer.');
    return heir;
  }
}

/** Of the two whom the ownership concerns, as the audit log keeps them. */
function standingsOf(...members: readonly (MembershipRecord | null)[]) {
  return members.flatMap((member) => (member === null ? [] : [{ userId: member.userId, ...standingOf(member) }]));
}
