import type { Allowance, Refusal } from './boundary-case.js';
import { SECOND_ADMIN } from './seed.js';

const OF_ANN = `WHERE tenant_id = 'flat' AND user_id = 'ann'`;
const OF_OLGA = `WHERE tenant_id = 'north' AND user_id = 'olga'`;
const DEMOTE_OLGA = `UPDATE memberships SET role_key = 'admin' ${OF_OLGA}`;
const promote = (userId: string) => `UPDATE memberships SET role_key = 'owner' WHERE tenant_id = 'north' AND user_id = '${userId}'`;
const DISABLE_ANN = `UPDATE users SET status = 'DISABLED' WHERE id = 'ann'`;

const ADMIN = 'tenants_keep_an_admin';
const OWNER = 'tenants_keep_an_owner';

/** Who leads a tenant, and the platform, is asked at COMMIT. */
export const LEADERSHIP_REFUSED: readonly Refusal[] = [
  { name: 'the last admin leaves', steps: [`DELETE FROM memberships ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin is suspended', steps: [`UPDATE memberships SET status = 'SUSPENDED' ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin becomes a member', steps: [`UPDATE memberships SET role_key = 'member' ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin is given an end, however far', steps: [`UPDATE memberships SET expires_at = now() + interval '9 years' ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin is bound to a customer', steps: [`UPDATE memberships SET customer_id = 'shop' ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin gets an account that only reads', steps: [`UPDATE users SET account_role = 'VIEWER' WHERE id = 'ann'`], refusedBy: ADMIN },
  { name: 'the last admin leaves to an account that only reads', steps: [SECOND_ADMIN.replace(`'ben'`, `'reader'`), `DELETE FROM memberships ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'the last admin is disabled', steps: [DISABLE_ANN], refusedBy: ADMIN },
  { name: 'the last admin passes the membership to a disabled user', steps: [`UPDATE memberships SET user_id = 'gone' ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'all admins leave together', steps: [SECOND_ADMIN, `DELETE FROM memberships WHERE tenant_id = 'flat' AND is_admin`], refusedBy: ADMIN },
  { name: 'one admin leaves and the other is disabled', steps: [SECOND_ADMIN, `DELETE FROM memberships ${OF_ANN}`, `UPDATE users SET status = 'DISABLED' WHERE id = 'ben'`], refusedBy: ADMIN },
  { name: 'the last admin leaves to a suspended one', steps: [SECOND_ADMIN, `UPDATE memberships SET status = 'SUSPENDED' WHERE user_id = 'ben'`, `DELETE FROM memberships ${OF_ANN}`], refusedBy: ADMIN },
  { name: 'a tenant is founded by a disabled admin', steps: [
    `INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at) VALUES ('fresh', 'Fresh', 'ACTIVE', 'team', 'level', 1, 1, now())`,
    `INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at) VALUES ('fresh', 'gone', 'level', 'admin', 'SYSTEM', 'ACTIVE', now())`,
  ], refusedBy: ADMIN },
  { name: 'the owner leaves, with an admin staying', steps: [`DELETE FROM memberships ${OF_OLGA}`], refusedBy: OWNER },
  { name: 'the owner becomes an admin, with nobody following', steps: [DEMOTE_OLGA], refusedBy: OWNER },
  { name: 'the owner is disabled', steps: [`UPDATE users SET status = 'DISABLED' WHERE id = 'olga'`], refusedBy: OWNER },
  { name: 'the ownership passes to a disabled user', steps: [DEMOTE_OLGA, promote('gone')], refusedBy: OWNER },
  { name: 'the owner is suspended', steps: [`UPDATE memberships SET status = 'SUSPENDED' ${OF_OLGA}`], refusedBy: 'memberships_owner_stands' },
  { name: 'the owner is given an end', steps: [`UPDATE memberships SET expires_at = now() ${OF_OLGA}`], refusedBy: 'memberships_owner_stands' },
  { name: 'the owner is bound to a customer', steps: [`UPDATE memberships SET customer_id = 'shop' ${OF_OLGA}`], refusedBy: 'memberships_owner_stands' },
  { name: 'a tenant gets a second owner', steps: [promote('ada')], refusedBy: 'memberships_one_owner' },
  { name: 'the memberships are emptied at one stroke', steps: ['TRUNCATE memberships CASCADE'], refusedBy: 'memberships_never_truncated' },
  { name: 'the tenants are emptied at one stroke', steps: ['TRUNCATE tenants CASCADE'], refusedBy: 'memberships_never_truncated' },
  { name: 'the last account OWNER becomes a member', steps: [`UPDATE users SET account_role = 'MEMBER' WHERE id = 'root'`], refusedBy: 'platform_keeps_an_owner' },
  { name: 'the last account OWNER is disabled', steps: [`UPDATE users SET status = 'DISABLED' WHERE id = 'root'`], refusedBy: 'platform_keeps_an_owner' },
  { name: 'the last account OWNER is deleted', steps: [`DELETE FROM users WHERE id = 'root'`], refusedBy: 'platform_keeps_an_owner' },
];

export const LEADERSHIP_ALLOWED: readonly Allowance[] = [
  { name: 'an admin leaves to another', steps: [SECOND_ADMIN, `DELETE FROM memberships ${OF_ANN}`] },
  { name: 'admins change places, the old one first', steps: [`DELETE FROM memberships ${OF_ANN}`, SECOND_ADMIN] },
  { name: 'an admin who is not the last is disabled', steps: [SECOND_ADMIN, DISABLE_ANN] },
  { name: 'the ownership passes on', steps: [DEMOTE_OLGA, promote('max')] },
  { name: 'the owner is replaced altogether', steps: [`DELETE FROM memberships ${OF_OLGA}`, promote('ada')] },
  { name: 'a tenant is deleted with all its members', steps: [`DELETE FROM memberships WHERE tenant_id = 'flat'`, `UPDATE tenants SET deleted_at = now() WHERE id = 'flat'`] },
  { name: 'a member who is no admin is disabled', steps: [`UPDATE users SET status = 'DISABLED' WHERE id = 'max'`] },
  { name: 'an account OWNER goes who has a second one beside', steps: [`UPDATE users SET account_role = 'OWNER' WHERE id = 'max'`, `DELETE FROM users WHERE id = 'root'`] },
];
