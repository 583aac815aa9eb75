import type { MigrationInterface, QueryRunner } from 'typeorm';
import { identifier, oneOf, roleReference, title } from './sql.js';

/** Invitations into a tenant, and API keys of a tenant or of the platform. */
export class InvitationsAndKeys1790000000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE invitations (
        tenant_id text COLLATE "C" NOT NULL REFERENCES tenants (id),
        ${identifier('id')},
        email text NOT NULL CHECK (email ~ '^[^[:space:]@]+@[^[:space:]@]+$' AND char_length(email) <= 254),
        ${roleReference('invitations')},
        customer_id text COLLATE "C",
        ${oneOf('status', ['PENDING', 'ACCEPTED', 'REVOKED'])},
        secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
        invited_by text NOT NULL,
        accepted_by text COLLATE "C" REFERENCES users (id),
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT invitations_secret UNIQUE (tenant_id, secret_hash),
        CONSTRAINT invitations_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
        CHECK ((status = 'ACCEPTED') = (accepted_by IS NOT NULL))
      )`);
    await db.query('CREATE INDEX invitations_by_secret ON invitations (secret_hash)');
    // bound_to: the person whose reach bounds what the key may hand out, and with whom it ends; null for the platform's own.
    // A platform key has the tenant id '', which no tenant can have; the generated column is what the foreign key sees.
    await db.query(`
      CREATE TABLE api_keys (
        tenant_id text COLLATE "C" NOT NULL,
        ${identifier('id')},
        tenant_ref text COLLATE "C" GENERATED ALWAYS AS (NULLIF(tenant_id, '')) STORED REFERENCES tenants (id),
        ${title('name')},
        secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
        capabilities text[] NOT NULL,
        made_by text NOT NULL,
        bound_to text COLLATE "C" REFERENCES users (id),
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT api_keys_tenant_capabilities CHECK (tenant_id = '' OR NOT capabilities && ARRAY['platform.tenants', 'platform.users', 'platform.keys'])
      )`);
    // A caller presents a key's id alone.
    await db.query('CREATE UNIQUE INDEX api_keys_id ON api_keys (id, tenant_id)');
    await db.query('CREATE INDEX api_keys_bound_to ON api_keys (bound_to)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE api_keys, invitations');
  }
}
