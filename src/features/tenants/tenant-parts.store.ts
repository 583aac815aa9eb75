import { type DataSource, In } from 'typeorm';
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
    const tenantIds = [...new Set(keys.map((key) => key.tenantId))];
    const where = tenantIds.map((tenantId) => ({ tenantId, id: In(keys.filter((key) => key.tenantId === tenantId).map((key) => key.id)) }));
    const rows = await this.db().getRepository(this.entity).find({ where });
    return keys.map((key) => {
      const row = rows.find(({ tenantId, id }) => tenantId === key.tenantId && id === key.id);
      return row === undefined ? null : toPart(row);
    });
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

function toPart({ tenantId, id, name }: TenantPartRow): TenantPart {
  return { tenantId, id, name };
}
