import { v7 as uuidv7 } from 'uuid';
import { hashOneTimeSecret } from '../../access/one-time-secret.js';
import type { PasswordHasher } from '../../access/password.js';
import type { Principal } from '../../access/principal.js';
import type { Clock } from '../../domain/clock.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError, badInput, forbidden, unauthenticated } from '../../errors.js';
import type { Transaction, Transactions } from '../../storage/transaction.js';
import type { PlatformAudit } from '../audit/platform-audit.js';
import type { FormerCallers } from '../callers/former-callers.js';
import type { Changed, ChangeScope, TenantChanges } from '../changes/tenant-changes.js';
import { requireName } from '../input.js';
import { referenceTo, requireAccountInPlan, requireBringable, requireCustomer, requireGivable, requireRole } from '../memberships/membership-rules.js';
import type { MembershipRecord, MembershipStore } from '../memberships/memberships.store.js';
import { standingOf } from '../memberships/standing-of.js';
import type { PlatformStore } from '../platform/platform.store.js';
import type { SignInThrottle } from '../sign-ins/sign-in-throttle.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { TenantStore } from '../tenants/tenants.store.js';
import { accountOf } from '../users/account-of.js';
import type { UserRecord, UserStore } from '../users/users.store.js';
import type { InvitationRecord, InvitationStore } from './invitations.store.js';

export interface AcceptanceStores {
  readonly invitations: InvitationStore;
  readonly members: MembershipStore;
  readonly users: UserStore;
  readonly signIns: SignInStore;
  readonly platform: PlatformStore;
  readonly tenants: TenantStore;
}

/** What somebody says of themselves who has no account yet. */
export interface Newcomer {
  readonly name: string | null;
  readonly password: string | null;
}

const GONE = 'The invitation is unknown, used up, revoked or expired: ask for a new one.';

/** The other end of an invitation: whoever has its secret becomes a member, once. */
export class AcceptanceService {
  constructor(
    private readonly stores: AcceptanceStores,
    private readonly formerCallers: FormerCallers,
    private readonly transactions: Transactions,
    private readonly changes: TenantChanges,
    private readonly platformAudit: PlatformAudit,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly clock: Clock,
    private readonly plans: PlanCatalogue,
  ) {}

  /** `address`: of the connection's peer, by which attempts are counted. */
  async accept(caller: Principal | null, secret: string, newcomer: Newcomer, address: string | null): Promise<Changed<MembershipRecord>> {
    const name = newcomer.name === null ? null : requireName('name', newcomer.name);
    const attempt = await this.throttle.countSecret(address);
    const passwordHash = newcomer.password === null ? null : await this.passwords.hash(newcomer.password);
    const secretHash = hashOneTimeSecret(secret);
    return this.transactions.run(async (tx) => {
      // People come before tenants in the order of locks, and a newcomer is made here.
      await this.stores.platform.lock(tx);
      const now = this.clock.now();
      const found = await this.stores.invitations.findBySecret(secretHash, now, tx);
      if (found?.status !== 'PENDING') throw new AppError('NOT_FOUND', GONE);
      const user = await this.requireInvited(caller, found, name, passwordHash, tx);
      await this.requireActiveTenant(found.tenantId, tx);
      const inviter = await this.formerCallers.find(found.invitedBy, found.tenantId, now, tx);
      if (inviter === null) throw inviterGone();
      const request = { caller: inviter, tenantId: found.tenantId, demands: 'member.manage', actor: user.id } as const;
      const joined = await this.changes.within(tx, request, (scope) => this.join(scope, found, user)).catch(refusedToInviter);
      await this.throttle.succeeded(attempt, tx);
      return joined;
    });
  }

  /** Asked before the inviter's rights, which in a suspended tenant count or not by who they are: an invitation waits, whoever made it. */
  private async requireActiveTenant(tenantId: string, tx: Transaction): Promise<void> {
    const tenant = await this.stores.tenants.lock(tenantId, tx);
    if (tenant?.status === 'SUSPENDED') throw new AppError('CONFLICT', 'The tenant is suspended: accept the invitation once it is active again.');
  }

  /** The inviter's rights are asked as they are now; the invitation once more, since the tenant was not locked before. */
  private async join(scope: ChangeScope, { tenantId, id, roleKey, customerId }: InvitationRecord, user: UserRecord) {
    const { frame, tx, now } = scope;
    const invitation = await this.stores.invitations.find(tenantId, id, now, tx);
    if (invitation?.status !== 'PENDING') throw new AppError('NOT_FOUND', GONE);
    const role = requireRole(frame, roleKey);
    requireGivable(scope, role);
    requireBringable(scope, user.accountRole);
    requireCustomer(frame, role, customerId);
    if ((await this.stores.members.find(tenantId, user.id, tx)) !== null) {
      throw new AppError('CONFLICT', 'You belong to the tenant already.');
    }
    requireAccountInPlan(scope, user, this.plans);
    const membership: MembershipRecord = { tenantId, userId: user.id, ...referenceTo(frame, role), status: 'ACTIVE', customerId, expiresAt: null };
    await this.stores.members.insert(membership, new Date(now), tx);
    await this.stores.invitations.accept(tenantId, id, user.id, tx);
    const after = { ...standingOf(membership), invitation: id };
    return { result: membership, entry: { action: 'invitation.accepted', target: user.id, after }, touches: [user.id] };
  }

  /**
   * The person of the invitation's address. An account that there is already must be signed in: otherwise whoever has got an account
   * of somebody else's address would be let in by the true owner of it.
   */
  private async requireInvited(
    caller: Principal | null,
    { email }: InvitationRecord,
    name: string | null,
    passwordHash: string | null,
    tx: Transaction,
  ): Promise<UserRecord> {
    const user = await this.stores.users.findByEmail(email, tx);
    if (caller !== null && !(caller.kind === 'user' && caller.userId === user?.id)) throw forbidden();
    if (user !== null) {
      if (user.status !== 'ACTIVE') throw new AppError('NOT_FOUND', GONE);
      if (caller === null) throw unauthenticated('There is an account of the invited address: sign in with it, and accept then.');
      return user;
    }
    if (name === null) throw badInput('name', 'Say your name: there is no account of the invited address yet.');
    if (passwordHash === null) throw badInput('password', 'Choose a password: there is no account of the invited address yet.');
    const made: UserRecord = { id: uuidv7(), name, email, accountRole: 'MEMBER', status: 'ACTIVE' };
    const at = new Date(this.clock.now());
    await this.stores.users.insert(made, at, tx);
    await this.stores.signIns.putPasswordHash(made.id, passwordHash, at, tx);
    await this.platformAudit.append(tx, made.id, { action: 'user.created', target: made.id, after: accountOf(made) });
    return made;
  }
}

function inviterGone(cause?: unknown): AppError {
  return new AppError('CONFLICT', 'Whoever invited you may no longer give this role: ask for a new invitation.', { cause });
}

const ABOUT_THE_INVITER: ReadonlySet<string> = new Set(['FORBIDDEN', 'UNAUTHENTICATED', 'ESCALATION', 'OWNER_REQUIRED']);

function refusedToInviter(error: unknown): never {
  throw error instanceof AppError && ABOUT_THE_INVITER.has(error.code) ? inviterGone(error) : error;
}
