import type { Facts, Member, Membership, Override, TenantFrame } from '../../domain/facts.js';
import { toRole } from '../roles/custom-role.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import { type FrameRecord, FRAME_SQL, type MemberRecord, MEMBERS_SQL } from './facts.sql.js';
import type { DataSource } from 'typeorm';

/** A user in a tenant. */
export interface Pair {
  readonly tenantId: string;
  readonly userId: string;
}

/** What one statement says of a user in a tenant, together with the tenant's revisions at that very moment. */
export interface MemberReading extends Pair {
  /** Null where there is no such tenant. */
  readonly revision: bigint | null;
  readonly structureRevision: bigint | null;
  readonly member: Member | null;
}

/** Reads what decisions need to know. */
export class FactsStore extends Store {
  constructor(
    dataSource: DataSource,
    private readonly matrices: MatrixRegistry,
  ) {
    super(dataSource);
  }

  /** One statement, so that every reading of one tenant holds at one revision. The order is that of the pairs. */
  async readMembers(pairs: readonly Pair[], tx?: Transaction): Promise<MemberReading[]> {
    const columns = [pairs.map((pair) => pair.tenantId), pairs.map((pair) => pair.userId)];
    const records: MemberRecord[] = await this.db(tx).query(MEMBERS_SQL, columns);
    return records.map((record, i) => ({ ...pairs[i]!, ...toReading(record) }));
  }

  /** The frames of those tenants that exist, by tenant id; one statement, plus one for a matrix not met before. */
  async readFrames(tenantIds: readonly string[], tx?: Transaction): Promise<Map<string, TenantFrame>> {
    const records: FrameRecord[] = await this.db(tx).query(FRAME_SQL, [tenantIds]);
    const frames = new Map<string, TenantFrame>();
    for (const record of records) frames.set(record.id, await this.toFrame(record, tx));
    return frames;
  }

  /**
   * The facts of one user in one tenant, inside a transaction that has locked the tenant. A frame at hand will do where it
   * is of the tenant's structure as it is now.
   */
  async readLocked(pair: Pair, tx: Transaction, atHand?: TenantFrame): Promise<Facts> {
    const [reading] = await this.readMembers([pair], tx);
    const { member, revision, structureRevision } = reading!;
    if (atHand !== undefined && atHand.structureRevision === structureRevision) return { frame: atHand, member, revision };
    const frames = await this.readFrames([pair.tenantId], tx);
    return { frame: frames.get(pair.tenantId) ?? null, member, revision };
  }

  private async toFrame(record: FrameRecord, tx?: Transaction): Promise<TenantFrame> {
    const matrix = await this.matrices.at(record.matrix_key, record.matrix_digest, tx);
    const customRoles = new Map(record.roles.map((role) => [role.key, toRole(role, matrix)]));
    return {
      tenantId: record.id,
      status: record.status,
      plan: { key: record.plan_key, title: record.plan_title, features: new Set(record.plan_features) },
      matrix,
      customRoles,
      departments: new Set(record.departments),
      customers: new Set(record.customers),
      structureRevision: BigInt(record.structure_revision),
    };
  }
}

function toReading(record: MemberRecord): Omit<MemberReading, keyof Pair> {
  return {
    revision: record.revision === null ? null : BigInt(record.revision),
    structureRevision: record.structure_revision === null ? null : BigInt(record.structure_revision),
    member: toMember(record),
  };
}

function toMember(record: MemberRecord): Member | null {
  const { user_id: userId, account_role: accountRole, user_status: status } = record;
  if (userId === null || accountRole === null || status === null) return null;
  return { userId, accountRole, status, membership: toMembership(record) };
}

function toMembership(record: MemberRecord): Membership | null {
  const { role_key: roleKey, membership_status: status, customer_id: customerId, expires_at: expiresAt } = record;
  if (roleKey === null || status === null) return null;
  const overrides = new Map<string, Override>();
  for (const [departmentId, role, ends] of record.overrides ?? []) {
    overrides.set(departmentId, { roleKey: role, expiresAt: ends === null ? null : Date.parse(ends) });
  }
  return { status, roleKey, customerId, expiresAt: expiresAt?.getTime() ?? null, overrides };
}
