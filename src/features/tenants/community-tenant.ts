import type { AccountRole, RoleMatrix } from '../../domain/matrix.js';
import { AppError } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { TenantChanges } from '../changes/tenant-changes.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import type { MembershipRecord, MembershipStore } from '../memberships/memberships.store.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { UserRecord } from '../users/users.store.js';
import type { TenantFounding } from './tenant-founding.js';
import type { TenantStore } from './tenants.store.js';

export const COMMUNITY_TENANT = 'default';
export const COMMUNITY_PLAN = 'community';
/** Served where the policy has it; else the first matrix by key. */
const PREFERRED_MATRIX = 'nanami';

export interface AccountChange {
  /** As they are after it. */
  readonly user: UserRecord;
  /** The account role that they had; null for a user who is new. */
  readonly before: AccountRole | null;
  readonly actor: string;
  readonly at: Date;
}

export interface CommunityStores {
  readonly tenants: TenantStore;
  readonly members: MembershipStore;
  readonly apiKeys: ApiKeyStore;
  readonly signIns: SignInStore;
  readonly registry: MatrixRegistry;
}

/**
 * The one tenant of the edition `community`: it comes with the first account OWNER, and account ADMINs act as its admins
 * for as long as they are that.
 */
export class CommunityTenant {
  constructor(
    private readonly stores: CommunityStores,
    private readonly founding: TenantFounding,
    private readonly changes: TenantChanges,
  ) {}

  /** Why the edition cannot serve this database, which another edition has filled; null where it can. */
  async findHindrance(): Promise<string | null> {
    const { count, first } = await this.stores.tenants.findOthers(COMMUNITY_TENANT);
    if (first === null) return null;
    const others = count === 1 ? `another one, "${first}"` : `${count} others, such as "${first}"`;
    return `The edition community has one tenant, "${COMMUNITY_TENANT}", and the database has ${others}: set EDITION to saas, or delete them there first.`;
  }

  /** In the transaction that changes an account role. Throws LAST_ADMIN or OWNER_REQUIRED where the tenant would be left without an admin or its owner. */
  async follow(change: AccountChange, tx: Transaction): Promise<void> {
    const { user: { accountRole, status }, before } = change;
    const tenant = await this.stores.tenants.lock(COMMUNITY_TENANT, tx);
    if (tenant === null) {
      if ((accountRole === 'OWNER' || accountRole === 'ADMIN') && status === 'ACTIVE') await this.open(change, tx);
      return;
    }
    const matrix = this.stores.registry.find(tenant.matrixKey);
    if (matrix === null) return;
    if (accountRole === 'ADMIN') await this.admit(change, matrix, tx);
    else if (accountRole !== 'OWNER' && (before === 'ADMIN' || before === 'OWNER')) await this.dismiss(change, matrix, tx);
  }

  /** Throws CONFLICT where an account ADMIN could no longer act as an admin: `membership` is what would be left to them, null for nothing. */
  requireAdminsStay(tenantId: string, user: UserRecord | null, membership: MembershipRecord | null): void {
    if (tenantId !== COMMUNITY_TENANT || user?.accountRole !== 'ADMIN') return;
    if (membership !== null && letsAct(membership)) return;
    throw new AppError('CONFLICT', 'Account ADMINs are admins of this tenant: take the account role away by setAccountRole instead.');
  }

  private async open({ user, actor }: AccountChange, tx: Transaction): Promise<void> {
    const { registry } = this.stores;
    const matrix = registry.find(PREFERRED_MATRIX) ?? registry.list()[0]!;
    const tenant = { id: COMMUNITY_TENANT, name: 'Default', matrixKey: matrix.key, planKey: COMMUNITY_PLAN };
    await this.founding.found(tenant, user.id, actor, tx);
  }

  /** Whoever belongs to the tenant already acts as an admin there by their account role, whatever their own role. */
  private async admit({ user: { id: userId }, actor, at }: AccountChange, { key: matrixKey, firstAdminRole }: RoleMatrix, tx: Transaction): Promise<void> {
    const { members } = this.stores;
    if (firstAdminRole === null) return;
    const member = await members.find(COMMUNITY_TENANT, userId, tx);
    if (member !== null) return requireActing(member);
    const rest = { roleKind: 'SYSTEM', status: 'ACTIVE', customerId: null, expiresAt: null } as const;
    await members.insert({ tenantId: COMMUNITY_TENANT, userId, matrixKey, roleKey: firstAdminRole.key, ...rest }, at, tx);
    const entry = { action: 'membership.added', target: userId, after: { role: firstAdminRole.key, status: 'ACTIVE' } };
    await this.changes.record(actor, COMMUNITY_TENANT, entry, [userId], tx);
  }

  /** Ends what the account role gave: the admin's membership, the keys behind which it stands, and the sign-ins of whoever is left without a tenant. */
  private async dismiss({ user: { id: userId }, actor, at }: AccountChange, { ownerRole, firstAdminRole }: RoleMatrix, tx: Transaction): Promise<void> {
    const { members, apiKeys, signIns } = this.stores;
    const member = await members.find(COMMUNITY_TENANT, userId, tx);
    if (member === null) return;
    if (member.roleKey === ownerRole) {
      throw new AppError('OWNER_REQUIRED', `The user owns the tenant "${COMMUNITY_TENANT}": pass the ownership on first.`);
    }
    if (member.roleKey !== firstAdminRole?.key) return;
    if ((await members.countAdminsBeside(COMMUNITY_TENANT, userId, tx)) === 0) {
      throw new AppError('LAST_ADMIN', 'This is the last active admin of the tenant: give another user the account role ADMIN first.');
    }
    await members.delete(COMMUNITY_TENANT, userId, tx);
    await apiKeys.revokeBoundTo(userId, COMMUNITY_TENANT, at, tx);
    await signIns.endAllOfStranger(userId, at, tx);
    const entry = { action: 'membership.removed', target: userId, before: { role: member.roleKey, status: member.status } };
    await this.changes.record(actor, COMMUNITY_TENANT, entry, [userId], tx);
  }
}

/** What an account role needs to count: a membership now, for good, and for every customer. */
function letsAct({ status, expiresAt, customerId }: MembershipRecord): boolean {
  return status === 'ACTIVE' && expiresAt === null && customerId === null;
}

function requireActing(member: MembershipRecord): void {
  if (letsAct(member)) return;
  const how = `is suspended in the tenant "${COMMUNITY_TENANT}", or belongs to it for a while or for one customer only`;
  throw new AppError('CONFLICT', `The user ${how}, and so could not act as its admin: remove the member first.`);
}
