import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No user passes in the audit log for an API key or for the gateway itself, which signs there by these names. */
export class OwnNames1790000000014 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // NOT VALID: somebody who has such an id already is to keep no gateway from its start.
    await db.query(`
      ALTER TABLE users ADD CONSTRAINT users_id_is_their_own
        CHECK (id NOT LIKE 'key:%' AND id NOT IN ('gatehouse', 'bootstrap', 'one-time-secret')) NOT VALID`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE users DROP CONSTRAINT users_id_is_their_own');
  }
}
