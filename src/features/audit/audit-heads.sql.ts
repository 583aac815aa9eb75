/** Where the head of a chain is kept: on the row of its tenant, or of the platform. */
type HeadTable = 'tenants' | 'platform';

export interface HeadRecord {
  readonly audit_count: string;
  readonly audit_hash: Buffer;
}

const ROW: Readonly<Record<HeadTable, string>> = { tenants: 'id = $1', platform: `$1 = ''` };

/** $1: the tenant's id, or '' for the platform. */
export const HEAD_SQL: Readonly<Record<HeadTable, string>> = {
  tenants: `SELECT audit_count, audit_hash FROM tenants WHERE ${ROW.tenants}`,
  platform: `SELECT audit_count, audit_hash FROM platform WHERE ${ROW.platform}`,
};

/** The event and the head that knows of it, by one statement: no code path writes one of them alone. */
export function appendSql(table: HeadTable): string {
  return `
    WITH head AS (UPDATE ${table} SET audit_count = audit_count + 1, audit_hash = $9 WHERE ${ROW[table]})
    INSERT INTO audit_events (tenant_id, revision, id, at, actor, action, target, change, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
}
