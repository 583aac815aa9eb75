import { In, LessThanOrEqual } from 'typeorm';
import type { MembershipStatus } from '../../domain/facts.js';
import type { AccountRole, RoleKind } from '../../domain/matrix.js';
import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import { DepartmentOverrideRow, MembershipRow } from '../../storage/entities/memberships.js';
import { type RowCondition, readNestedPages } from '../../storage/nested-pages.js';
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

/** The overrides of one department, or those of one custom role. */
export type OverridesOf =
  | { readonly tenantId: string; readonly departmentId: string }
  | { readonly tenantId: string; readonly roleKey: string; readonly roleKind: 'CUSTOM' };

export type MemberKey = Pick<MembershipRecord, 'tenantId' | 'userId'>;

export interface MemberFilter {
  readonly roleKey: string | null;
  readonly departmentId: string | null;
  readonly customerId: string | null;
}

type OverrideFound = Omit<OverrideRecord, 'expiresAt'> & { readonly expiresAt: Date | null };

const OVERRIDES = {
  table: 'department_overrides',
  keys: ['tenant_id', 'user_id'],
  columns: {
    tenantId: 'tenant_id', userId: 'user_id', departmentId: 'department_id', matrixKey: 'matrix_key', roleKey: 'role_key', roleKind: 'role_kind',
    expiresAt: 'expires_at',
  },
  order: 'department_id',
} as const;

/** A department lets those through who have an override in it. */
const MEMBER_FILTERS: Readonly<Record<keyof MemberFilter, RowCondition['sql']>> = {
  roleKey: (place) => `t.role_key = ${place}`,
  customerId: (place) => `t.customer_id = ${place}`,
  departmentId: (place) => `EXISTS (SELECT FROM department_overrides d
    WHERE d.tenant_id = t.tenant_id AND d.user_id = t.user_id AND d.department_id = ${place})`,
};

function toConditions(filter: MemberFilter): RowCondition[] {
  return (['roleKey', 'customerId', 'departmentId'] as const).flatMap((name) => {
    const value = filter[name];
    return value === null ? [] : [{ sql: MEMBER_FILTERS[name], value }];
  });
}

export class MembershipStore extends Store {
  async find(tenantId: string, userId: string, tx?: Transaction): Promise<MembershipRecord | null> {
    const row = await this.db(tx).getRepository(MembershipRow).findOneBy({ tenantId, userId });
    return row && toRecord(row);
  }

  /** In the order of the keys; null for each that does not exist. */
  async findAll(keys: readonly MemberKey[]): Promise<(MembershipRecord | null)[]> {
    const rows = await this.db().getRepository(MembershipRow).find({ where: keys.map(({ tenantId, userId }) => ({ tenantId, userId })) });
    return keys.map((key) => {
      const row = rows.find(({ tenantId, userId }) => tenantId === key.tenantId && userId === key.userId);
      return row === undefined ? null : toRecord(row);
    });
  }

  /** The same page of each tenant's members, by id, in the order of the tenants. */
  async listOfTenants(tenantIds: readonly string[], request: PageRequest, filter: MemberFilter): Promise<Page<MembershipRecord>[]> {
    const keyset = { parent: 'tenantId', key: 'userId', conditions: toConditions(filter) } as const;
    const pages = await readNestedPages(this.db(), MembershipRow, keyset, tenantIds, request);
    return pages.map((page) => mapPage(page, toRecord));
  }

  /** The same page of each user's memberships, by tenant, in the order of the users. */
  async listOfUsers(userIds: readonly string[], request: PageRequest): Promise<Page<MembershipRecord>[]> {
    const pages = await readNestedPages(this.db(), MembershipRow, { parent: 'userId', key: 'tenantId' }, userIds, request);
    return pages.map((page) => mapPage(page, toRecord));
  }

  async listTenantIdsOf(userId: string, tx?: Transaction): Promise<string[]> {
    const rows = await this.db(tx).getRepository(MembershipRow).find({ select: { tenantId: true, userId: true }, where: { userId }, order: { tenantId: 'ASC' } });
    return rows.map((row) => row.tenantId);
  }

  /** Which account roles the members have whose primary role is the custom role of this key. */
  async listAccountRolesOf({ tenantId, roleKey }: { tenantId: string; roleKey: string }, tx: Transaction): Promise<AccountRole[]> {
    const rows: { accountRole: AccountRole }[] = await this.db(tx).query(
      `SELECT DISTINCT u.account_role AS "accountRole" FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant_id = $1 AND m.custom_role = $2`,
      [tenantId, roleKey],
    );
    return rows.map(({ accountRole }) => accountRole);
  }

  /** The owner of each tenant, in the order of the tenants; null where there is none. */
  async findOwnerIds(tenantIds: readonly string[], tx?: Transaction): Promise<(string | null)[]> {
    const rows = await this.db(tx).getRepository(MembershipRow).findBy({ tenantId: In([...tenantIds]), isOwner: true });
    const byTenant = new Map(rows.map((row) => [row.tenantId, row.userId]));
    return tenantIds.map((tenantId) => byTenant.get(tenantId) ?? null);
  }

  /** The overrides of each member, by department, in the order of the members. */
  async listOverrides(members: readonly MemberKey[], tx?: Transaction): Promise<OverrideRecord[][]> {
    const rows = await this.readByPairs<OverrideFound>(OVERRIDES, members.map(({ tenantId, userId }) => [tenantId, userId]), tx);
    return rows.map((held) => held.map(toOverride));
  }

  /** The admins who count, the owner among them: what makes one is the view's to say. The named user is left out. */
  async countAdminsBeside(tenantId: string, userId: string, tx: Transaction): Promise<number> {
    const rows: { count: string }[] = await this.db(tx).query(
      'SELECT count(*) FROM tenant_leaders WHERE tenant_id = $1 AND user_id <> $2',
      [tenantId, userId],
    );
    return Number(rows[0]!.count);
  }

  /** The tenants that the user owns, or that no admin who counts would be left to. */
  async listTenantsInNeedOf(userId: string, tx: Transaction): Promise<{ tenantId: string; isOwner: boolean }[]> {
    return this.db(tx).query(
      `SELECT m.tenant_id AS "tenantId", m.is_owner AS "isOwner" FROM memberships m JOIN tenants t ON t.id = m.tenant_id AND t.deleted_at IS NULL
       WHERE m.user_id = $1 AND (m.is_owner OR m.is_admin AND m.status = 'ACTIVE' AND NOT EXISTS (
         SELECT FROM tenant_leaders l WHERE l.tenant_id = m.tenant_id AND l.user_id <> m.user_id))
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

  /** Returns how many there were. */
  async deleteExpiredOverrides(overrides: OverridesOf, now: number, tx: Transaction): Promise<number> {
    const expired = { ...overrides, expiresAt: LessThanOrEqual(new Date(now)) };
    const { affected } = await this.db(tx).getRepository(DepartmentOverrideRow).delete(expired);
    return affected ?? 0;
  }
}

function toRecord(row: MembershipRow): MembershipRecord {
  const { tenantId, userId, matrixKey, roleKey, roleKind, status, customerId } = row;
  return { tenantId, userId, matrixKey, roleKey, roleKind, status, customerId, expiresAt: row.expiresAt?.getTime() ?? null };
}

function toOverride(row: OverrideFound): OverrideRecord {
  const { tenantId, userId, departmentId, matrixKey, roleKey, roleKind } = row;
  return { tenantId, userId, departmentId, matrixKey, roleKey, roleKind, expiresAt: row.expiresAt?.getTime() ?? null };
}

function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
