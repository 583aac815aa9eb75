import { In } from 'typeorm';
import type { MembershipStatus } from '../../domain/facts.js';
import type { RoleKind } from '../../domain/matrix.js';
import { mapPage, type Page, type PageRequest, pageOf } from '../../domain/page.js';
import { DepartmentOverrideRow, MembershipRow } from '../../storage/entities/memberships.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** A role of a tenant, named so that the database can hold it to its matrix or its tenant. */
export interface RoleReference {
  readonly matrixKey: string;
  readonly roleKey: string;
  readonly roleKind: RoleKind;
}

export interface MembershipRecord extends RoleReference {
  readonly tenantId: string;
  readonly userId: string;
  readonly status: MembershipStatus;
  readonly customerId: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

export interface OverrideRecord extends RoleReference {
  readonly tenantId: string;
  readonly userId: string;
  readonly departmentId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

export type MemberKey = Pick<MembershipRecord, 'tenantId' | 'userId'>;

export interface MemberFilter {
  readonly roleKey: string | null;
  readonly departmentId: string | null;
  readonly customerId: string | null;
}

export class MembershipStore extends Store {
  async find(tenantId: string, userId: string, tx?: Transaction): Promise<MembershipRecord | null> {
    const row = await this.db(tx).getRepository(MembershipRow).findOneBy({ tenantId, userId });
    return row && toRecord(row);
  }

  /** The members of a tenant in the order of their ids; a department filters to those with an override there. */
  async listOfTenant(tenantId: string, filter: MemberFilter, request: PageRequest): Promise<Page<MembershipRecord>> {
    const matching = () => {
      const query = this.db().getRepository(MembershipRow).createQueryBuilder('m').where('m.tenantId = :tenantId', { tenantId });
      if (filter.roleKey !== null) query.andWhere('m.roleKey = :roleKey', { roleKey: filter.roleKey });
      if (filter.customerId !== null) query.andWhere('m.customerId = :customerId', { customerId: filter.customerId });
      if (filter.departmentId !== null) {
        query.andWhere(
          `EXISTS (SELECT FROM department_overrides d WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id AND d.department_id = :departmentId)`,
          { departmentId: filter.departmentId },
        );
      }
      return query;
    };
    const page = matching().orderBy('m.userId', 'ASC').limit(request.limit + 1);
    if (request.after !== null) page.andWhere('m.userId > :after', { after: request.after });
    return pageOf((await page.getMany()).map(toRecord), request, () => matching().getCount());
  }

  async listOfUser(userId: string, request: PageRequest): Promise<Page<MembershipRecord>> {
    return mapPage(await this.listPage(MembershipRow, { where: { userId }, key: 'tenantId' }, request), toRecord);
  }

  async listTenantIdsOf(userId: string, tx?: Transaction): Promise<string[]> {
    const rows = await this.db(tx).getRepository(MembershipRow).find({ select: { tenantId: true, userId: true }, where: { userId }, order: { tenantId: 'ASC' } });
    return rows.map((row) => row.tenantId);
  }

  /** The owner of each tenant, in the order of the tenants; null where there is none. */
  async findOwnerIds(tenantIds: readonly string[], tx?: Transaction): Promise<(string | null)[]> {
    const rows = await this.db(tx).getRepository(MembershipRow).findBy({ tenantId: In([...tenantIds]), isOwner: true });
    const byTenant = new Map(rows.map((row) => [row.tenantId, row.userId]));
    return tenantIds.map((tenantId) => byTenant.get(tenantId) ?? null);
  }

  /** The overrides of each member, by department, in the order of the members. */
  async listOverrides(members: readonly MemberKey[], tx?: Transaction): Promise<OverrideRecord[][]> {
    const rows: DepartmentOverrideRow[] = await this.db(tx)
      .getRepository(DepartmentOverrideRow)
      .createQueryBuilder('o')
      .where('(o.tenantId, o.userId) IN (SELECT * FROM unnest(CAST(:tenants AS text[]), CAST(:users AS text[])))', {
        tenants: members.map((member) => member.tenantId),
        users: members.map((member) => member.userId),
      })
      .orderBy('o.departmentId', 'ASC')
      .getMany();
    return members.map(({ tenantId, userId }) =>
      rows.filter((row) => row.tenantId === tenantId && row.userId === userId).map(toOverride),
    );
  }

  /** Active, unexpiring admins of the tenant's staff, the owner among them, whose accounts are enabled; the named user left out. */
  async countAdminsBeside(tenantId: string, userId: string, tx: Transaction): Promise<number> {
    const rows: { count: string }[] = await this.db(tx).query(
      `SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
       WHERE m.tenant_id = $1 AND m.user_id <> $2 AND m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL AND m.customer_id IS NULL
         AND u.status = 'ACTIVE' AND u.account_role <> 'VIEWER'`,
      [tenantId, userId],
    );
    return Number(rows[0]!.count);
  }

  /** The tenants that the user owns, or whose last active, unexpiring admin with an enabled account the user is. */
  async listTenantsInNeedOf(userId: string, tx: Transaction): Promise<{ tenantId: string; isOwner: boolean }[]> {
    return this.db(tx).query(
      `SELECT m.tenant_id AS "tenantId", m.is_owner AS "isOwner" FROM memberships m JOIN tenants t ON t.id = m.tenant_id AND t.deleted_at IS NULL
       WHERE m.user_id = $1 AND (m.is_owner OR m.is_admin AND m.status = 'ACTIVE' AND NOT EXISTS (
         SELECT FROM memberships o JOIN users u ON u.id = o.user_id AND u.status = 'ACTIVE' AND u.account_role <> 'VIEWER'
         WHERE o.tenant_id = m.tenant_id AND o.user_id <> m.user_id AND o.is_admin AND o.status = 'ACTIVE' AND o.expires_at IS NULL AND o.customer_id IS NULL))
       ORDER BY m.is_owner DESC, m.tenant_id`,
      [userId],
    );
  }

  async insert(membership: MembershipRecord, createdAt: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(MembershipRow).insert({ ...membership, expiresAt: toDate(membership.expiresAt), createdAt });
  }

  async update(membership: MembershipRecord, tx: Transaction): Promise<void> {
    const { tenantId, userId, roleKey, roleKind, status, customerId, expiresAt } = membership;
    const change = { roleKey, roleKind, status, customerId, expiresAt: toDate(expiresAt) };
    await this.db(tx).getRepository(MembershipRow).update({ tenantId, userId }, change);
  }

  /** Removes the membership, and with it the overrides that it had. */
  async delete(tenantId: string, userId: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(MembershipRow).delete({ tenantId, userId });
  }

  async findOverride(member: MemberKey, departmentId: string, tx: Transaction): Promise<OverrideRecord | null> {
    const { tenantId, userId } = member;
    const row = await this.db(tx).getRepository(DepartmentOverrideRow).findOneBy({ tenantId, userId, departmentId });
    return row && toOverride(row);
  }

  async putOverride(override: OverrideRecord, createdAt: Date, tx: Transaction): Promise<void> {
    await this.db(tx)
      .getRepository(DepartmentOverrideRow)
      .upsert({ ...override, expiresAt: toDate(override.expiresAt), createdAt }, ['tenantId', 'userId', 'departmentId']);
  }

  async deleteOverride(member: MemberKey, departmentId: string, tx: Transaction): Promise<void> {
    const { tenantId, userId } = member;
    await this.db(tx).getRepository(DepartmentOverrideRow).delete({ tenantId, userId, departmentId });
  }
}

function toRecord(row: MembershipRow): MembershipRecord {
  const { tenantId, userId, matrixKey, roleKey, roleKind, status, customerId } = row;
  return { tenantId, userId, matrixKey, roleKey, roleKind, status, customerId, expiresAt: row.expiresAt?.getTime() ?? null };
}

function toOverride(row: DepartmentOverrideRow): OverrideRecord {
  const { tenantId, userId, departmentId, matrixKey, roleKey, roleKind } = row;
  return { tenantId, userId, departmentId, matrixKey, roleKey, roleKind, expiresAt: row.expiresAt?.getTime() ?? null };
}

function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
