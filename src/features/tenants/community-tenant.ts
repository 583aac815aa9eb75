import type { AccountRole } from '../../domain/matrix.js';
import { AppError } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { TenantChanges } from '../changes/tenant-changes.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import type { MembershipStore, RoleReference } from '../memberships/memberships.store.js';
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
  readonly registry: MatrixRegistry;
}

type Standing = Pick<RoleReference, 'matrixKey' | 'roleKey'>;

/** The one tenant of the edition `community`: it comes with the first account OWNER, and account ADMINs are its admins. */
export class CommunityTenant {
  constructor(
    private readonly stores: CommunityStores,
    private readonly founding: TenantFounding,
    private readonly changes: TenantChanges,
  ) {}

  /** In the transaction that changes an account role. Throws LAST_ADMIN where the tenant would be left without an admin. */
  async follow(change: AccountChange, tx: Transaction): Promise<void> {
    const { user: { accountRole, status }, before } = change;
    const tenant = await this.stores.tenants.lock(COMMUNITY_TENANT, tx);
    if (tenant === null) {
      if ((accountRole === 'OWNER' || accountRole === 'ADMIN') && status === 'ACTIVE') await this.open(change, tx);
      return;
    }
    const role = this.stores.registry.find(tenant.matrixKey)?.firstAdminRole ?? null;
    if (role === null) return;
    const standing = { matrixKey: tenant.matrixKey, roleKey: role.key };
    if (accountRole === 'ADMIN') await this.admit(change, standing, tx);
    else if (before === 'ADMIN' && accountRole !== 'OWNER') await this.dismiss(change, standing, tx);
  }

  private async open({ user, actor }: AccountChange, tx: Transaction): Promise<void> {
    const { registry } = this.stores;
    const matrix = registry.find(PREFERRED_MATRIX) ?? registry.list()[0]!;
    const tenant = { id: COMMUNITY_TENANT, name: 'Default', matrixKey: matrix.key, planKey: COMMUNITY_PLAN };
    await this.founding.found(tenant, user.id, actor, tx);
  }

  /** Whoever belongs to the tenant already acts as an admin there by their account role, whatever their own role. */
  private async admit({ user: { id: userId }, actor, at }: AccountChange, standing: Standing, tx: Transaction): Promise<void> {
    const { members } = this.stores;
    if ((await members.find(COMMUNITY_TENANT, userId, tx)) !== null) return;
    const rest = { roleKind: 'SYSTEM', status: 'ACTIVE', customerId: null, expiresAt: null } as const;
    await members.insert({ tenantId: COMMUNITY_TENANT, userId, ...standing, ...rest }, at, tx);
    const entry = { action: 'membership.added', target: userId, after: { role: standing.roleKey, status: 'ACTIVE' } };
    await this.changes.record(actor, COMMUNITY_TENANT, entry, [userId], tx);
  }

  /** Ends what the account role gave: the admin's membership, and the keys behind which it stands. */
  private async dismiss({ user: { id: userId }, actor, at }: AccountChange, { roleKey }: Standing, tx: Transaction): Promise<void> {
    const { members, apiKeys } = this.stores;
    const member = await members.find(COMMUNITY_TENANT, userId, tx);
    if (member?.roleKey !== roleKey) return;
    if ((await members.countAdminsBeside(COMMUNITY_TENANT, userId, tx)) === 0) {
      throw new AppError('LAST_ADMIN', 'This is the last active admin of the tenant: give another user the account role ADMIN first.');
    }
    await members.delete(COMMUNITY_TENANT, userId, tx);
    await apiKeys.revokeBoundTo(userId, COMMUNITY_TENANT, at, tx);
    const entry = { action: 'membership.removed', target: userId, before: { role: roleKey, status: member.status } };
    await this.changes.record(actor, COMMUNITY_TENANT, entry, [userId], tx);
  }
}
