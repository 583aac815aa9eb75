import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../errors.js';
import { isUniqueViolation } from '../../storage/database-fault.js';
import type { Transaction } from '../../storage/transaction.js';
import type { TenantChanges } from '../changes/tenant-changes.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import type { MembershipStore } from '../memberships/memberships.store.js';
import type { NewTenant, TenantStore } from './tenants.store.js';

export type FoundedTenant = Omit<NewTenant, 'createdAt'>;

/** How a tenant comes to be: with its first member, who is its owner or, under a matrix without an owner role, its first admin. */
export class TenantFounding {
  constructor(
    private readonly tenants: TenantStore,
    private readonly members: MembershipStore,
    private readonly matrices: MatrixRegistry,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
  ) {}

  /** Returns the tenant's revision. Throws CONFLICT where the id is taken. */
  async found(tenant: FoundedTenant, ownerId: string, actor: string, tx: Transaction): Promise<bigint> {
    const { id, matrixKey } = tenant;
    const createdAt = new Date(this.clock.now());
    try {
      await this.tenants.insert({ ...tenant, createdAt }, tx);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AppError('CONFLICT', 'The id is taken, now or by a tenant since deleted: choose another.', { cause: error });
    }
    const roleKey = firstRole(this.matrices, matrixKey);
    await this.members.insert(
      { tenantId: id, userId: ownerId, matrixKey, roleKey, roleKind: 'SYSTEM', status: 'ACTIVE', customerId: null, expiresAt: null },
      createdAt,
      tx,
    );
    return this.changes.record(actor, id, { action: 'tenant.created', target: id, after: { ...tenant, ownerId } }, 'everybody', tx);
  }
}

function firstRole(matrices: MatrixRegistry, matrixKey: string): string {
  const matrix = matrices.find(matrixKey)!;
  return matrix.ownerRole ?? matrix.firstAdminRole!.key;
}
