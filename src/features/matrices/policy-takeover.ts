import { GATEWAY_ACTOR } from '../../access/principal.js';
import type { RoleMatrix } from '../../domain/matrix.js';
import type { Plan, PlanCatalogue } from '../../domain/plan.js';
import type { LoadedMatrix, Policy } from '../../policy/policy-folder.js';
import { buildMatrix } from '../../policy/matrix-source.js';
import { isCheckViolation, isForeignKeyViolation, isUniqueViolation } from '../../storage/database-fault.js';
import type { Transaction, Transactions } from '../../storage/transaction.js';
import type { PlatformAudit } from '../audit/platform-audit.js';
import type { MatrixRegistry } from './matrix-registry.js';
import type { MatrixStore, StoredMatrix } from './matrices.store.js';

/** The policy folder cannot be taken over as it is: the sentence says what stands in its way. */
export class PolicyTakeoverError extends Error {
  override readonly name = 'PolicyTakeoverError';
}

/**
 * Brings the policy folder into the database at start, in one transaction: whole or not at all, and with nothing left to
 * do the second time. Several nodes may start at once. A matrix that the database has in a newer version is served as
 * the database has it.
 */
export class PolicyTakeover {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: MatrixStore,
    private readonly registry: MatrixRegistry,
    private readonly audit: PlatformAudit,
    private readonly warn: (message: string) => void,
  ) {}

  async run(policy: Policy): Promise<void> {
    const served = await this.transactions.run(async (tx) => {
      await this.store.lock(tx);
      await this.takePlans(policy.plans, tx);
      const stored = new Map((await this.store.list(tx)).map((matrix) => [matrix.key, matrix]));
      const newer: StoredMatrix[] = [];
      for (const loaded of policy.matrices) {
        const there = stored.get(loaded.matrix.key);
        stored.delete(loaded.matrix.key);
        if (there !== undefined && there.version > loaded.matrix.version) newer.push(there);
        else if (there?.digest !== loaded.digest) await this.takeMatrix(loaded, there, tx);
      }
      return { newer, orphans: [...stored.values()] };
    });
    for (const { matrix, digest } of policy.matrices) this.registry.put(matrix, digest);
    for (const { key, version } of served.newer) {
      this.warn(`The database has version ${version} of the role matrix "${key}", newer than the policy folder's: serving the database's.`);
    }
    for (const { source, digest } of [...served.newer, ...served.orphans]) this.registry.put(buildMatrix(source), digest);
  }

  private async takeMatrix({ matrix, source, digest }: LoadedMatrix, there: StoredMatrix | undefined, tx: Transaction): Promise<void> {
    const { key, version } = matrix;
    if (there !== undefined && there.version === version) {
      throw new PolicyTakeoverError(
        `The role matrix "${key}" differs from the version ${version} that is in force: raise its version to ${version + 1} to bring the change in.`,
      );
    }
    const claimed = await this.store.listClaimedRoles(matrix, tx);
    if (claimed.length > 0) {
      throw new PolicyTakeoverError(
        `Version ${version} of the role matrix "${key}" claims the keys of custom roles (${claimed.join(', ')}): give its roles other keys, or rename those first.`,
      );
    }
    await this.putUnlessHeld(key, () => this.store.put(matrix, source, digest, tx));
    if (there !== undefined) await this.refreshTenants(matrix, tx);
    await this.audit.append(tx, GATEWAY_ACTOR, {
      action: there === undefined ? 'matrix.added' : 'matrix.version-changed',
      target: key,
      before: there === undefined ? null : { version: there.version },
      after: { version },
    });
  }

  private async takePlans(catalogue: PlanCatalogue, tx: Transaction): Promise<void> {
    const stored = new Map((await this.store.listPlans(tx)).map((plan) => [plan.key, plan]));
    for (const plan of catalogue.plans.values()) {
      const there = stored.get(plan.key);
      stored.delete(plan.key);
      if (there !== undefined && there.title === plan.title && sameFeatures(there, plan)) continue;
      await this.store.putPlan(plan, tx);
      await this.audit.append(tx, GATEWAY_ACTOR, {
        action: there === undefined ? 'plan.added' : 'plan.changed',
        target: plan.key,
        before: there === undefined ? null : described(there),
        after: described(plan),
      });
    }
    for (const plan of stored.values()) {
      await this.putUnlessHeld(plan.key, () => this.store.removePlan(plan.key, catalogue.defaultPlan, tx));
      await this.audit.append(tx, GATEWAY_ACTOR, { action: 'plan.removed', target: plan.key, before: described(plan) });
    }
  }

  /** What never breaks in a tenant does not break by a new version of its matrix either. */
  private async refreshTenants(matrix: RoleMatrix, tx: Transaction): Promise<void> {
    const { key, version } = matrix;
    try {
      await this.store.refreshTenants(key, tx);
    } catch (error) {
      if (!isUniqueViolation(error) && !isCheckViolation(error)) throw error;
      throw new PolicyTakeoverError(
        `Version ${version} of the role matrix "${key}" would give a tenant a second owner, an owner who may not be one, ` +
          'or a widget role to a member without a customer: change those members first.',
        { cause: error },
      );
    }
    const unled = await this.store.listUnledTenants(matrix, tx);
    if (unled.length > 0) {
      throw new PolicyTakeoverError(
        `Version ${version} of the role matrix "${key}" would leave tenants without an owner or an active admin (${unled.join(', ')}): ` +
          'keep the role that their admins have among the admin roles, or change those members first.',
      );
    }
  }

  private async putUnlessHeld(key: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw new PolicyTakeoverError(
        `The policy folder drops a role of the matrix, or the plan, "${key}" that members, invitations or tenants still have: bring it back, or move them off it first.`,
        { cause: error },
      );
    }
  }
}

function sameFeatures(one: Plan, other: Plan): boolean {
  return one.features.size === other.features.size && [...one.features].every((feature) => other.features.has(feature));
}

function described({ title, features }: Plan) {
  return { title, features: [...features] };
}
