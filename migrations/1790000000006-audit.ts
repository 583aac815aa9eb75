import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier } from './sql.js';

/** The audit log: a chain of hashes for each tenant, and one, under the tenant id '', for the platform. */
export class Audit1790000000006 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_events (
        tenant_id text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        ${identifier('id')},
        tenant_ref text COLLATE "C" GENERATED ALWAYS AS (NULLIF(tenant_id, '')) STORED REFERENCES tenants (id),
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        target text NOT NULL,
        change text,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (tenant_id, revision)
      )`);
    await db.query(`
      CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit events are never changed or removed' USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await db.query(`CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_events
      FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()`);
    await db.query(`CREATE TRIGGER audit_is_never_truncated BEFORE TRUNCATE ON audit_events
      FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_events');
    await db.query('DROP FUNCTION audit_is_append_only()');
  }
}
