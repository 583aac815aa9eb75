import type { Situation } from './arbitraries.js';
import { policyOf } from './book.js';
import type { BookMatrix } from './reference.js';
import { own, type World, type WorldMember, type WorldRole, type WorldTenant } from './world.js';
import { founderOf } from './world-loader.js';

/** The random times begin here instead of at the epoch, so that there is a time before them for the world to be made. */
const START = Date.parse('2026-01-01T00:00:00.000Z');
/** Stands in for roles that cannot be had: under every random matrix it counts on every surface and is not the owner's. */
const ORDINARY = 'second';

/**
 * A random situation bent, as little as it takes, into one that a gateway lets come about, under a matrix and a plan of
 * its own: roles, customers and departments exist, a tenant has one owner, who stays, and whoever holds a widget-only
 * role is bound to a customer.
 */
export function loadable({ book, world, asks, at }: Situation, number: number): Situation {
  const [matrix, features] = [book.matrices.get('matrix')!, book.plans.get('plan')!];
  const keys = { matrix: `matrix-${number}`, plan: `plan-${number}` };
  const ownBook = { matrices: new Map([[keys.matrix, matrix]]), plans: new Map([[keys.plan, features]]) };
  const roleMatrix = policyOf(ownBook).matrices.get(keys.matrix)!;
  const tenants = Object.entries(world.tenants).map(([id, tenant]): [string, WorldTenant] => {
    const bent = new Bending(matrix, tenant, founderOf(tenant, world, roleMatrix)).tenant();
    return [id, { ...bent, ...keys }];
  });
  const bentWorld: World = { users: world.users, tenants: Object.fromEntries(tenants) };
  return { book: ownBook, world: bentWorld, asks, at: START + at };
}

class Bending {
  constructor(
    private readonly matrix: BookMatrix,
    private readonly given: WorldTenant,
    private readonly founder: string | undefined,
  ) {}

  tenant(): WorldTenant {
    const roles = mapEntries(this.given.roles, (role) => this.customRole(role));
    return { ...this.given, roles, members: mapEntries(this.given.members, (member, userId) => this.member(member, userId)) };
  }

  /** A custom role is widget-only where it is the duplicate of a role that is. */
  private customRole(role: WorldRole): WorldRole {
    const hasSource = [...this.matrix.roles.values()].some(({ widgetOnly }) => widgetOnly);
    return hasSource ? role : { ...role, surface: 'ALL' };
  }

  private member(member: WorldMember, userId: string): WorldMember {
    const known = this.given.customers.find((customer) => customer === member.customer) ?? null;
    const role = userId === this.founder ? member.role : this.givable(member.role);
    const customer = known === null && this.isWidgetOnly(role) ? (this.given.customers[0] ?? null) : known;
    const overrides = Object.entries(member.overrides)
      .filter(([department]) => this.given.departments.includes(department))
      .map(([department, override]) => {
        const held = this.heldFor(this.givable(override.role), customer);
        return [department, { role: held, expiresAt: later(override.expiresAt) }];
      });
    return {
      ...member,
      role: this.heldFor(role, customer),
      customer,
      expiresAt: later(member.expiresAt),
      overrides: Object.fromEntries(overrides),
    };
  }

  private heldFor(role: string, customer: string | null): string {
    return customer === null && this.isWidgetOnly(role) ? ORDINARY : role;
  }

  /** Ownership is not given, and what does not exist cannot be. */
  private givable(key: string): string {
    const system = this.matrix.roles.get(this.systemKey(key));
    const exists = system !== undefined || Object.hasOwn(this.given.roles, key);
    return exists && (system === undefined || system.key !== this.matrix.ownerRole) ? key : ORDINARY;
  }

  private isWidgetOnly(key: string): boolean {
    const system = this.matrix.roles.get(this.systemKey(key));
    if (system !== undefined) return system.widgetOnly;
    const custom = own(this.given.roles, key);
    return custom !== undefined && this.customRole(custom).surface === 'WIDGET_ONLY';
  }

  private systemKey(key: string): string {
    return this.matrix.aliases.get(key) ?? key;
  }
}

function later(time: number | null): number | null {
  return time === null ? null : START + time;
}

function mapEntries<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
