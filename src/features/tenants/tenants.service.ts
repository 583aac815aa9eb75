import { v7 as uuidv7 } from 'uuid';
import { actorOf, type Principal } from '../../access/principal.js';
import type { TenantStatus } from '../../domain/facts.js';
import type { Page, PageRequest } from '../../domain/page.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError, badInput, forbidden } from '../../errors.js';
import type { Transactions } from '../../storage/transaction.js';
import type { CallerCheck } from '../changes/caller-check.js';
import { notInEdition } from '../changes/feature-gate.js';
import { NOBODY } from '../changes/tenant-change.js';
import type { Changed, TenantChanges } from '../changes/tenant-changes.js';
import { optionalIdentifier, requireIdentifier, requireName } from '../input.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import type { UserStore } from '../users/users.store.js';
import { COMMUNITY_PLAN, COMMUNITY_TENANT } from './community-tenant.js';
import type { TenantFounding } from './tenant-founding.js';
import type { TenantRecord, TenantStore } from './tenants.store.js';

export interface NewTenant {
  readonly id: string | null;
  readonly name: string;
  readonly matrix: string;
  readonly plan: string | null;
  readonly ownerId: string;
}

export interface TenantStores {
  readonly tenants: TenantStore;
  readonly users: UserStore;
}

/** Workspaces: the walls that no read or write crosses. */
export class TenantService {
  constructor(
    private readonly stores: TenantStores,
    private readonly transactions: Transactions,
    private readonly changes: TenantChanges,
    private readonly callers: CallerCheck,
    private readonly matrices: MatrixRegistry,
    private readonly plans: PlanCatalogue,
    private readonly founding: TenantFounding,
    /** The edition with one tenant, which stays, and one plan. */
    private readonly isCommunity: boolean,
  ) {}

  readonly findAll = (ids: readonly string[]): Promise<(TenantRecord | null)[]> => this.stores.tenants.findAll(ids);

  find(id: string): Promise<TenantRecord | null> {
    return this.stores.tenants.find(id);
  }

  list(request: PageRequest, among: readonly string[] | null): Promise<Page<TenantRecord>> {
    return this.stores.tenants.list(request, among);
  }

  /** The first member becomes the owner or, under a matrix without an owner role, the first admin. */
  async create(caller: Principal, asked: NewTenant): Promise<Changed<TenantRecord>> {
    if (this.isCommunity) throw notInEdition('TENANTS');
    const tenant = this.requireNew(asked);
    const ownerId = requireIdentifier('ownerId', asked.ownerId);
    return this.transactions.run(async (tx) => {
      await this.callers.requireOnPlatform(caller, 'platform.tenants', tx);
      const owner = await this.stores.users.hold(ownerId, tx);
      if (owner === null) throw new AppError('NOT_FOUND', 'There is no user of the id given as ownerId: create the user first.');
      if (owner.status !== 'ACTIVE') throw badInput('ownerId', 'A disabled user cannot own a tenant: enable the user first.');
      if (owner.accountRole === 'VIEWER') throw badInput('ownerId', 'A viewer account only reads, so it cannot lead a tenant: choose another user.');
      const revision = await this.founding.found(tenant, ownerId, actorOf(caller), tx);
      return { result: { ...tenant, status: 'ACTIVE', revision }, revision };
    });
  }

  /** The name is the tenant's to change and the plan the platform's: each demands its own, and the guard lets in whoever holds either. */
  async update(caller: Principal, tenantId: string, edit: { name: string | null; plan: string | null }): Promise<Changed<TenantRecord>> {
    if (this.isCommunity && edit.plan !== null && edit.plan !== COMMUNITY_PLAN) throw notInEdition('PLANS');
    const name = edit.name === null ? null : requireName('name', edit.name);
    const planKey = edit.plan === null ? null : this.requirePlan(edit.plan);
    return this.changes.run({ caller, tenantId, demands: planKey === null ? 'tenant.update' : 'platform.tenants' }, async (scope) => {
      const { tx, tenant } = scope;
      if (name !== null && !scope.holds('tenant.update')) throw forbidden();
      const changed = { ...tenant, name: name ?? tenant.name, planKey: planKey ?? tenant.planKey };
      if (changed.name === tenant.name && changed.planKey === tenant.planKey) return { result: tenant, entry: null };
      await this.stores.tenants.update(tenantId, { name: changed.name, planKey: changed.planKey }, tx);
      const entry = { action: 'tenant.updated', target: tenantId, before: described(tenant), after: described(changed) };
      return { result: changed, entry, touches: changed.planKey === tenant.planKey ? NOBODY : 'everybody' };
    });
  }

  setStatus(caller: Principal, tenantId: string, status: TenantStatus): Promise<Changed<TenantRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'platform.tenants' }, async ({ tx, tenant }) => {
      if (tenant.status === status) return { result: tenant, entry: null };
      await this.stores.tenants.update(tenantId, { status }, tx);
      const action = status === 'ACTIVE' ? 'tenant.activated' : 'tenant.suspended';
      const entry = { action, target: tenantId, before: { status: tenant.status }, after: { status } };
      return { result: { ...tenant, status }, entry, touches: 'everybody' };
    });
  }

  /** Nothing of the tenant stays but its row, which keeps the id from being given out again, and its audit log. */
  async delete(caller: Principal, tenantId: string): Promise<Changed<string>> {
    if (this.isCommunity && tenantId === COMMUNITY_TENANT) throw notInEdition('TENANTS');
    return this.changes.run({ caller, tenantId, demands: 'tenant.delete' }, async (scope) => {
      await this.stores.tenants.delete(tenantId, new Date(scope.now), scope.tx);
      await scope.announceCallers();
      const entry = { action: 'tenant.deleted', target: tenantId, before: described(scope.tenant) };
      return { result: tenantId, entry, touches: 'everybody' };
    });
  }

  private requireNew(asked: NewTenant) {
    const id = optionalIdentifier('id', asked.id) ?? uuidv7();
    const name = requireName('name', asked.name);
    const matrixKey = this.matrices.find(asked.matrix)?.key;
    if (matrixKey === undefined) {
      throw badInput('matrix', `There is no role matrix of this key: the gateway has ${this.matrices.list().map((matrix) => matrix.key).join(', ')}.`);
    }
    return { id, name, matrixKey, planKey: this.requirePlan(asked.plan ?? this.plans.defaultPlan) };
  }

  private requirePlan(key: string): string {
    if (this.plans.plans.has(key)) return key;
    throw badInput('plan', `There is no plan of this key: the gateway has ${[...this.plans.plans.keys()].join(', ')}.`);
  }
}

function described({ name, planKey, status }: TenantRecord) {
  return { name, plan: planKey, status };
}
