import type { RoleKind, RoleMatrix } from '../../domain/matrix.js';
import { AppError } from '../../errors.js';
import type { LoadBatch } from '../../graphql/loaders.js';
import type { RoleType } from '../matrices/matrices.types.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import { toRoleView } from '../matrices/matrix-view.js';
import type { RoleReference } from '../memberships/memberships.store.js';
import { type CustomRole, toRole } from './custom-role.js';
import type { RoleKey, RoleStore } from './roles.store.js';

interface UnderMatrix {
  readonly id: string;
  readonly matrixKey: string;
}

interface RoleUnderMatrix extends RoleKey {
  /** The tenant's. */
  readonly matrixKey: string;
}

/** A tenant's roles as the schema shows them: those of its matrix, and its own. */
export class TenantRoles {
  constructor(
    private readonly roles: RoleStore,
    private readonly matrices: MatrixRegistry,
  ) {}

  readonly listCustom = (tenantIds: readonly string[]): Promise<CustomRole[][]> => this.roles.listOfTenants(tenantIds);

  /** In the order of the keys; null for each that does not exist. Where one cannot be shown, the others still can. */
  readonly findCustomViews: LoadBatch<RoleUnderMatrix, RoleType | null> = async (keys) => {
    const found = await this.roles.findAll(keys);
    return found.map((role, i) => {
      const matrix = this.matrices.find(keys[i]!.matrixKey);
      if (role === null) return null;
      return matrix === null ? notMet() : toRoleView(toRole(role, matrix), matrix);
    });
  };

  /** The key of the role that is called so here, by its key or by an alias; of no role where there is none. */
  keyOf(tenant: UnderMatrix, keyOrAlias: string): string {
    return this.requireMatrix(tenant.matrixKey).findRole(keyOrAlias)?.key ?? keyOrAlias;
  }

  system(reference: Pick<RoleReference, 'matrixKey' | 'roleKey'>): RoleType | null {
    const matrix = this.requireMatrix(reference.matrixKey);
    const role = matrix.findRole(reference.roleKey);
    return role === undefined ? null : toRoleView(role, matrix);
  }

  view(role: CustomRole, matrixKey: string): RoleType {
    const matrix = this.requireMatrix(matrixKey);
    return toRoleView(toRole(role, matrix), matrix);
  }

  all(tenant: UnderMatrix, custom: readonly CustomRole[], kind: RoleKind | null): RoleType[] {
    const matrix = this.requireMatrix(tenant.matrixKey);
    const system = kind === 'CUSTOM' ? [] : [...matrix.roles.values()].map((role) => toRoleView(role, matrix));
    return kind === 'SYSTEM' ? system : [...system, ...custom.map((role) => this.view(role, matrix.key))];
  }

  private requireMatrix(key: string): RoleMatrix {
    const matrix = this.matrices.find(key);
    if (matrix === null) throw notMet();
    return matrix;
  }
}

function notMet(): AppError {
  return new AppError('UNAVAILABLE', 'This node has not met the role matrix yet; try again shortly.');
}
