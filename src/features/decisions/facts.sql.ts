import type { MembershipStatus, TenantStatus, UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import type { Feature } from '../../domain/plan.js';
import type { CustomRole } from '../roles/custom-role.js';

export interface FrameRecord {
  readonly status: TenantStatus;
  readonly planKey: string;
  readonly planTitle: string;
  readonly planFeatures: readonly Feature[];
  readonly matrixKey: string;
  readonly matrixDigest: string;
  readonly roles: readonly CustomRole[];
  readonly departments: readonly string[];
  readonly customers: readonly string[];
}

export interface FactsRecord {
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
  /** Null where it was not asked for, too. */
  readonly frame: FrameRecord | null;
}

/**
 * $1 and $2: tenant ids and user ids, pair by pair; $3: whether with the tenant's frame. One row a pair, in that order, everything as of one moment.
 * The values stand in subselects, or PostgreSQL would see that there are few and plan anew each time, which takes longer than the reading; and
 * each pair looks its rows up by index (OFFSET 0 keeps a subselect as it is), where a join over few pairs would read all tenants.
 */
export const FACTS_SQL = `
  SELECT t.revision, t.structure_revision, u.id AS user_id, u.account_role, u.status AS user_status,
         m.role_key, m.status AS membership_status, m.customer_id, m.expires_at,
    CASE WHEN m.user_id IS NOT NULL THEN (
      SELECT json_agg(json_build_array(d.department_id, d.role_key, d.expires_at))
      FROM department_overrides d WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id) END AS overrides,
    CASE WHEN asked.with_frame THEN (
      SELECT json_build_object('status', t.status, 'planKey', t.plan_key, 'planTitle', p.title, 'planFeatures', p.features,
        'matrixKey', t.matrix_key, 'matrixDigest', x.digest,
        'roles', (SELECT coalesce(json_agg(json_build_object('key', r.key, 'name', r.name, 'description', r.description,
           'surface', r.surface, 'permissions', r.permissions, 'duplicatedFrom', r.duplicated_from) ORDER BY r.key), '[]')
           FROM roles r WHERE r.tenant_id = t.id),
        'departments', ARRAY(SELECT d.id FROM departments d WHERE d.tenant_id = t.id),
        'customers', ARRAY(SELECT c.id FROM customers c WHERE c.tenant_id = t.id))
      FROM matrices x, plans p WHERE x.key = t.matrix_key AND p.key = t.plan_key) END AS frame
  FROM unnest((SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::boolean[])) WITH ORDINALITY AS asked (tenant_id, user_id, with_frame, place)
  LEFT JOIN LATERAL (SELECT * FROM tenants WHERE id = asked.tenant_id AND deleted_at IS NULL OFFSET 0) t ON true
  LEFT JOIN LATERAL (SELECT * FROM users WHERE id = asked.user_id OFFSET 0) u ON true
  LEFT JOIN LATERAL (SELECT * FROM memberships WHERE tenant_id = t.id AND user_id = u.id OFFSET 0) m ON true
  ORDER BY asked.place`;
