import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant, and the platform, know of their audit chains: without it, events gone from a chain's end would not be missed. */
export class AuditHeads1790000000009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // audit_hash: of the last event, which the next one follows. A chain without events starts from 32 zero bytes.
    for (const table of ['tenants', 'platform']) {
      await db.query(`
        ALTER TABLE ${table}
          ADD audit_count bigint NOT NULL DEFAULT 0 CHECK (audit_count >= 0),
          ADD audit_hash bytea NOT NULL DEFAULT '\\x${'00'.repeat(32)}' CHECK (octet_length(audit_hash) = 32)`);
    }
    const heads = `
      SELECT DISTINCT ON (tenant_id) tenant_id, hash, count(*) OVER (PARTITION BY tenant_id) AS events
      FROM audit_events ORDER BY tenant_id, revision DESC`;
    await db.query(`UPDATE tenants SET audit_count = events, audit_hash = hash FROM (${heads}) AS heads WHERE tenant_id = id`);
    await db.query(`UPDATE platform SET audit_count = events, audit_hash = hash FROM (${heads}) AS heads WHERE tenant_id = ''`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['tenants', 'platform']) await db.query(`ALTER TABLE ${table} DROP audit_count, DROP audit_hash`);
  }
}
