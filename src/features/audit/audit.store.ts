import { v7 as uuidv7 } from 'uuid';
import type { Page, PageRequest } from '../../domain/page.js';
import { badInput } from '../../errors.js';
import { AuditEventRow } from '../../storage/entities/records.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import { type AuditRecord, CHAIN_START, chainHash } from './audit-chain.js';

export interface AuditEvent extends AuditRecord {
  readonly hash: string;
}

export class AuditStore extends Store {
  /** Appends to the chain. Whoever calls holds the lock on the chain's tenant or, for '', on the platform. */
  async append(record: Omit<AuditRecord, 'id'>, tx: Transaction): Promise<void> {
    const events = this.db(tx).getRepository(AuditEventRow);
    const last = await events.findOne({ where: { tenantId: record.tenantId }, order: { revision: 'DESC' } });
    const whole: AuditRecord = { ...record, id: uuidv7() };
    const hash = chainHash(last?.hash ?? CHAIN_START, whole);
    await events.insert({ ...whole, at: new Date(whole.at), hash });
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
