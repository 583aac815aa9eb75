import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier, oneOf, title } from './sql.js';

/** The platform itself, people, and the ways in which they sign in. */
export class People1790000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // One row: what the nodes of an installation share. Locking it is how changes to people take turns.
    await db.query(`
      CREATE TABLE platform (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        token_secret bytea NOT NULL CHECK (octet_length(token_secret) = 32),
        revision bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL
      )`);
    await db.query(`
      CREATE TABLE users (
        ${identifier('id')} PRIMARY KEY,
        ${title('name')},
        email text CHECK (email ~ '^[^[:space:]@]+@[^[:space:]@]+$' AND char_length(email) <= 254),
        ${oneOf('account_role', ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'])},
        ${oneOf('status', ['ACTIVE', 'DISABLED'])},
        created_at timestamptz NOT NULL
      )`);
    // An address names one person whatever the case of its ASCII letters; ids, in contrast, are compared byte by byte.
    await db.query('CREATE UNIQUE INDEX users_email ON users (lower(email COLLATE "C"))');
    await db.query(`CREATE INDEX users_owners ON users (id) WHERE account_role = 'OWNER'`);
    await db.query(`
      CREATE TABLE passwords (
        user_id text COLLATE "C" PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        hash text NOT NULL,
        changed_at timestamptz NOT NULL
      )`);
    await db.query(`
      CREATE TABLE sign_ins (
        ${identifier('id')} PRIMARY KEY,
        user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
      )`);
    await db.query('CREATE INDEX sign_ins_of_user ON sign_ins (user_id)');
    // Only hashes: a secret is shown once and is worth nothing to a reader of the database.
    await db.query(`
      CREATE TABLE one_time_secrets (
        hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
        ${oneOf('purpose', ['BOOTSTRAP', 'PASSWORD'])},
        user_id text COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        CHECK ((purpose = 'PASSWORD') = (user_id IS NOT NULL))
      )`);
    await db.query('CREATE INDEX one_time_secrets_of_user ON one_time_secrets (user_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE one_time_secrets, sign_ins, passwords, users, platform');
  }
}
