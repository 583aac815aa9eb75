import type { MembershipStatus, TenantStatus, UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import type { Feature } from '../../domain/plan.js';
import type { CustomRole } from '../roles/custom-role.js';

export interface MemberRecord {
  readonly revision: string | null;
  readonly structure_revision: string | null;
  readonly user_id: string | null;
  readonly account_role: AccountRole | null;
  readonly user_status: UserStatus | null;
  readonly role_key: string | null;
  readonly membership_status: MembershipStatus | null;
  readonly customer_id: string | null;
  readonly expires_at: Date | null;
  /** [department, role, expiry as text] each. */
  readonly overrides: readonly (readonly [string, string, string | null])[] | null;
}

/** $1 and $2: tenant ids and user ids, pair by pair. One row a pair, in that order. */
export const MEMBERS_SQL = `
  SELECT t.revision, t.structure_revision, u.id AS user_id, u.account_role, u.status AS user_status,
         m.role_key, m.status AS membership_status, m.customer_id, m.expires_at, o.overrides
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (tenant_id, user_id, place)
  LEFT JOIN tenants t ON t.id = asked.tenant_id AND t.deleted_at IS NULL
  LEFT JOIN users u ON u.id = asked.user_id
  LEFT JOIN memberships m ON m.tenant_id = t.id AND m.user_id = u.id
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(d.department_id, d.role_key, d.expires_at)) AS overrides
    FROM department_overrides d WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id
  ) o ON m.user_id IS NOT NULL
  ORDER BY asked.place`;

export interface FrameRecord {
  readonly id: string;
  readonly status: TenantStatus;
  readonly plan_key: string;
  readonly plan_title: string;
  readonly plan_features: readonly Feature[];
  readonly matrix_key: string;
  readonly matrix_digest: string;
  readonly structure_revision: string;
  readonly roles: readonly CustomRole[];
  readonly departments: readonly string[];
  readonly customers: readonly string[];
}

/** $1: tenant ids. One row for each that exists, everything in it as of one moment. */
export const FRAME_SQL = `
  SELECT t.id, t.status, t.plan_key, p.title AS plan_title, p.features AS plan_features, t.matrix_key,
         x.digest AS matrix_digest, t.structure_revision,
    (SELECT coalesce(json_agg(json_build_object('key', r.key, 'name', r.name, 'description', r.description,
       'surface', r.surface, 'permissions', r.permissions, 'duplicatedFrom', r.duplicated_from) ORDER BY r.key), '[]')
     FROM roles r WHERE r.tenant_id = t.id) AS roles,
    ARRAY(SELECT d.id FROM departments d WHERE d.tenant_id = t.id) AS departments,
    ARRAY(SELECT c.id FROM customers c WHERE c.tenant_id = t.id) AS customers
  FROM tenants t JOIN matrices x ON x.key = t.matrix_key JOIN plans p ON p.key = t.plan_key
  WHERE t.id = ANY ($1::text[]) AND t.deleted_at IS NULL`;
