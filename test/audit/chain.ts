import type { EntityManager } from 'typeorm';
import { type AuditRecord, CHAIN_START, chainHash } from '../../src/features/audit/audit-chain.js';
import { AuditChainStore } from '../../src/features/audit/audit-chains.store.js';
import { AuditVerification } from '../../src/features/audit/audit-verification.js';
import type { StoredEvent } from '../../src/features/audit/chain-walk.js';
import type { Database } from '../../src/storage/data-source.js';
import { Transactions } from '../../src/storage/transaction.js';
import { SILENT } from '../support/logs.js';

export type Sql = (text: string, parameters?: readonly unknown[]) => Promise<unknown>;

/** The audit chains of a database, for those who look after them and for those who lay hands on them. */
export class Chains {
  readonly verification: AuditVerification;
  private readonly store: AuditChainStore;
  private readonly transactions: Transactions;

  constructor(private readonly database: Database) {
    this.store = new AuditChainStore(database.dataSource);
    this.transactions = new Transactions(database.dataSource, { log: SILENT });
    this.verification = new AuditVerification(this.store, this.transactions);
  }

  /** All events of a chain, by revision. */
  events(tenantId: string): Promise<StoredEvent[]> {
    return this.transactions.snapshot((tx) => this.store.listEvents(tenantId, null, 10_000, tx));
  }

  /** Runs SQL as a superuser who has switched off every trigger and foreign key. */
  async tamper(work: (sql: Sql) => Promise<unknown>): Promise<void> {
    await this.database.dataSource.transaction(async (manager: EntityManager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await work((text, parameters = []) => manager.query(text, [...parameters]));
    });
  }

  /** What verification finds, `<place of the event>: <what>`, where events are called by their places among `known`. */
  async findings(tenantId: string, known: readonly StoredEvent[]): Promise<string[]> {
    const report = await this.verification.verify(tenantId);
    const places = new Map(known.map((event, place) => [event.id, `#${place}`]));
    return (report?.findings ?? []).map(({ eventId, what }) => `${eventId === null ? 'chain' : (places.get(eventId) ?? 'new')}: ${what}`);
  }
}

export const INSERT = `INSERT INTO audit_events (tenant_id, revision, id, at, actor, action, target, change, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

export function row(record: AuditRecord, hash: Buffer): unknown[] {
  const { tenantId, revision, id, at, actor, action, target, change } = record;
  return [tenantId, revision.toString(), id, new Date(at), actor, action, target, change, hash];
}

/** The same chain with its hashes made anew, as whoever knows the rule can. */
export function rehashed(records: readonly AuditRecord[], start: Buffer = CHAIN_START): StoredEvent[] {
  let previous = start;
  return records.map((record) => ({ ...record, hash: (previous = chainHash(previous, record)) }));
}
