import type { Refusal } from './boundary-case.js';

const member = (columns: string, values: string) =>
  `INSERT INTO memberships (tenant_id, user_id, status, created_at, ${columns}) VALUES ('north', 'new', 'ACTIVE', now(), ${values})`;
const override = (columns: string, values: string) =>
  `INSERT INTO department_overrides (tenant_id, user_id, created_at, ${columns}) VALUES ('north', 'ada', now(), ${values})`;
const invitation = (columns: string, values: string) =>
  `INSERT INTO invitations (tenant_id, id, email, status, secret_hash, invited_by, expires_at, created_at, ${columns})
   VALUES ('north', 'second', 'new@people.example', 'PENDING', decode(repeat('09', 32), 'hex'), 'ada', now(), now(), ${values})`;
const ROLE = 'matrix_key, role_key, role_kind';

/** No reference crosses tenants, and no row moves from one to another. */
export const TENANCY_REFUSED: readonly Refusal[] = [
  { name: 'a member has a custom role of another tenant', steps: [member(ROLE, `'owned', 'other', 'CUSTOM'`)], refusedBy: 'memberships_custom_role' },
  { name: 'a member has a system role of another matrix', steps: [member(ROLE, `'owned', 'network', 'SYSTEM'`)], refusedBy: 'memberships_system_role' },
  { name: 'a member is under a matrix that is not their tenant\'s', steps: [member(ROLE, `'level', 'network', 'SYSTEM'`)], refusedBy: 'memberships_matrix' },
  { name: 'a custom role passes for a system role', steps: [member(ROLE, `'owned', 'own', 'SYSTEM'`)], refusedBy: 'memberships_system_role' },
  { name: 'a system role passes for a custom role', steps: [member(ROLE, `'owned', 'admin', 'CUSTOM'`)], refusedBy: 'memberships_custom_role' },
  { name: 'a member is bound to a customer of another tenant', steps: [member(`${ROLE}, customer_id`, `'owned', 'member', 'SYSTEM', 'bank'`)], refusedBy: 'memberships_customer' },
  { name: 'a member is nobody', steps: [member(ROLE, `'owned', 'member', 'SYSTEM'`).replace(`'new'`, `'nobody'`)], refusedBy: 'memberships_user_id_fkey' },
  { name: 'a membership is of no tenant', steps: [member(ROLE, `'owned', 'member', 'SYSTEM'`).replace(`'north'`, `'nowhere'`)], refusedBy: 'memberships_tenant_id_fkey' },

  { name: 'an override is in a department of another tenant', steps: [override(`department_id, ${ROLE}`, `'legal', 'owned', 'member', 'SYSTEM'`)], refusedBy: 'department_overrides_department' },
  { name: 'an override gives a custom role of another tenant', steps: [override(`department_id, ${ROLE}`, `'sales', 'owned', 'other', 'CUSTOM'`)], refusedBy: 'department_overrides_custom_role' },
  { name: 'an override is under a foreign matrix', steps: [override(`department_id, ${ROLE}`, `'sales', 'level', 'network', 'SYSTEM'`)], refusedBy: 'department_overrides_matrix' },
  { name: 'an override is of somebody who belongs to another tenant', steps: [override(`department_id, ${ROLE}`, `'sales', 'owned', 'member', 'SYSTEM'`).replace(`'ada'`, `'sven'`)], refusedBy: 'department_overrides_member' },

  { name: 'an invitation is into a custom role of another tenant', steps: [invitation(ROLE, `'owned', 'other', 'CUSTOM'`)], refusedBy: 'invitations_custom_role' },
  { name: 'an invitation is into a role of another matrix', steps: [invitation(ROLE, `'level', 'network', 'SYSTEM'`)], refusedBy: 'invitations_matrix' },
  { name: 'an invitation is for a customer of another tenant', steps: [invitation(`${ROLE}, customer_id`, `'owned', 'member', 'SYSTEM', 'bank'`)], refusedBy: 'invitations_customer' },
  { name: 'an invitation is accepted by nobody', steps: [`UPDATE invitations SET status = 'ACCEPTED' WHERE id = 'letter'`], refusedBy: 'invitations_check' },

  { name: 'a custom role that is held is deleted', steps: [`DELETE FROM roles WHERE tenant_id = 'north' AND key = 'own'`], refusedBy: 'department_overrides_custom_role' },
  { name: 'a customer to whom somebody is bound is deleted', steps: [`DELETE FROM customers WHERE tenant_id = 'north' AND id = 'shop'`], refusedBy: 'memberships_customer' },
  { name: 'a department with an override is deleted', steps: [`DELETE FROM departments WHERE tenant_id = 'north' AND id = 'sales'`], refusedBy: 'department_overrides_department' },
  { name: 'a user who belongs to a tenant is deleted', steps: [`DELETE FROM users WHERE id = 'eve'`], refusedBy: 'memberships_user_id_fkey' },

  { name: 'a tenant gets another matrix', steps: [`UPDATE tenants SET matrix_key = 'level' WHERE id = 'north'`], refusedBy: 'tenants_keep_their_matrix' },
  { name: 'a tenant\'s revision falls', steps: [`UPDATE tenants SET revision = 4, structure_revision = 4 WHERE id = 'north'`], refusedBy: 'tenant_revision_rises' },
  { name: 'a deleted tenant comes back', steps: [
    `DELETE FROM memberships WHERE tenant_id = 'flat'`, `UPDATE tenants SET deleted_at = now() WHERE id = 'flat'`, `UPDATE tenants SET deleted_at = NULL WHERE id = 'flat'`,
  ], refusedBy: 'tenants_stay_deleted' },
  { name: 'a tenant with a history disappears', steps: [
    ...['department_overrides', 'memberships', 'invitations', 'api_keys', 'roles', 'departments', 'customers'].map((table) => `DELETE FROM ${table} WHERE tenant_id = 'north'`),
    `DELETE FROM tenants WHERE id = 'north'`,
  ], refusedBy: 'audit_events_tenant_ref_fkey' },
  ...['departments', 'customers', 'roles', 'memberships', 'department_overrides', 'invitations', 'api_keys'].map((table) => ({
    name: `a row of ${table} moves to another tenant`,
    steps: [`UPDATE ${table} SET tenant_id = 'south' WHERE tenant_id = 'north'`],
    refusedBy: `${table}_stay_in_their_tenant`,
  })),
];
