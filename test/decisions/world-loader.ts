import type { RoleMatrix } from '../../src/domain/matrix.js';
import type { Variables } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';
import { must, World as GatewayWorld } from '../support/world.js';
import type { Policy } from './domain-decider.js';
import { own, type World, type WorldMember, type WorldRole, type WorldTenant } from './world.js';

/** Has every feature: tenants are made under it, and get the plan of their world once everything is in place. */
export const FULL_PLAN = 'enterprise';
/** Before every expiry of every world, since nothing is given that has ended already. */
const WHILE_LOADING = '2000-01-01T00:00:00.000Z';

/** A world in a gateway that holds many: what its users and tenants are called there. */
export interface LoadedWorld {
  readonly world: World;
  /** Injective, and defined for ids that the world does not have: nobody in the gateway has the name then. */
  readonly nameOf: (id: string) => string;
  /** The user of the world who has the name; undefined for anybody else. */
  readonly userNamed: (name: string) => string | undefined;
  /** Whether it is somebody from outside whom a tenant of the world needed as its first member. */
  readonly isFounder: (name: string) => boolean;
}

/**
 * Brings worlds into a gateway through its API, with the root key. Users and tenants get names that no other world has;
 * departments, customers and roles keep their ids, since they are their tenant's own.
 */
export class WorldLoader {
  private readonly loaded = new Map<string, Promise<LoadedWorld>>();
  private readonly gateway: GatewayWorld;
  private guardian: Promise<unknown> | undefined;
  private isBareTaken = false;

  constructor(
    private readonly test: GatewayForTests,
    private readonly policy: Policy,
  ) {
    this.gateway = new GatewayWorld(test);
  }

  /** Worlds that are equal are loaded once. Rejects where the gateway refuses a part of the world. */
  load(world: World): Promise<LoadedWorld> {
    const key = JSON.stringify(world);
    const known = this.loaded.get(key) ?? this.bringIn(world, this.prefixFor(world));
    this.loaded.set(key, known);
    return known;
  }

  /** An id such as `constructor` is one like any other behind a prefix, so the first world to have one goes without. */
  private prefixFor({ users, tenants }: World): string {
    const inherited = [...Object.keys(users), ...Object.keys(tenants)].some((id) => id in Object.prototype);
    if (!inherited || this.isBareTaken) return `w${this.loaded.size}.`;
    this.isBareTaken = true;
    return '';
  }

  private async bringIn(world: World, prefix: string): Promise<LoadedWorld> {
    this.test.clock.set(WHILE_LOADING);
    // The gateway keeps its last account owner; with this one, those of a world may be disabled.
    this.guardian ??= this.change('createUser', { id: 'guardian', name: 'Guardian', accountRole: 'OWNER' });
    await this.guardian;
    const users = Object.entries(world.users).map(([id, user]) => ({ ...user, id: prefix + id }));
    // Changes to people take turns anyway, and each has its time limit: one after the other, none waits for all the rest.
    for (const { id, accountRole } of users) await this.change('createUser', { id, name: id, accountRole });
    const founders: string[] = [];
    for (const id of Object.keys(world.tenants)) founders.push(await this.makeTenant(world, id, prefix));
    const disabled = users.filter(({ status }) => status === 'DISABLED');
    for (const { id } of disabled) await this.change('disableUser', { userId: id });
    return {
      world,
      nameOf: (id) => prefix + id,
      userNamed: (name) => {
        const id = name.startsWith(prefix) ? name.slice(prefix.length) : null;
        return id !== null && Object.hasOwn(world.users, id) ? id : undefined;
      },
      isFounder: (name) => founders.includes(name),
    };
  }

  /** Answers with the name of the tenant's first member. */
  private async makeTenant(world: World, givenId: string, prefix: string): Promise<string> {
    const tenant = world.tenants[givenId]!;
    const tenantId = prefix + givenId;
    const matrix = this.policy.matrices.get(tenant.matrix)!;
    const founder = founderOf(tenant, world, matrix);
    const ownerId = founder === undefined ? await this.makeOutsider(tenantId) : prefix + founder;
    await this.change('createTenant', { id: tenantId, name: tenantId, matrix: tenant.matrix, plan: FULL_PLAN, ownerId });
    for (const id of tenant.departments) await this.change('createDepartment', { tenantId, id, name: id });
    for (const id of tenant.customers) await this.change('createCustomer', { tenantId, id, name: id });
    for (const [key, role] of Object.entries(tenant.roles)) await this.makeRole(tenantId, key, role, matrix);
    for (const [userId, member] of Object.entries(tenant.members)) {
      await this.addMember({ tenantId, userId: prefix + userId }, member, userId === founder);
    }
    await this.change('updateTenant', { tenantId, plan: tenant.plan });
    if (tenant.status === 'SUSPENDED') await this.change('suspendTenant', { tenantId });
    return ownerId;
  }

  private async makeOutsider(tenantId: string): Promise<string> {
    const id = `founder-of:${tenantId}`;
    await this.change('createUser', { id, name: id });
    return id;
  }

  private async makeRole(tenantId: string, key: string, { permissions, surface }: WorldRole, matrix: RoleMatrix): Promise<void> {
    if (surface === 'ALL') {
      await this.change('createRole', { tenantId, key, name: key, permissions });
      return;
    }
    const source = [...matrix.roles.values()].find((role) => role.surface === 'WIDGET_ONLY');
    if (source === undefined) throw new Error(`${matrix.key} has no widget-only role of which ${key} could be a duplicate`);
    const remove = matrix.keysOf(source.permissions).filter((permission) => !permissions.includes(permission));
    await this.change('duplicateRole', { tenantId, sourceRole: source.key, key, name: key, add: permissions, remove });
  }

  private async addMember(who: { tenantId: string; userId: string }, member: WorldMember, isFounder: boolean): Promise<void> {
    const { role, customer: customerId, expiresAt } = member;
    if (!isFounder) await this.change('addMember', { ...who, role, customerId, expiresAt: timeOf(expiresAt) });
    for (const [departmentId, override] of Object.entries(member.overrides)) {
      const given = { role: override.role, expiresAt: timeOf(override.expiresAt) };
      await this.change('setDepartmentOverride', { ...who, departmentId, ...given });
    }
    if (member.status === 'SUSPENDED') await this.change('suspendMember', who);
  }

  private change(mutation: string, input: Variables): Promise<unknown> {
    return must(this.gateway.root.mutate(mutation, input, '__typename'));
  }
}

/** A tenant begins with its owner or first admin: the member of the world who is that for good, if there is one. */
export function founderOf(tenant: WorldTenant, { users }: World, matrix: RoleMatrix): string | undefined {
  const first = matrix.ownerRole ?? matrix.firstAdminRole?.key;
  return Object.keys(tenant.members).find((userId) => {
    const { role, status, customer, expiresAt } = tenant.members[userId]!;
    const user = own(users, userId);
    const acts = user?.status === 'ACTIVE' && user.accountRole !== 'VIEWER';
    const lasts = status === 'ACTIVE' && customer === null && expiresAt === null;
    return acts && lasts && matrix.findRole(role)?.key === first;
  });
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
