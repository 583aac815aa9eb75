import { holdsOnPlatform } from '../../access/authority.js';
import { ROOT_KEY_ID } from '../../access/principal.js';
import { beyondReach, holdsCapability, reachOfGiver } from '../../domain/delegate.js';
import { type Facts, isExpired, lastMomentOf, roleIn } from '../../domain/facts.js';
import type { Transaction } from '../../storage/transaction.js';
import type { FormerCallers } from '../callers/former-callers.js';
import type { FactsStore } from '../decisions/facts.store.js';
import type { MembershipStore } from '../memberships/memberships.store.js';
import type { TenantStore } from '../tenants/tenants.store.js';
import type { UserRecord } from '../users/users.store.js';

/** Who may have whom set a new password: asked when the secret is made, and again when it is used. */
export class PasswordResetRule {
  constructor(
    private readonly members: MembershipStore,
    private readonly tenants: TenantStore,
    private readonly facts: FactsStore,
    private readonly callers: FormerCallers,
  ) {}

  /**
   * The platform's own, or an admin of every tenant to which the user belongs who holds all that the user holds there, as long
   * as the user's account role is no higher than MEMBER: otherwise a reset would be a way to a tenant or a role of somebody else's.
   * Both as they are by now, and stay until the transaction ends, which has locked the user. `maker`: as the audit log names them.
   */
  async allows(maker: string, user: UserRecord | null, now: number, tx: Transaction): Promise<boolean> {
    const caller = await this.callers.find(maker, null, now, tx);
    if (caller === null) return false;
    if (holdsOnPlatform(caller, 'platform.users')) {
      return user?.accountRole !== 'OWNER' || caller.kind === 'user' || caller.keyId === ROOT_KEY_ID;
    }
    if (caller.kind !== 'user' || user === null || user.accountRole === 'OWNER' || user.accountRole === 'ADMIN') return false;
    const tenantIds = await this.members.listTenantIdsOf(user.id, tx);
    if (tenantIds.length === 0) return false;
    for (const tenantId of tenantIds) {
      await this.tenants.lock(tenantId, tx);
      const facts = await this.facts.readLocked({ tenantId, userId: caller.userId }, tx);
      if (!holdsCapability('member.manage', caller.userId, facts, now)) return false;
      const theirs = await this.facts.readLocked({ tenantId, userId: user.id }, tx);
      if (user.id !== caller.userId && !coversMember(caller.userId, facts, theirs, now)) return false;
    }
    return true;
  }
}

/** Whether the caller holds all that the member holds here: whoever resets a password can sign in as the member. */
function coversMember(callerId: string, facts: Facts, theirs: Facts, now: number): boolean {
  const { frame, member } = theirs;
  const membership = member?.membership ?? null;
  if (frame === null || membership === null || membership.roleKey === frame.matrix.ownerRole) return false;
  const covers = (roleKey: string, departmentId: string | null, lastMoment: number): boolean => {
    const role = roleIn(frame, roleKey);
    return role === undefined || beyondReach(role.permissions, reachOfGiver(callerId, departmentId, facts, now, lastMoment)).isEmpty;
  };
  const inDepartments = [...membership.overrides].filter(([, override]) => !isExpired(override, now));
  return covers(membership.roleKey, null, now) && inDepartments.every(([id, override]) => covers(override.roleKey, id, lastMomentOf(override)));
}
