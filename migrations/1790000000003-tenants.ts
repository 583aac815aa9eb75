import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier, oneOf, title } from './sql.js';

/** Tenants, and the departments and customers inside them. */
export class Tenants1790000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // A deleted tenant leaves its row: its id is never given out again, and its audit chain keeps its root.
    await db.query(`
      CREATE TABLE tenants (
        ${identifier('id')} PRIMARY KEY,
        ${title('name')},
        ${oneOf('status', ['ACTIVE', 'SUSPENDED'])},
        plan_key text COLLATE "C" NOT NULL REFERENCES plans (key),
        matrix_key text COLLATE "C" NOT NULL REFERENCES matrices (key),
        revision bigint NOT NULL CHECK (revision >= 1),
        structure_revision bigint NOT NULL CHECK (structure_revision BETWEEN 1 AND revision),
        created_at timestamptz NOT NULL,
        deleted_at timestamptz,
        CONSTRAINT tenants_matrix UNIQUE (id, matrix_key)
      )`);
    await db.query(`
      CREATE FUNCTION tenant_revision_rises() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.revision < OLD.revision OR NEW.structure_revision < OLD.structure_revision THEN
          RAISE EXCEPTION 'a tenant''s revision never falls' USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_revision_rises';
        END IF;
        RETURN NEW;
      END $$`);
    await db.query(`CREATE TRIGGER tenant_revision_rises BEFORE UPDATE ON tenants
      FOR EACH ROW EXECUTE FUNCTION tenant_revision_rises()`);
    for (const table of ['departments', 'customers']) {
      await db.query(`
        CREATE TABLE ${table} (
          tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
          ${identifier('id')},
          ${title('name')},
          created_at timestamptz NOT NULL,
          PRIMARY KEY (tenant_id, id)
        )`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE customers, departments, tenants');
    await db.query('DROP FUNCTION tenant_revision_rises()');
  }
}
