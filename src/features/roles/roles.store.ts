import { In } from 'typeorm';
import { RoleRow } from '../../storage/entities/tenants.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import type { RoleReference } from '../memberships/memberships.store.js';
import type { CustomRole } from './custom-role.js';

export interface RoleKey {
  readonly tenantId: string;
  readonly key: string;
}

const ROLES = {
  table: 'roles',
  keys: ['tenant_id', 'key'],
  columns: { key: 'key', name: 'name', description: 'description', surface: 'surface', permissions: 'permissions', duplicatedFrom: 'duplicated_from' },
  order: 'key',
} as const;

/** How many there were, and who the first of them are: as many as are named one by one. */
export interface Moved<T> {
  readonly count: number;
  readonly first: readonly T[];
}

/** Whoever had a role that was replaced by another. */
export interface MovedHolders {
  /** By their users' ids. */
  readonly members: Moved<string>;
  readonly departmentOverrides: Moved<{ readonly userId: string; readonly departmentId: string }>;
  readonly invitations: Moved<string>;
}

/** A role of a whole company may be replaced: what the audit log keeps of it stays below a MiB or so. */
const MAX_NAMED = 1000;

function moveSql(table: string, key: string, named: string): string {
  return `
    WITH moved AS (
      UPDATE ${table} SET role_key = $3, role_kind = $4 WHERE tenant_id = $1 AND custom_role = $2 RETURNING ${key})
    SELECT (SELECT count(*)::int FROM moved) AS count, ARRAY(SELECT ${named} FROM moved ORDER BY ${key} LIMIT ${MAX_NAMED}) AS first`;
}

export class RoleStore extends Store {
  /** The custom roles of each tenant, by key, in the order of the tenants. */
  async listOfTenants(tenantIds: readonly string[]): Promise<CustomRole[][]> {
    const rows = await this.db().getRepository(RoleRow).find({ where: { tenantId: In([...tenantIds]) }, order: { key: 'ASC' } });
    return tenantIds.map((tenantId) => rows.filter((row) => row.tenantId === tenantId).map(toCustomRole));
  }

  /** In the order of the keys; null for each that does not exist. */
  async findAll(keys: readonly RoleKey[]): Promise<(CustomRole | null)[]> {
    const found = await this.readByPairs<CustomRole>(ROLES, keys.map(({ tenantId, key }) => [tenantId, key]));
    return found.map(([role]) => (role === undefined ? null : toCustomRole(role)));
  }

  async insert(tenantId: string, role: CustomRole, createdAt: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(RoleRow).insert({ tenantId, ...role, permissions: [...role.permissions], createdAt });
  }

  async update(tenantId: string, role: CustomRole, tx: Transaction): Promise<void> {
    const { key, name, description, permissions } = role;
    await this.db(tx).getRepository(RoleRow).update({ tenantId, key }, { name, description, permissions: [...permissions] });
  }

  /** Whether a member, an override or an invitation that may still be accepted has the role. */
  async isHeld(tenantId: string, key: string, now: number, tx: Transaction): Promise<boolean> {
    const rows: { held: boolean }[] = await this.db(tx).query(
      `SELECT EXISTS (SELECT FROM memberships WHERE tenant_id = $1 AND custom_role = $2)
           OR EXISTS (SELECT FROM department_overrides WHERE tenant_id = $1 AND custom_role = $2)
           OR EXISTS (SELECT FROM invitations WHERE tenant_id = $1 AND custom_role = $2 AND status = 'PENDING' AND expires_at > $3) AS held`,
      [tenantId, key, new Date(now)],
    );
    return rows[0]!.held;
  }

  /** Gives whoever has the custom role another one. */
  async moveHolders(tenantId: string, key: string, { roleKey, roleKind }: RoleReference, tx: Transaction): Promise<MovedHolders> {
    const move = async <T>(sql: string): Promise<Moved<T>> => {
      const [moved]: Moved<T>[] = await this.db(tx).query(sql, [tenantId, key, roleKey, roleKind]);
      return moved!;
    };
    return {
      members: await move(moveSql('memberships', 'user_id', 'user_id')),
      departmentOverrides: await move(
        moveSql('department_overrides', 'user_id, department_id', `json_build_object('userId', user_id, 'departmentId', department_id)`),
      ),
      invitations: await move(moveSql('invitations', 'id', 'id')),
    };
  }

  /** Takes along the invitations of the past that named the role. */
  async delete(tenantId: string, key: string, tx: Transaction): Promise<void> {
    await this.db(tx).query('DELETE FROM invitations WHERE tenant_id = $1 AND custom_role = $2', [tenantId, key]);
    await this.db(tx).getRepository(RoleRow).delete({ tenantId, key });
  }
}

function toCustomRole({ key, name, description, surface, permissions, duplicatedFrom }: CustomRole): CustomRole {
  return { key, name, description, surface, permissions, duplicatedFrom };
}
