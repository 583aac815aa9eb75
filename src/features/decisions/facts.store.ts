import type { DataSource } from 'typeorm';
import { Facts, type Member, type Membership, type MembershipStatus, type Override, type TenantFrame, type UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import { unavailable } from '../../errors.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import { toRole } from '../roles/custom-role.js';
import { FACTS_SQL, type FactsRecord } from './facts.sql.js';

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

/** What one statement says: everything of one tenant holds at one revision of it. */
export interface FactsReading {
  /** In the order of the pairs. */
  readonly members: readonly MemberReading[];
  /** By tenant id. */
  readonly frames: ReadonlyMap<string, TenantFrame>;
}

/** Reads what decisions need to know. */
export class FactsStore extends Store {
  constructor(
    dataSource: DataSource,
    private readonly matrices: MatrixRegistry,
  ) {
    super(dataSource);
  }

  /**
   * Members, and the frames of those tenants asked for that exist. One statement, plus one for each matrix that this node has not
   * met in that form; the frames of a matrix that another node brings in between are left out.
   */
  async read(pairs: readonly Pair[], withFrames: ReadonlySet<string>, tx?: Transaction): Promise<FactsReading> {
    const left = new Set(withFrames);
    const columns = [pairs.map((pair) => pair.tenantId), pairs.map((pair) => pair.userId), pairs.map((pair) => left.delete(pair.tenantId))];
    const records: FactsRecord[] = await this.db(tx).query(FACTS_SQL, columns);
    const frames = new Map<string, TenantFrame>();
    for (const [i, record] of records.entries()) {
      const frame = await this.toFrame(pairs[i]!.tenantId, record, tx);
      if (frame !== null) frames.set(frame.tenantId, frame);
    }
    return { members: records.map((record, i) => ({ ...pairs[i]!, ...toReading(record) })), frames };
  }

  /**
   * The facts of one user in one tenant, inside a transaction that has locked the tenant. A frame at hand will do where it
   * is of the tenant's structure as it is now.
   */
  async readLocked(pair: Pair, tx: Transaction, atHand?: TenantFrame): Promise<Facts> {
    const { tenantId } = pair;
    const { members: [reading], frames } = await this.read([pair], new Set(atHand === undefined ? [tenantId] : []), tx);
    const { member, revision, structureRevision } = reading!;
    if (revision === null) return new Facts(null, member, revision);
    const frame = atHand?.structureRevision === structureRevision ? atHand : frames.get(tenantId);
    if (frame !== undefined) return new Facts(frame, member, revision);
    if (atHand !== undefined) return this.readLocked(pair, tx);
    throw unavailable(new Error(`the role matrix of tenant ${tenantId} changed while it was read`));
  }

  private async toFrame(tenantId: string, { frame, structure_revision }: FactsRecord, tx?: Transaction): Promise<TenantFrame | null> {
    if (frame === null || structure_revision === null) return null;
    const { status, planKey: key, planTitle: title, planFeatures, matrixKey, matrixDigest } = frame;
    const matrix = await this.matrices.at(matrixKey, matrixDigest, tx);
    if (matrix === null) return null;
    return {
      tenantId,
      status,
      plan: { key, title, features: new Set(planFeatures) },
      matrix,
      customRoles: new Map(frame.roles.map((role) => [role.key, toRole(role, matrix)])),
      departments: new Set(frame.departments),
      customers: new Set(frame.customers),
      structureRevision: BigInt(structure_revision),
    };
  }
}

function toReading(record: FactsRecord): Omit<MemberReading, keyof Pair> {
  return {
    revision: record.revision === null ? null : BigInt(record.revision),
    structureRevision: record.structure_revision === null ? null : BigInt(record.structure_revision),
    member: toMember(record),
  };
}

function toMember(record: FactsRecord): Member | null {
  const { user_id: userId, account_role: accountRole, user_status: status } = record;
  if (userId === null || accountRole === null || status === null) return null;
  return { userId, accountRole: shared(accountRole), status: shared(status), membership: toMembership(record) };
}

function toMembership(record: FactsRecord): Membership | null {
  const { role_key: roleKey, membership_status: status, customer_id: customerId, expires_at: expiresAt } = record;
  if (roleKey === null || status === null) return null;
  const overrides = record.overrides === null ? NO_OVERRIDES : toOverrides(record.overrides);
  return { status: shared(status), roleKey, customerId, expiresAt: expiresAt?.getTime() ?? null, overrides };
}

/** What all members have in common is one and the same text, and compared without a look at its letters. */
function shared<Text extends AccountRole | UserStatus | MembershipStatus>(text: Text): Text {
  return SHARED.find((known): known is Text => known === text) ?? text;
}

const SHARED: readonly (AccountRole | UserStatus | MembershipStatus)[] = ['ACTIVE', 'MEMBER', 'SUSPENDED', 'DISABLED', 'OWNER', 'ADMIN', 'VIEWER'];

/** Shared, since most members have none. */
const NO_OVERRIDES: ReadonlyMap<string, Override> = new Map();

function toOverrides(records: NonNullable<FactsRecord['overrides']>): ReadonlyMap<string, Override> {
  return new Map(records.map(([departmentId, roleKey, ends]) => [departmentId, { roleKey, expiresAt: ends === null ? null : Date.parse(ends) }]));
}
