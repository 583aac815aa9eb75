import type { AccountRole } from '../../domain/matrix.js';
import { Store } from '../../storage/store.js';

/** Who might be allowed: everybody outside this is sure to be refused, and everybody inside is still to be decided. */
export interface CandidateFilter {
  readonly tenantId: string;
  /** Roles that hold the permission. */
  readonly roleKeys: readonly string[];
  readonly departmentId: string | null;
  /** Account roles that may give the permission to a member. */
  readonly accountRoles: readonly AccountRole[];
}

const CANDIDATES_SQL = `
  SELECT id FROM (
    (SELECT m.user_id AS id FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.tenant_id = $1 AND m.user_id > $2 AND (m.role_key = ANY ($3::text[]) OR u.account_role = ANY ($4::text[]) OR EXISTS (
       SELECT FROM department_overrides d
       WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id AND d.department_id = $5 AND d.role_key = ANY ($3::text[])))
     ORDER BY m.user_id LIMIT $6)
    UNION
    (SELECT id FROM users WHERE account_role = 'OWNER' AND id > $2 ORDER BY id LIMIT $6)
  ) candidates ORDER BY id LIMIT $6`;

export class CandidateStore extends Store {
  /** The ids behind `after`, in order, at most `limit`. */
  async list(filter: CandidateFilter, after: string, limit: number): Promise<string[]> {
    const { tenantId, roleKeys, accountRoles, departmentId } = filter;
    const rows: { id: string }[] = await this.db().query(CANDIDATES_SQL, [tenantId, after, roleKeys, accountRoles, departmentId, limit]);
    return rows.map((row) => row.id);
  }
}
