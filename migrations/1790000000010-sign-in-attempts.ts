import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often somebody has tried to get in of late, kept here so that it holds on every node and after a restart. */
export class SignInAttempts1790000000010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // key: SHA-256 of what the attempts are counted by, an e-mail address as it was typed (whether it exists or not) or a
    // network; people type passwords into the wrong field. A row counts until ends_at, and is swept some time after.
    await db.query(`
      CREATE TABLE sign_in_attempts (
        key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
        attempts integer NOT NULL CHECK (attempts >= 0),
        ends_at timestamptz NOT NULL
      )`);
    await db.query('CREATE INDEX sign_in_attempts_ended ON sign_in_attempts (ends_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE sign_in_attempts');
  }
}
