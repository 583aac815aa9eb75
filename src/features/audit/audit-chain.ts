import { createHash } from 'node:crypto';

/** What one event says, without its hash. */
export interface AuditRecord {
  readonly tenantId: string;
  readonly revision: bigint;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly change: string | null;
}

/** What the first event of a chain follows. */
export const CHAIN_START = Buffer.alloc(32);

/**
 * SHA-256 over the hash of the event before and every field of this one. JSON text of a fixed list of fields keeps two
 * different events from ever being the same bytes.
 */
export function chainHash(previous: Buffer, record: AuditRecord): Buffer {
  const { tenantId, revision, id, at, actor, action, target, change } = record;
  const fields = JSON.stringify([tenantId, revision.toString(), id, new Date(at).toISOString(), actor, action, target, change]);
  return createHash('sha256').update(previous).update(fields).digest();
}
