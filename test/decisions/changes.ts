import type { Book, BookMatrix, BookRole } from './reference.js';
import type { Ask, World, WorldMember, WorldTenant, WorldUser } from './world.js';

/** What the tests do to a situation: take something away, call things by other names, or write them in another order. */

export interface Target {
  readonly tenant: string;
  readonly user: string;
  readonly permission: string;
  readonly at: number;
}

type Taking = (book: Book, world: World, target: Target) => { readonly book: Book; readonly world: World };

/** Every way of taking power away. None of them may ever make a question answer yes that answered no before. */
export const TAKINGS: Readonly<Record<string, Taking>> = {
  'removing a permission from every custom role': (book, world, { permission }) => ({
    book,
    world: changeTenants(world, (tenant) => ({
      ...tenant,
      roles: mapValues(tenant.roles, (role) => ({ ...role, permissions: role.permissions.filter((key) => key !== permission) })),
    })),
  }),
  'removing a permission from every system role': (book, world, { permission }) => ({
    book: changeMatrices(book, (matrix) => ({
      ...matrix,
      roles: new Map([...matrix.roles].map(([key, role]) => [key, roleWithout(role, permission)])),
    })),
    world,
  }),
  'removing the overrides': onMember((member) => ({ ...member, overrides: {} })),
  'ending the overrides': onMember((member, { at }) => ({
    ...member,
    overrides: mapValues(member.overrides, (override) => ({ ...override, expiresAt: at })),
  })),
  'suspending the member': onMember((member) => ({ ...member, status: 'SUSPENDED' })),
  'ending the membership': onMember((member, { at }) => ({ ...member, expiresAt: at })),
  'removing the member': (book, world, { tenant: id, user }) => ({
    book,
    world: changeTenants(world, (tenant, tenantId) => {
      const members = Object.fromEntries(Object.entries(tenant.members).filter(([key]) => tenantId !== id || key !== user));
      return { ...tenant, members };
    }),
  }),
  'binding the member to a customer': onMember((member) => ({ ...member, customer: member.customer ?? 'south' })),
  'suspending the tenant': onTenant((tenant) => ({ ...tenant, status: 'SUSPENDED' })),
  'deleting the departments': onTenant((tenant) => ({ ...tenant, departments: [] })),
  'deleting the customers': onTenant((tenant) => ({ ...tenant, customers: [] })),
  'emptying the custom roles': onTenant((tenant) => ({
    ...tenant,
    roles: mapValues(tenant.roles, (role) => ({ ...role, permissions: [] })),
  })),
  'disabling the user': onUser((user) => ({ ...user, status: 'DISABLED' })),
  'taking an account owner or admin down to member': onUser((user) => ({
    ...user,
    accountRole: user.accountRole === 'VIEWER' ? 'VIEWER' : 'MEMBER',
  })),
  'taking every feature from the plan': (book, world) => ({ book: { ...book, plans: new Map([['plan', new Set()]]) }, world }),
};

/** The same world under other ids. A name that the mapping lacks stays. */
export function renamed(world: World, name: (id: string) => string): World {
  return {
    tenants: renameKeys(
      mapValues(world.tenants, (tenant) => ({
        ...tenant,
        departments: tenant.departments.map(name),
        customers: tenant.customers.map(name),
        members: renameKeys(
          mapValues(tenant.members, (member) => ({
            ...member,
            customer: member.customer === null ? null : name(member.customer),
            overrides: renameKeys(member.overrides, name),
          })),
          name,
        ),
      })),
      name,
    ),
    users: renameKeys(world.users, name),
  };
}

export function renamedAsk(ask: Ask, name: (id: string) => string): Ask {
  const maybe = (id: string | null) => (id === null ? null : name(id));
  return {
    ...ask,
    user: name(ask.user),
    tenant: name(ask.tenant),
    department: maybe(ask.department),
    customer: maybe(ask.customer),
    owner: maybe(ask.owner),
  };
}

/** The same world with every map and list written the other way round. */
export function reversed(world: World): World {
  return {
    tenants: reverseKeys(
      mapValues(world.tenants, (tenant) => ({
        ...tenant,
        departments: tenant.departments.toReversed(),
        customers: tenant.customers.toReversed(),
        roles: reverseKeys(mapValues(tenant.roles, (role) => ({ ...role, permissions: role.permissions.toReversed() }))),
        members: reverseKeys(mapValues(tenant.members, (member) => ({ ...member, overrides: reverseKeys(member.overrides) }))),
      })),
    ),
    users: reverseKeys(world.users),
  };
}

function roleWithout(role: BookRole, permission: string): BookRole {
  return { ...role, permissions: new Set([...role.permissions].filter((key) => key !== permission)) };
}

function onTenant(change: (tenant: WorldTenant) => WorldTenant): Taking {
  return (book, world, target) => ({
    book,
    world: changeTenants(world, (tenant, id) => (id === target.tenant ? change(tenant) : tenant)),
  });
}

function onMember(change: (member: WorldMember, target: Target) => WorldMember): Taking {
  return (book, world, target) => ({
    book,
    world: changeTenants(world, (tenant, id) => ({
      ...tenant,
      members: mapValues(tenant.members, (member, user) =>
        id === target.tenant && user === target.user ? change(member, target) : member,
      ),
    })),
  });
}

function onUser(change: (user: WorldUser) => WorldUser): Taking {
  return (book, world, target) => ({
    book,
    world: { ...world, users: mapValues(world.users, (user, id) => (id === target.user ? change(user) : user)) },
  });
}

function changeTenants(world: World, change: (tenant: WorldTenant, id: string) => WorldTenant): World {
  return { ...world, tenants: mapValues(world.tenants, change) };
}

function changeMatrices(book: Book, change: (matrix: BookMatrix) => BookMatrix): Book {
  return { ...book, matrices: new Map([...book.matrices].map(([key, matrix]) => [key, change(matrix)])) };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function renameKeys<T>(record: Readonly<Record<string, T>>, name: (id: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value]));
}

function reverseKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toReversed());
}
