import type { DataSource } from 'typeorm';
import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import type { TenantPartRow } from '../../storage/entities/tenants.js';
import { readNestedPages } from '../../storage/nested-pages.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** A department or a customer: a named part of one tenant. */
export interface TenantPart {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
}

export type TenantPartKey = Pick<TenantPart, 'tenantId' | 'id'>;

export class TenantPartStore extends Store {
  constructor(
    dataSource: DataSource,
    private readonly entity: new () => TenantPartRow,
  ) {
    super(dataSource);
  }

  async find(tenantId: string, id: string, tx?: Transaction): Promise<TenantPart | null> {
    const row = await this.db(tx).getRepository(this.entity).findOneBy({ tenantId, id });
    return row && toPart(row);
  }

  /** In the order of the keys; null for each that does not exist. */
  async findAll(keys: readonly TenantPartKey[]): Promise<(TenantPart | null)[]> {
    const { tableName: table } = this.db().getRepository(this.entity).metadata;
    const read = { table, keys: ['tenant_id', 'id'], columns: { tenantId: 'tenant_id', id: 'id', name: 'name' }, order: 'id' } as const;
    const found = await this.readByPairs<TenantPart>(read, keys.map(({ tenantId, id }) => [tenantId, id]));
    return found.map(([part]) => (part === undefined ? null : toPart(part)));
  }

  /** The same page of each tenant's parts, in the order of the tenants. */
  async listOfTenants(tenantIds: readonly string[], request: PageRequest): Promise<Page<TenantPart>[]> {
    const pages = await readNestedPages(this.db(), this.entity, { parent: 'tenantId', key: 'id' }, tenantIds, request);
    return pages.map((page) => mapPage(page, toPart));
  }

  async insert(part: TenantPart, createdAt: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(this.entity).insert({ ...part, createdAt });
  }

  async rename({ tenantId, id, name }: TenantPart, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(this.entity).update({ tenantId, id }, { name });
  }

  async delete(tenantId: string, id: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(this.entity).delete({ tenantId, id });
  }
}

function toPart({ tenantId, id, name }: TenantPart): TenantPart {
  return { tenantId, id, name };
}
