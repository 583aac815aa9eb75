import type { TestDatabase } from '../support/databases.js';

/**
 * Two tenants under a matrix with an owner role, `north` and `south`, and one under a matrix without, `flat`; in each
 * somebody of every kind that the boundaries speak of. Written by hand: no service stands between these tests and the tables.
 */
const SEED: readonly string[] = [
  `INSERT INTO platform (token_secret, created_at) VALUES (decode(repeat('00', 32), 'hex'), now())`,
  `INSERT INTO plans (key, title, features) VALUES ('team', 'Team', '{}')`,
  `INSERT INTO matrices (key, title, version, digest, source, owner_role, aliases) VALUES
     ('owned', 'With an owner', 1, 'd', '{}', 'owner', '{chief}'), ('level', 'Without an owner', 1, 'd', '{}', NULL, '{}')`,
  `INSERT INTO matrix_roles (matrix_key, key, is_admin, surface) VALUES
     ('owned', 'owner', true, 'ALL'), ('owned', 'admin', true, 'ALL'), ('owned', 'member', false, 'ALL'), ('owned', 'end_user', false, 'WIDGET_ONLY'),
     ('level', 'admin', true, 'ALL'), ('level', 'member', false, 'ALL'), ('level', 'network', false, 'ALL')`,
  `INSERT INTO matrix_permissions (matrix_key, key, scope) VALUES
     ('owned', 'things.read', 'WORKSPACE'), ('owned', 'platform.billing', 'GLOBAL'), ('level', 'networks.read', 'WORKSPACE')`,
  `INSERT INTO users (id, name, account_role, status, created_at)
     SELECT id, id, CASE id WHEN 'root' THEN 'OWNER' WHEN 'reader' THEN 'VIEWER' ELSE 'MEMBER' END, CASE WHEN id = 'gone' THEN 'DISABLED' ELSE 'ACTIVE' END, now()
     FROM unnest('{root,olga,ada,max,eve,gone,sven,ann,ben,new,reader}'::text[]) AS people (id)`,
  `INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at)
     SELECT id, id, 'ACTIVE', 'team', CASE WHEN id = 'flat' THEN 'level' ELSE 'owned' END, 5, 5, now()
     FROM unnest('{north,south,flat}'::text[]) AS named (id)`,
  `INSERT INTO departments (tenant_id, id, name, created_at) VALUES ('north', 'sales', 'Sales', now()), ('south', 'legal', 'Legal', now())`,
  `INSERT INTO customers (tenant_id, id, name, created_at) VALUES ('north', 'shop', 'Shop', now()), ('south', 'bank', 'Bank', now()), ('flat', 'shop', 'Shop', now())`,
  `INSERT INTO roles (tenant_id, key, name, surface, permissions, created_at) VALUES
     ('north', 'own', 'Own', 'ALL', '{things.read}', now()), ('south', 'other', 'Other', 'ALL', '{things.read}', now())`,
  `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, customer_id, created_at) VALUES
     ('north', 'olga', 'owned', 'owner', 'SYSTEM', 'ACTIVE', NULL, now()), ('north', 'ada', 'owned', 'admin', 'SYSTEM', 'ACTIVE', NULL, now()),
     ('north', 'max', 'owned', 'member', 'SYSTEM', 'ACTIVE', NULL, now()), ('north', 'eve', 'owned', 'end_user', 'SYSTEM', 'ACTIVE', 'shop', now()),
     ('north', 'gone', 'owned', 'admin', 'SYSTEM', 'ACTIVE', NULL, now()),
     ('south', 'sven', 'owned', 'owner', 'SYSTEM', 'ACTIVE', NULL, now()),
     ('flat', 'ann', 'level', 'admin', 'SYSTEM', 'ACTIVE', NULL, now()), ('flat', 'max', 'level', 'member', 'SYSTEM', 'ACTIVE', NULL, now())`,
  `INSERT INTO department_overrides (tenant_id, user_id, department_id, matrix_key, role_key, role_kind, created_at)
     VALUES ('north', 'max', 'sales', 'owned', 'own', 'CUSTOM', now())`,
  `INSERT INTO invitations (tenant_id, id, email, matrix_key, role_key, role_kind, status, secret_hash, invited_by, expires_at, created_at)
     VALUES ('north', 'letter', 'new@people.example', 'owned', 'member', 'SYSTEM', 'PENDING', decode(repeat('01', 32), 'hex'), 'ada', now(), now())`,
  `INSERT INTO api_keys (tenant_id, id, name, secret_hash, capabilities, made_by, bound_to, created_at)
     VALUES ('north', 'key', 'A key', decode(repeat('02', 32), 'hex'), '{decision.read}', 'ada', 'ada', now())`,
  `INSERT INTO audit_events (tenant_id, revision, id, at, actor, action, target, hash)
     VALUES ('north', 5, 'event', now(), 'ada', 'tenant.created', 'north', decode(repeat('03', 32), 'hex'))`,
];

export async function seed({ database }: TestDatabase): Promise<void> {
  for (const statement of SEED) await database.dataSource.query(statement);
}

/** One more member of `flat`, an admin beside the one that there is. */
export const SECOND_ADMIN = `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at)
  VALUES ('flat', 'ben', 'level', 'admin', 'SYSTEM', 'ACTIVE', now())`;
