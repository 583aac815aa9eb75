import type { Allowance, Refusal } from './boundary-case.js';

const role = (key: string, permissions: string) =>
  `INSERT INTO roles (tenant_id, key, name, surface, permissions, created_at) VALUES ('north', '${key}', 'Made', 'ALL', '{${permissions}}', now())`;
const key = (tenantId: string, capabilities: string) =>
  `INSERT INTO api_keys (tenant_id, id, name, secret_hash, capabilities, made_by, created_at)
   VALUES ('${tenantId}', 'second', 'Made', decode(repeat('08', 32), 'hex'), '{${capabilities}}', 'ada', now())`;
const event = (tenantId: string, revision: number) =>
  `INSERT INTO audit_events (tenant_id, revision, id, at, actor, action, target, hash)
   VALUES ('${tenantId}', ${revision}, 'made', now(), 'ada', 'made.up', 'north', decode(repeat('07', 32), 'hex'))`;
const GENERATED = '428C9';
const FORBIDDEN_BY_TRIGGER = '42501';

/** What roles and keys can hold, and that the audit log only ever grows. */
export const RIGHTS_REFUSED: readonly Refusal[] = [
  { name: 'a custom role holds a global permission', steps: [role('made', 'things.read,platform.billing')], refusedBy: 'roles_workspace_permissions' },
  { name: 'a custom role holds a permission that the matrix does not have', steps: [role('made', 'things.write')], refusedBy: 'roles_workspace_permissions' },
  { name: 'a custom role holds a permission of another matrix', steps: [role('made', 'networks.read')], refusedBy: 'roles_workspace_permissions' },
  { name: 'a custom role is edited to hold a global permission', steps: [`UPDATE roles SET permissions = '{platform.billing}' WHERE key = 'own'`], refusedBy: 'roles_workspace_permissions' },
  { name: 'a custom role takes the key of a system role', steps: [role('admin', 'things.read')], refusedBy: 'roles_key_not_reserved' },
  { name: 'a custom role takes an alias of the matrix', steps: [role('chief', 'things.read')], refusedBy: 'roles_key_not_reserved' },
  { name: 'a custom role is renamed to a system role', steps: [`UPDATE roles SET key = 'owner' WHERE key = 'other'`], refusedBy: 'roles_key_not_reserved' },
  { name: 'a custom role comes to count in the widget only', steps: [`UPDATE roles SET surface = 'WIDGET_ONLY' WHERE key = 'own'`], refusedBy: 'roles_keep_their_surface' },

  { name: 'an override gives the owner role', steps: [`UPDATE department_overrides SET role_key = 'owner', role_kind = 'SYSTEM'`], refusedBy: 'department_overrides_not_owner' },
  { name: 'a widget role is held without a customer', steps: [`UPDATE memberships SET role_key = 'end_user' WHERE tenant_id = 'north' AND user_id = 'max'`], refusedBy: 'memberships_widget_customer' },
  { name: 'the holder of a widget role loses the customer', steps: [`UPDATE memberships SET customer_id = NULL WHERE user_id = 'eve'`], refusedBy: 'memberships_widget_customer' },
  { name: 'a system role that is held is taken out of its matrix', steps: [`DELETE FROM matrix_roles WHERE matrix_key = 'owned' AND key = 'admin'`], refusedBy: 'memberships_system_role' },
  { name: 'a kind of role is invented', steps: [`UPDATE memberships SET role_kind = 'DIVINE' WHERE user_id = 'eve'`], refusedBy: 'memberships_role_kind_check' },
  { name: 'a role is said to be custom by hand', steps: [`UPDATE memberships SET custom_role = 'own' WHERE user_id = 'eve'`], refusedBy: GENERATED },

  ...['platform.tenants', 'platform.users', 'platform.keys'].map((capability) => ({
    name: `a key of a tenant has ${capability}`,
    steps: [key('north', `decision.read,${capability}`)],
    refusedBy: 'api_keys_tenant_capabilities',
  })),
  { name: 'a key of a tenant is edited to have a capability of the platform', steps: [`UPDATE api_keys SET capabilities = '{platform.users}' WHERE id = 'key'`], refusedBy: 'api_keys_tenant_capabilities' },
  { name: 'a key of a tenant becomes one of the platform', steps: [`UPDATE api_keys SET tenant_id = '' WHERE id = 'key'`], refusedBy: 'api_keys_stay_in_their_tenant' },
  { name: 'a key is of a tenant that does not exist', steps: [key('nowhere', 'decision.read')], refusedBy: 'api_keys_tenant_ref_fkey' },
  { name: 'a key says by hand to which tenant it refers', steps: [`UPDATE api_keys SET tenant_ref = NULL WHERE id = 'key'`], refusedBy: GENERATED },
  { name: 'the maker of a key is deleted', steps: [`UPDATE api_keys SET bound_to = 'new'`, `DELETE FROM users WHERE id = 'new'`], refusedBy: 'api_keys_bound_to_fkey' },

  { name: 'an audit event is changed', steps: [`UPDATE audit_events SET actor = 'max'`], refusedBy: FORBIDDEN_BY_TRIGGER },
  { name: 'an audit event is removed', steps: ['DELETE FROM audit_events'], refusedBy: FORBIDDEN_BY_TRIGGER },
  { name: 'the audit log is emptied', steps: ['TRUNCATE audit_events'], refusedBy: FORBIDDEN_BY_TRIGGER },
  { name: 'an audit event takes the revision of another', steps: [event('north', 5)], refusedBy: 'audit_events_in_order' },
  { name: 'an audit event is slipped in before the last', steps: [event('north', 4)], refusedBy: 'audit_events_in_order' },
  { name: 'an audit event is of no tenant', steps: [event('nowhere', 1)], refusedBy: 'audit_events_tenant_ref_fkey' },

  { name: 'the platform is there twice', steps: [`INSERT INTO platform (singleton, token_secret, created_at) SELECT false, token_secret, now() FROM platform`], refusedBy: 'platform_singleton_check' },
  ...['key:root', 'gatehouse', 'bootstrap', 'one-time-secret'].map((id) => ({
    name: `a user has the id ${id}, which is somebody else in the audit log`,
    steps: [`INSERT INTO users (id, name, account_role, status, created_at) VALUES ('${id}', 'Made', 'MEMBER', 'ACTIVE', now())`],
    refusedBy: 'users_id_is_their_own',
  })),
  { name: 'an address names two people', steps: [`UPDATE users SET email = 'One@people.example' WHERE id = 'max'`, `UPDATE users SET email = 'oNE@people.example' WHERE id = 'eve'`], refusedBy: 'users_email' },
];

export const RIGHTS_ALLOWED: readonly Allowance[] = [
  { name: 'a custom role of the tenant is held', steps: [`UPDATE memberships SET role_key = 'own', role_kind = 'CUSTOM' WHERE tenant_id = 'north' AND user_id = 'max'`] },
  { name: 'a key of the platform has capabilities of the platform', steps: [key('', 'platform.users')] },
  { name: 'an audit event comes after the last', steps: [event('north', 6)] },
  { name: 'each chain counts by itself', steps: [event('', 1), event('south', 1).replace('made', 'south')] },
];
