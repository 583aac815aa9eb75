import { PLATFORM_SCOPE } from '../../storage/entities/records.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import { HEAD_SQL, type HeadRecord } from './audit-heads.sql.js';
import type { ChainHead } from './chain-findings.js';
import type { StoredEvent } from './chain-walk.js';

interface EventRecord {
  readonly tenant_id: string;
  readonly revision: string;
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly change: string | null;
  readonly hash: Buffer;
}

// Exact to the microsecond: a Date would drop what somebody changed below the millisecond.
const EVENTS_SQL = `
  SELECT tenant_id, revision, id, (extract(epoch FROM at) * 1000)::text AS at, actor, action, target, change, hash
  FROM audit_events WHERE tenant_id = $1 AND ($2::bigint IS NULL OR revision > $2) ORDER BY revision LIMIT $3`;

const NEXT_SQL = `
  SELECT min(id) AS id FROM (
    SELECT min(id) AS id FROM tenants WHERE id > $1
    UNION ALL SELECT min(tenant_id) FROM audit_events WHERE tenant_id > $1
  ) AS chains`;

/** Latest moment that a Date can hold, in milliseconds since the epoch; the earliest is its negative. */
const LAST_DATE = 8.64e15;

/** Reads whole audit chains, as they are and not as they should be. */
export class AuditChainStore extends Store {
  /** What the tenant's or the platform's row knows of the chain; null where there is no such row. Deleted tenants keep theirs. */
  async findHead(tenantId: string, tx: Transaction): Promise<ChainHead | null> {
    const [record]: HeadRecord[] = await this.db(tx).query(HEAD_SQL[tenantId === PLATFORM_SCOPE ? 'platform' : 'tenants'], [tenantId]);
    return record === undefined ? null : { count: Number(record.audit_count), hash: record.audit_hash };
  }

  /** Up to `limit` events in the order of their revisions, behind the revision `after`. */
  async listEvents(tenantId: string, after: bigint | null, limit: number, tx: Transaction): Promise<StoredEvent[]> {
    const records: EventRecord[] = await this.db(tx).query(EVENTS_SQL, [tenantId, after?.toString() ?? null, limit]);
    return records.map(toStored);
  }

  /** The tenant whose id comes next, also where only events are left of it; null behind the last. */
  async findNext(after: string): Promise<string | null> {
    const [next]: { id: string | null }[] = await this.db().query(NEXT_SQL, [after]);
    return next?.id ?? null;
  }
}

function toStored({ tenant_id: tenantId, revision, at, ...rest }: EventRecord): StoredEvent {
  const time = Number(at);
  const isWritten = Number.isInteger(time) && Math.abs(time) <= LAST_DATE;
  return { ...rest, tenantId, revision: BigInt(revision), at: isWritten ? time : Number.NaN };
}
