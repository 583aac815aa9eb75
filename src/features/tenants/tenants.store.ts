import { In, IsNull, Not } from 'typeorm';
import type { TenantStatus } from '../../domain/facts.js';
import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import { TenantRow } from '../../storage/entities/tenants.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import type { Touched } from '../changes/tenant-change.js';

export interface TenantRecord {
  readonly id: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly planKey: string;
  readonly matrixKey: string;
  readonly revision: bigint;
}

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  readonly planKey: string;
  readonly matrixKey: string;
  readonly createdAt: Date;
}

export class TenantStore extends Store {
  async find(id: string, tx?: Transaction): Promise<TenantRecord | null> {
    // With each list and each change: TypeORM takes longer to build the statement than the database to carry it out.
    const [row]: (Omit<TenantRecord, 'revision'> & { revision: string })[] = await this.db(tx).query(
      'SELECT id, name, status, plan_key AS "planKey", matrix_key AS "matrixKey", revision FROM tenants WHERE id = $1 AND deleted_at IS NULL',
      [id],
    );
    return row === undefined ? null : { ...row, revision: BigInt(row.revision) };
  }

  /** In the order of the ids; null for each that does not exist. */
  async findAll(ids: readonly string[]): Promise<(TenantRecord | null)[]> {
    const rows = await this.db().getRepository(TenantRow).findBy({ id: In([...ids]), deletedAt: IsNull() });
    const byId = new Map(rows.map((row) => [row.id, toRecord(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Takes the tenant's row, which whoever changes anything of the tenant takes first. */
  async lock(id: string, tx: Transaction): Promise<TenantRecord | null> {
    const row = await this.db(tx)
      .getRepository(TenantRow)
      .findOne({ where: { id, deletedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
    return row && toRecord(row);
  }

  /** All tenants, or those of them that are named. */
  async list(request: PageRequest, among: readonly string[] | null): Promise<Page<TenantRecord>> {
    const where = { deletedAt: IsNull(), ...(among === null ? {} : { id: In([...among]) }) };
    return mapPage(await this.listPage(TenantRow, { where, key: 'id' }, request), toRecord);
  }

  /** The tenants beside the one named: how many there are, and the first of them by id. */
  async findOthers(id: string): Promise<{ readonly count: number; readonly first: string | null }> {
    const [rows, count] = await this.db().getRepository(TenantRow).findAndCount({ where: { id: Not(id), deletedAt: IsNull() }, order: { id: 'ASC' }, take: 1 });
    return { count, first: rows[0]?.id ?? null };
  }

  async insert(tenant: NewTenant, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(TenantRow).insert({ ...tenant, status: 'ACTIVE', revision: 1n, structureRevision: 1n, deletedAt: null });
  }

  async update(id: string, change: Partial<Pick<TenantRecord, 'name' | 'planKey' | 'status'>>, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(TenantRow).update({ id }, change);
  }

  async delete(id: string, at: Date, tx: Transaction): Promise<void> {
    const db = this.db(tx);
    await db.query('UPDATE api_keys SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL', [id, at]);
    for (const table of ['invitations', 'department_overrides', 'memberships', 'roles', 'departments', 'customers']) {
      await db.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [id]);
    }
    await db.getRepository(TenantRow).update({ id }, { deletedAt: at });
  }

  /** One up, and into the log of changes; the structure's revision with it where everybody's permissions may differ. */
  async raiseRevision(id: string, touches: Touched, tx: Transaction): Promise<bigint> {
    const set = touches === 'everybody' ? 'revision = revision + 1, structure_revision = revision + 1' : 'revision = revision + 1';
    const [row]: { revision: string }[] = await this.db(tx).query(
      `WITH raised AS (UPDATE tenants SET ${set} WHERE id = $1 RETURNING id, revision)
       INSERT INTO changes (tenant_id, revision, user_ids) SELECT id, revision, $2::text[] FROM raised RETURNING revision`,
      [id, touches === 'everybody' ? null : touches],
    );
    return BigInt(row!.revision);
  }
}

function toRecord(row: TenantRow): TenantRecord {
  const { id, name, status, planKey, matrixKey, revision } = row;
  return { id, name, status, planKey, matrixKey, revision };
}
