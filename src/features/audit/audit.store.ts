import { v7 as uuidv7 } from 'uuid';
import type { Page, PageRequest } from '../../domain/page.js';
import { badInput } from '../../errors.js';
import { AuditEventRow, PLATFORM_SCOPE } from '../../storage/entities/records.js';
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

  /** Newest first; the key is the revision. */
  async list(tenantId: string, request: PageRequest): Promise<Page<AuditEvent>> {
    const keyset = { where: { tenantId }, key: 'revision', direction: 'DESC', parseKey: toRevision } as const;
    const page = await this.listPage(AuditEventRow, keyset, request);
    return { ...page, items: page.items.map(toEvent) };
  }
}

/** A cursor's key, which whoever reads this file can forge. */
function toRevision(key: string): bigint {
  if (!/^\d{1,18}$/.test(key)) throw badInput('after', 'after must be a cursor that this very list returned.');
  return BigInt(key);
}

function toEvent(row: AuditEventRow): AuditEvent {
  return { ...row, at: row.at.getTime(), hash: row.hash.toString('hex') };
}
