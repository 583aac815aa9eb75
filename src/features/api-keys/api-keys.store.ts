import { IsNull } from 'typeorm';
import type { Capability } from '../../domain/capability.js';
import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import { ApiKeyRow, PLATFORM_SCOPE } from '../../storage/entities/records.js';
import { readNestedPages } from '../../storage/nested-pages.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** Times in milliseconds since the epoch. */
export interface ApiKeyRecord {
  readonly id: string;
  /** Null for a platform key. */
  readonly tenantId: string | null;
  readonly name: string;
  readonly capabilities: readonly Capability[];
  /** The person whose reach bounds what the key may hand out, and with whom it ends; null for the platform's own. */
  readonly boundTo: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewApiKey extends Omit<ApiKeyRecord, 'lastUsedAt' | 'revokedAt'> {
  readonly hash: Buffer;
  readonly madeBy: string;
}

export class ApiKeyStore extends Store {
  async find(tenantId: string | null, id: string, tx?: Transaction): Promise<ApiKeyRecord | null> {
    const row = await this.db(tx).getRepository(ApiKeyRow).findOneBy({ tenantId: tenantId ?? PLATFORM_SCOPE, id });
    return row && toRecord(row);
  }

  /** A caller presents nothing but the key's id and its secret. */
  async findWithHash(id: string): Promise<(ApiKeyRecord & { readonly hash: Buffer }) | null> {
    const row = await this.db().getRepository(ApiKeyRow).findOneBy({ id });
    return row && { ...toRecord(row), hash: row.secretHash };
  }

  /** The same page of each tenant's keys, in the order of the tenants. */
  async listOfTenants(tenantIds: readonly string[], request: PageRequest): Promise<Page<ApiKeyRecord>[]> {
    const pages = await readNestedPages(this.db(), ApiKeyRow, { parent: 'tenantId', key: 'id' }, tenantIds, request);
    return pages.map((page) => mapPage(page, toRecord));
  }

  async insert(key: NewApiKey, tx: Transaction): Promise<void> {
    const { id, name, capabilities, madeBy, boundTo, hash } = key;
    await this.db(tx).getRepository(ApiKeyRow).insert({
      tenantId: key.tenantId ?? PLATFORM_SCOPE,
      id,
      name,
      capabilities: [...capabilities],
      madeBy,
      boundTo,
      secretHash: hash,
      createdAt: new Date(key.createdAt),
      expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt),
    });
  }

  /** Ends the key, and with it those that it made, those that these made, and so on. Returns the others, by id. */
  async revoke(tenantId: string | null, id: string, at: Date, tx: Transaction): Promise<string[]> {
    const [ended]: [{ id: string }[]] = await this.db(tx).query(
      `WITH RECURSIVE ended (id) AS (
         SELECT id FROM api_keys WHERE tenant_id = $1 AND id = $2
         UNION SELECT made.id FROM api_keys made JOIN ended ON made.made_by = 'key:' || ended.id)
       UPDATE api_keys SET revoked_at = $3 WHERE id IN (SELECT id FROM ended) AND revoked_at IS NULL RETURNING id`,
      [tenantId ?? PLATFORM_SCOPE, id, at],
    );
    return ended.map((key) => key.id).filter((other) => other !== id).sort();
  }

  /** Ends the keys that a person's rights stand behind, in one tenant or everywhere. */
  async revokeBoundTo(userId: string, tenantId: string | null, at: Date, tx: Transaction): Promise<void> {
    const where = { boundTo: userId, revokedAt: IsNull(), ...(tenantId === null ? {} : { tenantId }) };
    await this.db(tx).getRepository(ApiKeyRow).update(where, { revokedAt: at });
  }

  /** Not a change of the tenant: a note for whoever tidies up. */
  async noteUse(id: string, at: Date): Promise<void> {
    await this.db().getRepository(ApiKeyRow).update({ id }, { lastUsedAt: at });
  }
}

function toRecord(row: ApiKeyRow): ApiKeyRecord {
  return {
    id: row.id,
    tenantId: row.tenantId === PLATFORM_SCOPE ? null : row.tenantId,
    name: row.name,
    capabilities: row.capabilities,
    boundTo: row.boundTo,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
  };
}
