import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier, oneOf, roleReference, title } from './sql.js';

/** Custom roles, and who holds which role where. */
export class RolesAndMemberships1790000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE roles (
        tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
        ${identifier('key')},
        ${title('name')},
        description text CHECK (char_length(description) <= 2000),
        ${oneOf('surface', ['ALL', 'WIDGET_ONLY'])},
        permissions text[] COLLATE "C" NOT NULL,
        duplicated_from text COLLATE "C",
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key)
      )`);
    await this.guardCustomRoles(db);
    await this.createMemberships(db);
    await this.createOverrides(db);
  }

  /** A custom role never takes a system role's key and holds workspace permissions of its tenant's matrix only. */
  private async guardCustomRoles(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION custom_role_within_matrix() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE matrix matrices%ROWTYPE;
      BEGIN
        SELECT m.* INTO matrix FROM matrices m JOIN tenants t ON t.matrix_key = m.key WHERE t.id = NEW.tenant_id;
        IF NEW.key = ANY (matrix.aliases) OR EXISTS (SELECT FROM matrix_roles r WHERE r.matrix_key = matrix.key AND r.key = NEW.key) THEN
          RAISE EXCEPTION 'the key belongs to a system role' USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_key_not_reserved';
        END IF;
        IF EXISTS (
          SELECT FROM unnest(NEW.permissions) AS held (key)
          LEFT JOIN matrix_permissions p ON p.matrix_key = matrix.key AND p.key = held.key
          WHERE p.key IS NULL OR p.scope <> 'WORKSPACE'
        ) THEN
          RAISE EXCEPTION 'a custom role holds workspace permissions of its matrix only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_workspace_permissions';
        END IF;
        RETURN NEW;
      END $$`);
    await db.query(`CREATE TRIGGER custom_role_within_matrix BEFORE INSERT OR UPDATE ON roles
      FOR EACH ROW EXECUTE FUNCTION custom_role_within_matrix()`);
  }

  private async createMemberships(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE memberships (
        tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
        user_id text COLLATE "C" NOT NULL REFERENCES users (id),
        ${roleReference('memberships')},
        is_owner boolean NOT NULL DEFAULT false,
        is_admin boolean NOT NULL DEFAULT false,
        ${oneOf('status', ['ACTIVE', 'SUSPENDED'])},
        customer_id text COLLATE "C",
        expires_at timestamptz,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, user_id),
        CONSTRAINT memberships_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
        CONSTRAINT memberships_owner_stands CHECK (NOT is_owner OR (status = 'ACTIVE' AND expires_at IS NULL AND customer_id IS NULL))
      )`);
    await db.query('CREATE UNIQUE INDEX memberships_one_owner ON memberships (tenant_id) WHERE is_owner');
    await db.query('CREATE INDEX memberships_of_user ON memberships (user_id, tenant_id)');
    await db.query('CREATE INDEX memberships_of_role ON memberships (tenant_id, role_key, user_id)');
    await db.query('CREATE INDEX memberships_of_customer ON memberships (tenant_id, customer_id, user_id) WHERE customer_id IS NOT NULL');
    // What a role makes of its holder is the matrix's to say, never the writer's; an end user's role demands a customer.
    await db.query(`
      CREATE FUNCTION membership_standing() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE held record;
      BEGIN
        NEW.is_owner := false;
        NEW.is_admin := false;
        IF NEW.role_kind = 'SYSTEM' THEN
          SELECT r.is_admin, r.key IS NOT DISTINCT FROM m.owner_role AS is_owner, r.surface INTO held
            FROM matrix_roles r JOIN matrices m ON m.key = r.matrix_key WHERE r.matrix_key = NEW.matrix_key AND r.key = NEW.role_key;
          NEW.is_owner := coalesce(held.is_owner, false);
          NEW.is_admin := coalesce(held.is_admin OR held.is_owner, false);
        ELSE
          SELECT r.surface INTO held FROM roles r WHERE r.tenant_id = NEW.tenant_id AND r.key = NEW.role_key;
        END IF;
        IF held.surface = 'WIDGET_ONLY' AND NEW.customer_id IS NULL THEN
          RAISE EXCEPTION 'a widget role demands a customer' USING ERRCODE = 'check_violation', CONSTRAINT = 'memberships_widget_customer';
        END IF;
        RETURN NEW;
      END $$`);
    await db.query(`CREATE TRIGGER membership_standing BEFORE INSERT OR UPDATE ON memberships
      FOR EACH ROW EXECUTE FUNCTION membership_standing()`);
  }

  private async createOverrides(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE department_overrides (
        tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
        user_id text COLLATE "C" NOT NULL,
        department_id text COLLATE "C" NOT NULL,
        ${roleReference('department_overrides')},
        expires_at timestamptz,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, user_id, department_id),
        CONSTRAINT department_overrides_member FOREIGN KEY (tenant_id, user_id)
          REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE,
        CONSTRAINT department_overrides_department FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
      )`);
    await db.query('CREATE INDEX department_overrides_in ON department_overrides (tenant_id, department_id, user_id)');
    await db.query('CREATE INDEX department_overrides_of_role ON department_overrides (tenant_id, role_key)');
    await db.query(`
      CREATE FUNCTION override_is_not_ownership() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.role_kind = 'SYSTEM' AND EXISTS (SELECT FROM matrices m WHERE m.key = NEW.matrix_key AND m.owner_role = NEW.role_key) THEN
          RAISE EXCEPTION 'the owner role is held once, by membership' USING ERRCODE = 'check_violation', CONSTRAINT = 'department_overrides_not_owner';
        END IF;
        RETURN NEW;
      END $$`);
    await db.query(`CREATE TRIGGER override_is_not_ownership BEFORE INSERT OR UPDATE ON department_overrides
      FOR EACH ROW EXECUTE FUNCTION override_is_not_ownership()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE department_overrides, memberships, roles');
    await db.query('DROP FUNCTION override_is_not_ownership(), membership_standing(), custom_role_within_matrix()');
  }
}
