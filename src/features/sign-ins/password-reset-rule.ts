import { holdsOnPlatform, keyHolds } from '../../access/authority.js';
import { type Principal, ROOT_KEY_ID } from '../../access/principal.js';
import { beyondReach, type GiverReach, holdsCapability, reachOfGiver } from '../../domain/delegate.js';
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
   * An account OWNER and the root key, whoever it is. Anybody else only whom they could have brought in themselves, so that a reset is
   * no way to a tenant or a role beyond them: a user whose account role is no higher than MEMBER, all of whose tenants the caller
   * administers, holding all that the user holds there, the ownership excepted. Users of no tenant are for keys with `platform.users`.
   * Both as they are by now, and stay until the transaction ends, which has locked the user. `maker`: as the audit log names them.
   */
  async allows(maker: string, user: UserRecord | null, now: number, tx: Transaction): Promise<boolean> {
    const caller = await this.callers.find(maker, null, now, tx);
    if (caller === null) return false;
    const managesAccounts = holdsOnPlatform(caller, 'platform.users');
    if (managesAccounts && (user === null || isOwnersOwn(caller))) return true;
    if (user === null || user.accountRole === 'OWNER' || user.accountRole === 'ADMIN') return false;
    if (caller.kind === 'key' && !managesAccounts) return false;
    const tenantIds = await this.members.listTenantIdsOf(user.id, tx);
    if (tenantIds.length === 0) return managesAccounts;
    for (const tenantId of tenantIds) {
      await this.tenants.lock(tenantId, tx);
      if (!(await this.coversMember(caller, tenantId, user.id, now, tx))) return false;
    }
    return true;
  }

  /** Whether the caller manages members here and holds all that this one holds: whoever resets a password can sign in as the member. */
  private async coversMember(caller: Principal, tenantId: string, userId: string, now: number, tx: Transaction): Promise<boolean> {
    if (caller.kind === 'key' && !keyHolds(caller, 'member.manage', tenantId)) return false;
    const person = caller.kind === 'key' ? caller.boundTo : caller.userId;
    const facts = person === null ? null : await this.facts.readLocked({ tenantId, userId: person }, tx);
    if (facts !== null && !holdsCapability('member.manage', person!, facts, now)) return false;
    if (person === userId) return true;
    const reachIn = (departmentId: string | null, lastMoment: number): GiverReach =>
      facts === null ? 'everything' : reachOfGiver(person!, departmentId, facts, now, lastMoment);
    return isWithin(reachIn, await this.facts.readLocked({ tenantId, userId }, tx), now);
  }
}

/** An account OWNER in person, or the root key. */
function isOwnersOwn(caller: Principal): boolean {
  return caller.kind === 'user' || caller.keyId === ROOT_KEY_ID;
}

/** Whether all that the member holds lies within the reach; an owner's rights lie within nobody's. */
function isWithin(reachIn: (departmentId: string | null, lastMoment: number) => GiverReach, { frame, member }: Facts, now: number): boolean {
  const membership = member?.membership ?? null;
  if (frame === null || membership === null || membership.roleKey === frame.matrix.ownerRole) return false;
  const covers = (roleKey: string, reach: GiverReach): boolean => {
    const role = roleIn(frame, roleKey);
    return role === undefined || beyondReach(role.permissions, reach).isEmpty;
  };
  const inDepartments = [...membership.overrides].filter(([, override]) => !isExpired(override, now));
  return covers(membership.roleKey, reachIn(null, now)) && inDepartments.every(([id, override]) => covers(override.roleKey, reachIn(id, lastMomentOf(override))));
}
