import { Store } from '../../storage/store.js';
import type { TenantChange } from './tenant-change.js';

/** What was committed between two moments. */
export interface Interval {
  /** The later moment, as a snapshot of PostgreSQL: `xmin:xmax:running`. */
  readonly cursor: string;
  /** Which database was read: another one where a copy was put in its place or a standby took over. */
  readonly database: string;
  /** Of each tenant in the order of its revisions. */
  readonly tenantChanges: readonly TenantChange[];
  readonly haveCallersChanged: boolean;
}

/** The tenant id under which changes to callers are logged: no tenant can have it. */
const CALLERS = '';
/** How many rows one statement removes at most. */
const PRUNED_AT_ONCE = 10_000;

/** The cluster, the database in it, and the timeline, which begins anew wherever the past of the database may have changed. */
const DATABASE = `concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()), left(pg_walfile_name(pg_current_wal_lsn()), 8))`;

/** A place in the log of one tenant. */
export interface LogPlace {
  readonly tenantId: string;
  /** The last revision that is known already; null for the tenant's own, so that nothing follows it. */
  readonly after: bigint | null;
}

/** What the log has after a place. */
export interface LogPage {
  /** The tenant's revision; null where there is no such tenant, or no longer. */
  readonly revision: bigint | null;
  /** The first after the place, in their order. */
  readonly changes: readonly TenantChange[];
}

interface LoggedAfter {
  readonly place: string;
  readonly current: string | null;
  readonly revision: string | null;
  readonly user_ids: readonly string[] | null;
}

type LoggedChange = readonly [tenantId: string, revision: string, userIds: readonly string[] | null];

/** The log of changes: one row for each revision of a tenant, and for each change to who may call. */
export class ChangeStore extends Store {
  /**
   * What has committed since the cursor was taken, and a new cursor; without one, nothing but the cursor. Exact whatever the
   * order in which transactions committed: a row counts where its transaction was not visible to the cursor's snapshot. Rows
   * that were copied from another cluster, whose transactions have not begun in this one, would otherwise count each time.
   */
  async readSince(cursor: string | null): Promise<Interval> {
    const [row]: { cursor: string; database: string; logged: LoggedChange[] }[] = await this.db().query(
      `SELECT pg_current_snapshot()::text AS cursor, ${DATABASE} AS database, (
         SELECT coalesce(json_agg(json_build_array(c.tenant_id, c.revision::text, c.user_ids) ORDER BY c.revision), '[]')
         FROM changes c
         WHERE c.changed_in >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(c.changed_in, $1::pg_snapshot)
           AND c.changed_in < pg_snapshot_xmax(pg_current_snapshot())
       ) AS logged`,
      [cursor],
    );
    const { logged, cursor: reached, database } = row!;
    const ofTenants = logged.filter(([tenantId]) => tenantId !== CALLERS);
    return { cursor: reached, database, tenantChanges: ofTenants.map(toChange), haveCallersChanged: ofTenants.length < logged.length };
  }

  /** What follows each place, at most `limit` changes of it: all of one moment, and read by one statement. */
  async readAfter(places: readonly LogPlace[], limit: number): Promise<LogPage[]> {
    const rows: LoggedAfter[] = await this.db().query(
      `SELECT asked.place, t.revision AS current, c.revision, c.user_ids
       FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS asked (tenant_id, after, place)
       LEFT JOIN tenants t ON t.id = asked.tenant_id AND t.deleted_at IS NULL
       LEFT JOIN LATERAL (
         SELECT logged.revision, logged.user_ids FROM changes logged
         WHERE logged.tenant_id = asked.tenant_id AND logged.revision > asked.after
         ORDER BY logged.revision LIMIT $3
       ) c ON true
       ORDER BY asked.place, c.revision`,
      [places.map((place) => place.tenantId), places.map((place) => place.after?.toString() ?? null), limit],
    );
    const pages = places.map(({ tenantId }) => ({ tenantId, revision: null as bigint | null, changes: [] as TenantChange[] }));
    for (const { place, current, revision, user_ids } of rows) {
      const page = pages[Number(place) - 1]!;
      page.revision = current === null ? null : BigInt(current);
      if (revision !== null) page.changes.push(toChange([page.tenantId, revision, user_ids]));
    }
    return pages;
  }

  /** Removes what nobody will ask for any more, oldest first; returns whether there may be more of it. */
  async prune(keptHours: number): Promise<boolean> {
    const [, removed]: [unknown, number] = await this.db().query(
      `DELETE FROM changes WHERE ctid = ANY (ARRAY(
         SELECT oldest.ctid FROM (SELECT ctid, at FROM changes ORDER BY changed_in LIMIT ${PRUNED_AT_ONCE}) oldest
         WHERE oldest.at < now() - make_interval(hours => $1)))`,
      [keptHours],
    );
    return removed === PRUNED_AT_ONCE;
  }
}

function toChange([tenantId, revision, userIds]: LoggedChange): TenantChange {
  return { tenantId, revision: BigInt(revision), touches: userIds ?? 'everybody' };
}
