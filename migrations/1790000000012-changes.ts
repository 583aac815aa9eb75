import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What changed, for nodes that keep something at hand: a row for each revision of a tenant and, under the tenant id '',
 * for each change to who may call. `changed_in` is the transaction that wrote the row, so that a reader who remembers its
 * snapshot finds exactly what has committed since, in whatever order it did; times and sequences would miss some.
 */
export class Changes1790000000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // user_ids: whose memberships the change touched; null where anybody's permissions may differ by it.
    await db.query(`
      CREATE TABLE changes (
        tenant_id text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        user_ids text[] COLLATE "C",
        at timestamptz NOT NULL DEFAULT now(),
        changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (tenant_id, revision)
      )`);
    await db.query('CREATE INDEX changes_changed_in ON changes (changed_in)');
    await db.query('CREATE SEQUENCE caller_changes');
    await this.logRevisions(db);
    await this.logCallers(db);
  }

  /** Whoever raises a revision may say whom it touches; where nobody has, the log says that it may be anybody. */
  private async logRevisions(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION log_tenant_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO changes (tenant_id, revision) VALUES (NEW.id, NEW.revision) ON CONFLICT DO NOTHING;
        RETURN NULL;
      END $$`);
    await db.query(`CREATE TRIGGER tenants_log_founding AFTER INSERT ON tenants
      FOR EACH ROW EXECUTE FUNCTION log_tenant_change()`);
    await db.query(`CREATE TRIGGER tenants_log_revision AFTER UPDATE ON tenants
      FOR EACH ROW WHEN (NEW.revision > OLD.revision) EXECUTE FUNCTION log_tenant_change()`);
  }

  /** What somebody who calls may have lost or gained: their account, their sign-in, their key. */
  private async logCallers(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION log_caller_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO changes (tenant_id, revision) VALUES ('', nextval('caller_changes'));
        RETURN NULL;
      END $$`);
    const log = (table: string, when: string, condition: string): Promise<unknown> =>
      db.query(`CREATE TRIGGER ${table}_log_${when.toLowerCase()} AFTER ${when} ON ${table}
        FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION log_caller_change()`);
    await log('users', 'INSERT', `NEW.account_role = 'OWNER'`);
    await log('users', 'UPDATE', 'NEW.account_role <> OLD.account_role OR NEW.status <> OLD.status');
    await log('users', 'DELETE', 'true');
    await log('sign_ins', 'UPDATE', 'NEW.ended_at IS DISTINCT FROM OLD.ended_at OR NEW.expires_at <> OLD.expires_at');
    await log('sign_ins', 'DELETE', 'OLD.ended_at IS NULL');
    await log(
      'api_keys',
      'UPDATE',
      `NEW.revoked_at IS DISTINCT FROM OLD.revoked_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
        OR NEW.capabilities <> OLD.capabilities OR NEW.secret_hash <> OLD.secret_hash OR NEW.bound_to IS DISTINCT FROM OLD.bound_to`,
    );
    await log('api_keys', 'DELETE', 'OLD.revoked_at IS NULL');
  }

  async down(db: QueryRunner): Promise<void> {
    // CASCADE takes along the triggers that call them.
    await db.query('DROP FUNCTION log_caller_change(), log_tenant_change() CASCADE');
    await db.query('DROP SEQUENCE caller_changes');
    await db.query('DROP TABLE changes');
  }
}
