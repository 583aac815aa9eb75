import { decide, deciderIn, reach } from '../../src/domain/decide.js';
import { explain } from '../../src/domain/explain.js';
import { Facts, type Member, type TenantFrame } from '../../src/domain/facts.js';
import type { Role, RoleMatrix } from '../../src/domain/matrix.js';
import { PermissionSet } from '../../src/domain/permission-set.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Place } from '../../src/domain/sources.js';
import type { Decider } from './decider.js';
import { own, type Ask, type Scene, type World, type WorldTenant } from './world.js';

export interface Policy {
  readonly matrices: ReadonlyMap<string, RoleMatrix>;
  readonly plans: ReadonlyMap<string, Plan>;
}

/** The facts that a decision about the user in the tenant needs, as a store would load them from this world. */
export function factsOf(world: World, policy: Policy, tenantId: string, userId: string): Facts {
  const tenant = own(world.tenants, tenantId);
  const frame = tenant === undefined ? null : frameOf(tenantId, tenant, policy);
  return new Facts(frame, memberOf(world, tenant, userId), tenant === undefined ? null : 1n);
}

export function placeOf({ user, department, customer, owner, surface }: Scene): Place {
  return { userId: user, departmentId: department, customerId: customer, ownerId: owner, surface };
}

export function checkOf(ask: Ask) {
  return { ...placeOf(ask), permission: ask.permission };
}

/** The domain, asked directly. */
export class DomainDecider implements Decider {
  readonly name = 'the domain';
  readonly effectiveHeedsOwner = true;
  readonly takesAnyWorld = true;

  constructor(private readonly policy: Policy) {}

  async check(world: World, ask: Ask, at: number) {
    return decide(checkOf(ask), this.facts(world, ask), at);
  }

  async checks(world: World, asks: readonly Ask[], at: number) {
    return asks.map((ask) => decide(checkOf(ask), this.facts(world, ask), at));
  }

  async checkPermissions(world: World, scene: Scene, permissions: readonly string[], at: number) {
    const decideOn = deciderIn(placeOf(scene), this.facts(world, scene), at);
    return permissions.map((permission) => decideOn(permission).allowed);
  }

  async explain(world: World, ask: Ask, at: number) {
    return explain(checkOf(ask), this.facts(world, ask), at);
  }

  async effective(world: World, scene: Scene, at: number) {
    const facts = this.facts(world, scene);
    const { permissions, role, departmentRole, reason } = reach(placeOf(scene), facts, at);
    const keys = permissions === null ? [] : facts.frame!.matrix.keysOf(permissions);
    const categories = (facts.frame?.matrix.categories ?? []).map((category) => ({
      category: category.key,
      held: category.permissions.filter(({ key }) => keys.includes(key)).length,
      total: category.permissions.length,
    }));
    const departmentRoles = departmentRole ? [{ department: departmentRole.departmentId, role: departmentRole.role }] : [];
    return { keys, categories, role, departmentRoles, reason };
  }

  async who(world: World, ask: Omit<Ask, 'user' | 'owner'>, at: number) {
    return Object.keys(world.users).filter((user) => {
      const full = { ...ask, user, owner: null };
      return decide(checkOf(full), this.facts(world, full), at).allowed;
    });
  }

  async can(world: World, ask: Ask, at: number) {
    return decide(checkOf(ask), this.facts(world, ask), at).allowed;
  }

  private facts(world: World, { tenant, user }: Scene): Facts {
    return factsOf(world, this.policy, tenant, user);
  }
}

function frameOf(tenantId: string, tenant: WorldTenant, { matrices, plans }: Policy): TenantFrame {
  const matrix = matrices.get(tenant.matrix);
  const plan = plans.get(tenant.plan);
  if (matrix === undefined || plan === undefined) throw new Error(`no matrix ${tenant.matrix} or no plan ${tenant.plan}`);
  return {
    tenantId,
    status: tenant.status,
    plan,
    matrix,
    customRoles: new Map(Object.keys(tenant.roles).map((key) => [key, customRole(key, tenant, matrix)])),
    departments: new Set(tenant.departments),
    customers: new Set(tenant.customers),
    structureRevision: 1n,
  };
}

function customRole(key: string, tenant: WorldTenant, matrix: RoleMatrix): Role {
  const { permissions, surface } = own(tenant.roles, key)!;
  const indices = permissions.map((permission) => {
    const found = matrix.findPermission(permission);
    if (found === undefined) throw new Error(`the custom role ${key} names ${permission}, which ${matrix.key} does not have`);
    return found.index;
  });
  const set = PermissionSet.of(matrix.permissions.length, indices);
  return { key, name: key, description: null, kind: 'CUSTOM', surface, permissions: set, duplicatedFrom: null };
}

function memberOf(world: World, tenant: WorldTenant | undefined, userId: string): Member | null {
  const user = own(world.users, userId);
  if (user === undefined) return null;
  const held = tenant && own(tenant.members, userId);
  const membership = held && {
    status: held.status,
    roleKey: held.role,
    customerId: held.customer,
    expiresAt: held.expiresAt,
    overrides: new Map(
      Object.entries(held.overrides).map(([department, { role, expiresAt }]) => [department, { roleKey: role, expiresAt }]),
    ),
  };
  return { userId, accountRole: user.accountRole, status: user.status, membership: membership ?? null };
}
