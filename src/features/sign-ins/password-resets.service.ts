import { mintOneTimeSecret } from '../../access/one-time-secret.js';
import { holdsOnPlatform } from '../../access/authority.js';
import { actorOf, type Principal, ROOT_KEY_ID } from '../../access/principal.js';
import { beyondReach, holdsCapability, reachOfGiver } from '../../domain/delegate.js';
import { type Facts, roleIn } from '../../domain/facts.js';
import { isIdentifier } from '../../domain/identifier.js';
import { AppError, forbidden } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import type { FactsStore } from '../decisions/facts.store.js';
import type { MembershipStore } from '../memberships/memberships.store.js';
import type { UserRecord, UserStore } from '../users/users.store.js';
import type { SignInStore } from './sign-ins.store.js';

export interface PasswordReset {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const SECRET_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** One-time secrets with which users set a new password. */
export class PasswordResetService {
  constructor(
    private readonly signIns: SignInStore,
    private readonly users: UserStore,
    private readonly members: MembershipStore,
    private readonly facts: FactsStore,
    private readonly changes: PlatformChanges,
  ) {}

  /** Ends the user's sign-ins at once, so that whoever had the old password is out. */
  reset(caller: Principal, userId: string): Promise<PasswordReset> {
    return this.changes.runAs(actorOf(caller), async ({ tx, now }) => {
      const user = isIdentifier(userId) ? await this.users.lock(userId, tx) : null;
      await this.requireMayReset(caller, user, now, tx);
      if (user === null) throw new AppError('NOT_FOUND', 'There is no user of this id.');
      const { secret, hash } = mintOneTimeSecret();
      const expiresAt = now + SECRET_LIFETIME_MS;
      await this.signIns.deleteSecretsOf(userId, tx);
      await this.signIns.insertSecret(hash, { purpose: 'PASSWORD', userId, expiresAt }, tx);
      await this.signIns.endAll(userId, new Date(now), tx);
      return { result: { secret, expiresAt }, entry: { action: 'password.reset', target: userId } };
    });
  }

  /**
   * The platform's own, or an admin of every tenant to which the user belongs who holds all that the user holds there, as long
   * as the user's account role is no higher than MEMBER: otherwise a reset would be a way to a tenant or a role of somebody else's.
   */
  private async requireMayReset(caller: Principal, user: UserRecord | null, now: number, tx: Transaction): Promise<void> {
    if (holdsOnPlatform(caller, 'platform.users')) {
      if (user?.accountRole === 'OWNER' && caller.kind === 'key' && caller.keyId !== ROOT_KEY_ID) throw forbidden();
      return;
    }
    if (caller.kind !== 'user' || user === null || user.accountRole === 'OWNER' || user.accountRole === 'ADMIN') throw forbidden();
    const tenantIds = await this.members.listTenantIdsOf(user.id, tx);
    if (tenantIds.length === 0) throw forbidden();
    for (const tenantId of tenantIds) {
      const facts = await this.facts.readLocked({ tenantId, userId: caller.userId }, tx);
      if (!holdsCapability('member.manage', caller.userId, facts, now)) throw forbidden();
      const theirs = await this.facts.readLocked({ tenantId, userId: user.id }, tx);
      if (user.id !== caller.userId && !coversMember(caller.userId, facts, theirs, now)) throw forbidden();
    }
  }
}

/** Whether the caller holds all that the member holds here: whoever resets a password can sign in as the member. */
function coversMember(callerId: string, facts: Facts, theirs: Facts, now: number): boolean {
  const { frame, member } = theirs;
  const membership = member?.membership ?? null;
  if (frame === null || membership === null || membership.roleKey === frame.matrix.ownerRole) return false;
  const covers = (roleKey: string, departmentId: string | null): boolean => {
    const role = roleIn(frame, roleKey);
    return role === undefined || beyondReach(role.permissions, reachOfGiver(callerId, departmentId, facts, now)).isEmpty;
  };
  return covers(membership.roleKey, null) && [...membership.overrides].every(([departmentId, { roleKey }]) => covers(roleKey, departmentId));
}
