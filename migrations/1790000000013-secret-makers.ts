import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who made a secret that sets a password: when it is used, they must still be allowed to. Of secrets that are out already it is not
 * known, and so those end: they were good for a day. Keys are found by their maker, too, since they end with the key that made them.
 */
export class SecretMakers1790000000013 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM one_time_secrets WHERE purpose = 'PASSWORD'`);
    await db.query(`ALTER TABLE one_time_secrets ADD COLUMN made_by text COLLATE "C", ADD CHECK ((purpose = 'PASSWORD') = (made_by IS NOT NULL))`);
    await db.query('CREATE INDEX api_keys_made_by ON api_keys (made_by)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX api_keys_made_by');
    await db.query('ALTER TABLE one_time_secrets DROP COLUMN made_by');
  }
}
