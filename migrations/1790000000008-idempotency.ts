import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that are safe to repeat: who sent them under which key, whether they took effect, and what they were answered. */
export class Idempotency1790000000008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // actor: a user's id, `key:<id>`, or '' for anonymous callers, which nobody's id can be.
    // attempt: who works on the request; whoever was overtaken finds another one here and can no longer commit.
    // committed: set in the transaction of the change itself.
    // reply: encrypted under the idempotency key, of which only the hash is here.
    await db.query(`
      CREATE TABLE idempotency_keys (
        actor text COLLATE "C" NOT NULL CHECK (actor ~ '^[!-~]*$' AND char_length(actor) <= 259),
        key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
        request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
        attempt uuid NOT NULL,
        committed boolean NOT NULL DEFAULT false,
        status smallint,
        reply bytea,
        claimed_at timestamptz NOT NULL,
        PRIMARY KEY (actor, key_hash),
        CONSTRAINT idempotency_keys_whole_reply CHECK ((status IS NULL) = (reply IS NULL))
      )`);
    await db.query('CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE idempotency_keys');
  }
}
