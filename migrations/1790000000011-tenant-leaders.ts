import type { MigrationInterface, QueryRunner } from 'typeorm';

const IN_FORCE_BEFORE = `memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
  WHERE m.tenant_id = asked AND m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL LIMIT 1 FOR SHARE OF u`;
const IN_FORCE_NOW = 'tenant_leaders l WHERE l.tenant_id = asked LIMIT 1 FOR SHARE';

/** One definition of the admins who count, for the rules of the services and for those at COMMIT: they must be able to act. */
export class TenantLeaders1790000000011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // A viewer account only reads, and whoever is bound to a customer acts for that customer alone, whatever the role.
    await db.query(`
      CREATE VIEW tenant_leaders AS
      SELECT m.tenant_id, m.user_id, m.is_owner FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL AND m.customer_id IS NULL
        AND u.status = 'ACTIVE' AND u.account_role <> 'VIEWER'`);
    await this.countOn(db, IN_FORCE_NOW);
    await this.watch(db, ' OR NEW.customer_id IS NOT NULL', ` OR OLD.account_role <> 'VIEWER' AND NEW.account_role = 'VIEWER'`);
  }

  /** The function of the migration 7; `admins` is where it finds one. */
  private async countOn(db: QueryRunner, admins: string): Promise<void> {
    await db.query(`
      CREATE OR REPLACE FUNCTION require_led_tenant(asked text) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE has_owner_role boolean;
      BEGIN
        UPDATE tenants SET revision = revision WHERE id = asked AND deleted_at IS NULL;
        IF NOT FOUND THEN
          RETURN;
        END IF;
        SELECT x.owner_role IS NOT NULL INTO has_owner_role FROM tenants t JOIN matrices x ON x.key = t.matrix_key WHERE t.id = asked;
        IF has_owner_role THEN
          PERFORM 1 FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
            WHERE m.tenant_id = asked AND m.is_owner FOR SHARE OF u;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'a tenant keeps exactly one owner' USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_keep_an_owner';
          END IF;
        END IF;
        PERFORM 1 FROM ${admins};
        IF NOT FOUND THEN
          RAISE EXCEPTION 'a tenant keeps at least one admin' USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_keep_an_admin';
        END IF;
      END $$`);
  }

  /** The triggers of the migration 7, and what else makes less of an admin. */
  private async watch(db: QueryRunner, ofMembership: string, ofUser: string): Promise<void> {
    await db.query('DROP TRIGGER memberships_admin_changes ON memberships');
    await db.query(`
      CREATE CONSTRAINT TRIGGER memberships_admin_changes AFTER UPDATE ON memberships DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
      WHEN (OLD.is_admin AND (NOT NEW.is_admin OR NEW.is_owner <> OLD.is_owner OR NEW.status <> 'ACTIVE' OR NEW.expires_at IS NOT NULL
        OR NEW.user_id <> OLD.user_id${ofMembership})) EXECUTE FUNCTION membership_leaves_tenant_led()`);
    await db.query('DROP TRIGGER users_admin_disabled ON users');
    await db.query(`
      CREATE CONSTRAINT TRIGGER users_admin_disabled AFTER UPDATE ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
      WHEN (OLD.status = 'ACTIVE' AND NEW.status <> 'ACTIVE'${ofUser}) EXECUTE FUNCTION user_leaves_tenants_led()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await this.watch(db, '', '');
    await this.countOn(db, IN_FORCE_BEFORE);
    await db.query('DROP VIEW tenant_leaders');
  }
}
