import { v7 as uuidv7 } from 'uuid';
import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import { badInput } from '../../errors.js';
import { AuditEventRow, PLATFORM_SCOPE } from '../../storage/entities/records.js';
import { readNestedPages } from '../../storage/nested-pages.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import { type AuditRecord, chainHash } from './audit-chain.js';
import { appendSql, HEAD_SQL, type HeadRecord } from './audit-heads.sql.js';

export interface AuditEvent extends AuditRecord {
  readonly hash: string;
}

export class AuditStore extends Store {
  /**
   * Appends to the chain. Whoever calls holds the lock on the chain's tenant or, for '', on the platform. What the event
   * follows is read there and not from the event before: were that one removed or changed, the chain shows it ever after.
   */
  async append(record: Omit<AuditRecord, 'id'>, tx: Transaction): Promise<void> {
    const whole: AuditRecord = { ...record, id: uuidv7() };
    const { tenantId, revision, id, at, actor, action, target, change } = whole;
    const owner = tenantId === PLATFORM_SCOPE ? 'platform' : 'tenants';
    const [head]: HeadRecord[] = await this.db(tx).query(HEAD_SQL[owner], [tenantId]);
    if (head === undefined) throw new Error(`no record of the audit chain of ${JSON.stringify(tenantId)}`);
    const hash = chainHash(head.audit_hash, whole);
    const values = [tenantId, revision.toString(), id, new Date(at), actor, action, target, change, hash];
    await this.db(tx).query(appendSql(owner), values);
  }

  /** The same page of each tenant's events, newest first, in the order of the tenants; the key is the revision. */
  async listOfTenants(tenantIds: readonly string[], request: PageRequest): Promise<Page<AuditEvent>[]> {
    if (request.after !== null) requireRevision(request.after);
    const keyset = { parent: 'tenantId', key: 'revision', direction: 'DESC' } as const;
    const pages = await readNestedPages(this.db(), AuditEventRow, keyset, tenantIds, request);
    return pages.map((page) => mapPage(page, toEvent));
  }
}

/** A cursor's key, which whoever reads this file can forge. */
function requireRevision(key: string): void {
  if (!/^\d{1,18}$/.test(key)) throw badInput('after', 'after must be a cursor that this very list returned.');
}

function toEvent(row: AuditEventRow): AuditEvent {
  return { ...row, at: row.at.getTime(), hash: row.hash.toString('hex') };
}
