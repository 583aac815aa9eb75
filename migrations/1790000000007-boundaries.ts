import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of which every row belongs to one tenant. */
const OF_A_TENANT = ['departments', 'customers', 'roles', 'memberships', 'department_overrides', 'invitations', 'api_keys'];

/** The last line of defence: what never breaks holds also against SQL by hand, and against changes that race past a check. */
export class Boundaries1790000000007 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE INDEX memberships_admins ON memberships (tenant_id, user_id) WHERE is_admin');
    await this.keepTenantsLed(db);
    await this.watchMemberships(db);
    await this.watchUsers(db);
    await this.keepInPlace(db);
    await this.keepAuditInOrder(db);
  }

  /**
   * The rules are asked at COMMIT, of the state that the transaction leaves. Whoever asks writes the tenant's row first:
   * a lock alone would let a REPEATABLE READ transaction pass by its old snapshot, a write makes it fail with 40001. The
   * account that is counted on stays as it is until the end, or else it could be disabled by one who counts on another.
   */
  private async keepTenantsLed(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION require_led_tenant(asked text) RETURNS void LANGUAGE plpgsql AS $$
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
        PERFORM 1 FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
          WHERE m.tenant_id = asked AND m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL LIMIT 1 FOR SHARE OF u;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'a tenant keeps at least one admin' USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_keep_an_admin';
        END IF;
      END $$`);
  }

  /** Only where an admin comes, goes or becomes less of one: any other change costs the look at two columns. */
  private async watchMemberships(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION membership_leaves_tenant_led() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM require_led_tenant(coalesce(OLD.tenant_id, NEW.tenant_id));
        RETURN NULL;
      END $$`);
    const watch = (name: string, when: string, touched: string): Promise<unknown> =>
      db.query(`CREATE CONSTRAINT TRIGGER ${name} AFTER ${when} ON memberships DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (${touched}) EXECUTE FUNCTION membership_leaves_tenant_led()`);
    // A tenant's first admin may be disabled at the very moment at which the tenant is made.
    await watch('memberships_admin_comes', 'INSERT', 'NEW.is_admin');
    await watch('memberships_admin_goes', 'DELETE', 'OLD.is_admin');
    await watch(
      'memberships_admin_changes',
      'UPDATE',
      `OLD.is_admin AND (NOT NEW.is_admin OR NEW.is_owner <> OLD.is_owner OR NEW.status <> 'ACTIVE' OR NEW.expires_at IS NOT NULL
        OR NEW.user_id <> OLD.user_id)`,
    );
  }

  private async watchUsers(db: QueryRunner): Promise<void> {
    // In the order of the ids, in which whoever locks several tenants locks them.
    await db.query(`
      CREATE FUNCTION user_leaves_tenants_led() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE led text;
      BEGIN
        FOR led IN SELECT m.tenant_id FROM memberships m WHERE m.user_id = NEW.id AND m.is_admin ORDER BY m.tenant_id LOOP
          PERFORM require_led_tenant(led);
        END LOOP;
        RETURN NULL;
      END $$`);
    await db.query(`CREATE CONSTRAINT TRIGGER users_admin_disabled AFTER UPDATE ON users DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (OLD.status = 'ACTIVE' AND NEW.status <> 'ACTIVE') EXECUTE FUNCTION user_leaves_tenants_led()`);
    // The platform's row is to account OWNERs what the tenant's is to admins.
    await db.query(`
      CREATE FUNCTION platform_keeps_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE platform SET revision = revision;
        IF NOT EXISTS (SELECT FROM users WHERE account_role = 'OWNER' AND status = 'ACTIVE') THEN
          RAISE EXCEPTION 'the platform keeps at least one account OWNER'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'platform_keeps_an_owner';
        END IF;
        RETURN NULL;
      END $$`);
    const stood = `OLD.account_role = 'OWNER' AND OLD.status = 'ACTIVE'`;
    await db.query(`CREATE CONSTRAINT TRIGGER users_owner_changes AFTER UPDATE ON users DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (${stood} AND (NEW.account_role <> 'OWNER' OR NEW.status <> 'ACTIVE')) EXECUTE FUNCTION platform_keeps_an_owner()`);
    await db.query(`CREATE CONSTRAINT TRIGGER users_owner_goes AFTER DELETE ON users DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (${stood}) EXECUTE FUNCTION platform_keeps_an_owner()`);
  }

  /** What is true of a row from its first day: which tenant it is of, under which matrix, and that what was deleted is gone. */
  private async keepInPlace(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'this never changes: %', TG_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
      END $$`);
    const keep = (name: string, table: string, column: string, when = `NEW.${column} <> OLD.${column}`): Promise<unknown> =>
      db.query(`CREATE TRIGGER ${name} BEFORE UPDATE OF ${column} ON ${table}
        FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION stays_as_it_is()`);
    for (const table of OF_A_TENANT) await keep(`${table}_stay_in_their_tenant`, table, 'tenant_id');
    // TRUNCATE passes by every trigger of a row.
    await db.query(`CREATE TRIGGER memberships_never_truncated BEFORE TRUNCATE ON memberships
      FOR EACH STATEMENT EXECUTE FUNCTION stays_as_it_is()`);
    await keep('tenants_keep_their_matrix', 'tenants', 'matrix_key');
    await keep('tenants_stay_deleted', 'tenants', 'deleted_at', 'OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at');
    // Holders were bound to customers, or not, by the surface that the role had when they were given it.
    await keep('roles_keep_their_surface', 'roles', 'surface');
  }

  private async keepAuditInOrder(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION audit_events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM audit_events e WHERE e.tenant_id = NEW.tenant_id AND e.revision >= NEW.revision) THEN
          RAISE EXCEPTION 'an audit event comes after the last of its chain' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_events_in_order';
        END IF;
        RETURN NEW;
      END $$`);
    await db.query(`CREATE TRIGGER audit_events_in_order BEFORE INSERT ON audit_events
      FOR EACH ROW EXECUTE FUNCTION audit_events_in_order()`);
  }

  async down(db: QueryRunner): Promise<void> {
    // CASCADE takes along the triggers that call them.
    await db.query(`DROP FUNCTION audit_events_in_order(), stays_as_it_is(), platform_keeps_an_owner(), user_leaves_tenants_led(),
      membership_leaves_tenant_led(), require_led_tenant(text) CASCADE`);
    await db.query('DROP INDEX memberships_admins');
  }
}
