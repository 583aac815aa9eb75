import type { GatewayForTests } from '../support/gateway.js';
import { type AuditEvent, expectChained } from './audit-trail.js';

/** The platform's chain, oldest first, verified. No field of the schema shows it. */
export async function platformLog({ gateway }: GatewayForTests): Promise<AuditEvent[]> {
  const rows = await gateway.database.dataSource.query<
    (Omit<AuditEvent, 'at' | 'hash'> & { readonly at: Date; readonly hash: Buffer })[]
  >("SELECT id, revision, at, actor, action, target, change, hash FROM audit_events WHERE tenant_id = '' ORDER BY revision");
  const events = rows.map((row) => ({ ...row, at: row.at.toISOString(), hash: row.hash.toString('hex') }));
  expectChained('', events);
  return events;
}
