import type { RoleMatrix } from '../../domain/matrix.js';
import type { Plan } from '../../domain/plan.js';
import type { MatrixSource } from '../../policy/matrix-source.js';
import { MatrixPermissionRow, MatrixRoleRow, MatrixRow, PlanRow } from '../../storage/entities/matrices.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

export interface StoredMatrix {
  readonly key: string;
  readonly version: number;
  readonly digest: string;
  readonly source: MatrixSource;
}

const ROWS_PER_STATEMENT = 5_000;

export class MatrixStore extends Store {
  async list(tx?: Transaction): Promise<StoredMatrix[]> {
    const rows = await this.db(tx).getRepository(MatrixRow).find({ order: { key: 'ASC' } });
    return rows.map(toStored);
  }

  async find(key: string, tx?: Transaction): Promise<StoredMatrix | null> {
    const row = await this.db(tx).getRepository(MatrixRow).findOneBy({ key });
    return row && toStored(row);
  }

  /** One node takes matrices over at a time; the others wait, and find nothing left to do. */
  async lock(tx: Transaction): Promise<void> {
    await this.db(tx).query('LOCK TABLE matrices IN SHARE ROW EXCLUSIVE MODE');
  }

  /**
   * Writes the matrix over what was there. What members and pending invitations still hold cannot go: the foreign keys
   * refuse it. Invitations of the past go with the role that they named.
   */
  async put(matrix: RoleMatrix, source: MatrixSource, digest: string, tx: Transaction): Promise<void> {
    const { key, title, version, ownerRole } = matrix;
    const db = this.db(tx);
    await db.getRepository(MatrixRow).upsert({ key, title, version, digest, source, ownerRole, aliases: [...matrix.aliases.keys()] }, ['key']);
    const roles = [...matrix.roles.values()];
    const permissions = matrix.permissions.map(({ key: permission, scope }) => ({ matrixKey: key, key: permission, scope }));
    await db.query('DELETE FROM matrix_permissions WHERE matrix_key = $1', [key]);
    for (let i = 0; i < permissions.length; i += ROWS_PER_STATEMENT) {
      await db.getRepository(MatrixPermissionRow).insert(permissions.slice(i, i + ROWS_PER_STATEMENT));
    }
    const kept = [key, roles.map((role) => role.key)];
    await db.query(`DELETE FROM invitations WHERE matrix_key = $1 AND system_role <> ALL ($2::text[]) AND status <> 'PENDING'`, kept);
    await db.query('DELETE FROM matrix_roles WHERE matrix_key = $1 AND key <> ALL ($2::text[])', kept);
    const rows = roles.map((role) => ({ matrixKey: key, key: role.key, isAdmin: matrix.adminRoles.has(role.key), surface: role.surface }));
    for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
      await db.getRepository(MatrixRoleRow).upsert(rows.slice(i, i + ROWS_PER_STATEMENT), ['matrixKey', 'key']);
    }
  }

  /**
   * Tells every tenant of the matrix that its structure changed, and lets the database say anew which members are
   * owner and admin, and whether they may be. Returns how many tenants there are.
   */
  async refreshTenants(matrixKey: string, tx: Transaction): Promise<number> {
    const db = this.db(tx);
    const tenants: { id: string }[] = await db.query('SELECT id FROM tenants WHERE matrix_key = $1 ORDER BY id FOR UPDATE', [matrixKey]);
    await db.query('UPDATE memberships SET status = status WHERE matrix_key = $1', [matrixKey]);
    await db.query('UPDATE department_overrides SET role_key = role_key WHERE matrix_key = $1', [matrixKey]);
    await db.query('UPDATE tenants SET revision = revision + 1, structure_revision = revision + 1 WHERE matrix_key = $1', [matrixKey]);
    return tenants.length;
  }

  /** The tenants of the matrix that lack an active admin or, where the matrix has one, an owner; at most ten. */
  async listUnledTenants({ key, ownerRole }: RoleMatrix, tx: Transaction): Promise<string[]> {
    const rows: { id: string }[] = await this.db(tx).query(
      `SELECT t.id FROM tenants t WHERE t.matrix_key = $1 AND t.deleted_at IS NULL AND (
         ($2::text IS NOT NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.tenant_id = t.id AND m.is_owner))
         OR NOT EXISTS (SELECT FROM tenant_leaders l WHERE l.tenant_id = t.id))
       ORDER BY t.id LIMIT 10`,
      [key, ownerRole],
    );
    return rows.map((row) => row.id);
  }

  /** The custom roles whose key the matrix now claims for itself, as `tenant/role`; at most ten. */
  async listClaimedRoles(matrix: RoleMatrix, tx: Transaction): Promise<string[]> {
    const reserved = [...matrix.roles.keys(), ...matrix.aliases.keys()];
    const rows: { name: string }[] = await this.db(tx).query(
      `SELECT r.tenant_id || '/' || r.key AS name FROM roles r JOIN tenants t ON t.id = r.tenant_id
       WHERE t.matrix_key = $1 AND r.key = ANY ($2::text[]) ORDER BY 1 LIMIT 10`,
      [matrix.key, reserved],
    );
    return rows.map((row) => row.name);
  }

  async listPlans(tx: Transaction): Promise<Plan[]> {
    const rows = await this.db(tx).getRepository(PlanRow).find();
    return rows.map((row) => ({ key: row.key, title: row.title, features: new Set(row.features) }));
  }

  /** Writes the plan and tells the tenants that have it. */
  async putPlan(plan: Plan, tx: Transaction): Promise<void> {
    const row = { key: plan.key, title: plan.title, features: [...plan.features] };
    await this.db(tx).getRepository(PlanRow).upsert(row, ['key']);
    await this.db(tx).query(
      'UPDATE tenants SET revision = revision + 1, structure_revision = revision + 1 WHERE plan_key = $1',
      [plan.key],
    );
  }

  /** The foreign key refuses it where a tenant has the plan; what is left of deleted tenants falls to the other plan. */
  async removePlan(key: string, other: string, tx: Transaction): Promise<void> {
    await this.db(tx).query('UPDATE tenants SET plan_key = $2 WHERE plan_key = $1 AND deleted_at IS NOT NULL', [key, other]);
    await this.db(tx).getRepository(PlanRow).delete({ key });
  }
}

function toStored(row: MatrixRow): StoredMatrix {
  return { key: row.key, version: row.version, digest: row.digest, source: row.source as MatrixSource };
}
