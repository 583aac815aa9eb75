import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier, oneOf, title } from './sql.js';

/** Role matrices and plans as taken over from the policy folder, so that the database can hold tenants to them. */
export class Matrices1790000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE matrices (
        ${identifier('key')} PRIMARY KEY,
        ${title('title')},
        version integer NOT NULL CHECK (version >= 1),
        digest text NOT NULL,
        source jsonb NOT NULL,
        owner_role text COLLATE "C",
        aliases text[] COLLATE "C" NOT NULL
      )`);
    await db.query(`
      CREATE TABLE matrix_roles (
        matrix_key text COLLATE "C" NOT NULL REFERENCES matrices (key) ON DELETE CASCADE,
        ${identifier('key')},
        is_admin boolean NOT NULL,
        ${oneOf('surface', ['ALL', 'WIDGET_ONLY'])},
        PRIMARY KEY (matrix_key, key)
      )`);
    await db.query(`
      CREATE TABLE matrix_permissions (
        matrix_key text COLLATE "C" NOT NULL REFERENCES matrices (key) ON DELETE CASCADE,
        ${identifier('key')},
        ${oneOf('scope', ['GLOBAL', 'WORKSPACE'])},
        PRIMARY KEY (matrix_key, key)
      )`);
    await db.query(`
      CREATE TABLE plans (
        ${identifier('key')} PRIMARY KEY,
        ${title('title')},
        features text[] NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE plans, matrix_permissions, matrix_roles, matrices');
  }
}
