import * as fc from 'fast-check';
import type { Book, BookMatrix, BookRole } from './reference.js';
import type { Ask, World, WorldMember, WorldOverride, WorldRole, WorldTenant, WorldUser } from './world.js';

/** Few ids, so that random questions meet random facts; the last of each kind exists in no world. */
export const IDS = {
  users: ['ann', 'Ann', 'bob', 'cyd', 'constructor', 'ghost'],
  tenants: ['acme', 'Acme', 'nowhere'],
  departments: ['sales', 'ops', 'limbo'],
  customers: ['north', 'south', 'nobody'],
} as const;

const SYSTEM_ROLES = ['first', 'second', 'third'];
const CUSTOM_ROLES = ['own', 'Own'];
const ALIAS = 'former';
/** The span of every time, in milliseconds, small enough for questions to fall on an expiry. */
const LATEST = 4;

/** A policy, a world under it, and what is asked of them. */
export interface Situation {
  readonly book: Book;
  readonly world: World;
  readonly asks: readonly Ask[];
  readonly at: number;
}

export interface Shape {
  /**
   * Whether roles hold permissions of workspace scope only and admin roles count on every surface, as the policy files and
   * the services see to. Without it the rules are on their own.
   */
  readonly wellFormed: boolean;
}

/** Situations of one small tenant or two; a matrix has up to 40 permissions, which is more than a word of bits. */
export function situations({ wellFormed }: Shape): fc.Arbitrary<Situation> {
  return matrices(wellFormed).chain((matrix) => {
    const permissions = [...matrix.permissions.keys()];
    const assignable = permissions.filter((key) => !wellFormed || !matrix.permissions.get(key)!.global);
    return fc.record({
      book: fc.record({ matrices: fc.constant(new Map([['matrix', matrix]])), plans: plans() }),
      world: worlds(assignable),
      asks: fc.array(askAbout(permissions), { minLength: 8, maxLength: 8 }),
      at: fc.integer({ min: 0, max: LATEST }),
    });
  });
}

export function askAbout(permissions: readonly string[]): fc.Arbitrary<Ask> {
  return fc.record({
    user: fc.constantFrom(...IDS.users),
    tenant: mostly(fc.constantFrom(...IDS.tenants.slice(0, 2)), fc.constantFrom(...IDS.tenants)),
    permission: mostly(fc.constantFrom(...permissions), fc.constant('no.such')),
    department: mostly(fc.constantFrom(null, ...IDS.departments.slice(0, 2)), fc.constantFrom(...IDS.departments)),
    customer: mostly(fc.constantFrom(null, ...IDS.customers.slice(0, 2)), fc.constantFrom(...IDS.customers)),
    owner: mostly(fc.constant(null), fc.constantFrom(...IDS.users)),
    surface: fc.constantFrom('PLATFORM', 'WIDGET'),
  });
}

function matrices(wellFormed: boolean): fc.Arbitrary<BookMatrix> {
  const kind = fc.record({ write: fc.boolean(), global: mostly(fc.constant(false), fc.boolean()) });
  const kinds = fc.array(kind, { minLength: 1, maxLength: 40 });
  return kinds.chain((list) => {
    const permissions = new Map(list.map((each, index) => [`p${index}`, each]));
    const assignable = [...permissions].filter(([, { global }]) => !wellFormed || !global).map(([key]) => key);
    const roles = fc.tuple(...SYSTEM_ROLES.map((key) => systemRole(key, assignable, wellFormed && key !== 'third')));
    return fc.record({
      permissions: fc.constant(permissions),
      roles: roles.map((all) => new Map(all.map((role) => [role.key, role]))),
      aliases: fc.constantFrom(...SYSTEM_ROLES).map((role) => new Map([[ALIAS, role]])),
      ownerRole: fc.constantFrom(null, 'first'),
      adminRoles: fc.constantFrom(['first'], ['second'], ['first', 'second'], ['second', 'first']),
      accountRoles: fc.tuple(subset([...permissions.keys()]), subset([...permissions.keys()])).map(
        ([admin, other]) =>
          new Map([
            ['ADMIN', new Set(admin)],
            ['VIEWER', new Set(other)],
          ] as const),
      ),
    });
  });
}

function systemRole(key: string, assignable: readonly string[], everywhere: boolean): fc.Arbitrary<BookRole> {
  return fc.record({
    key: fc.constant(key),
    widgetOnly: everywhere ? fc.constant(false) : fc.boolean(),
    permissions: subset(assignable).map((keys) => new Set(keys)),
  });
}

function plans(): fc.Arbitrary<Book['plans']> {
  return fc
    .subarray(['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS'] as const)
    .map((features) => new Map([['plan', new Set(features)]]));
}

function worlds(assignable: readonly string[]): fc.Arbitrary<World> {
  return fc.record({
    tenants: everyOf(IDS.tenants.slice(0, 2), tenants(assignable)),
    users: everyOf(IDS.users.slice(0, -1), users()),
  });
}

function users(): fc.Arbitrary<WorldUser> {
  return fc.record({
    accountRole: fc.constantFrom('MEMBER', 'MEMBER', 'MEMBER', 'ADMIN', 'VIEWER', 'VIEWER', 'OWNER'),
    status: mostly(fc.constant('ACTIVE'), fc.constant('DISABLED')),
  });
}

function tenants(assignable: readonly string[]): fc.Arbitrary<WorldTenant> {
  return fc.record({
    matrix: fc.constant('matrix'),
    plan: fc.constant('plan'),
    status: mostly(fc.constant('ACTIVE'), fc.constant('SUSPENDED')),
    departments: mostly(fc.constant(IDS.departments.slice(0, 2)), fc.subarray(IDS.departments.slice(0, 2))),
    customers: mostly(fc.constant(IDS.customers.slice(0, 2)), fc.subarray(IDS.customers.slice(0, 2))),
    roles: someOf(CUSTOM_ROLES, customRoles(assignable)),
    members: someOf(IDS.users.slice(0, -1), members()),
  });
}

function customRoles(assignable: readonly string[]): fc.Arbitrary<WorldRole> {
  return fc.record({ permissions: subset(assignable), surface: mostly(fc.constant('ALL'), fc.constant('WIDGET_ONLY')) });
}

function members(): fc.Arbitrary<WorldMember> {
  return fc.record({
    role: roleKeys(),
    status: mostly(fc.constant('ACTIVE'), fc.constant('SUSPENDED')),
    customer: fc.constantFrom(null, null, ...IDS.customers.slice(0, 2)),
    expiresAt: expiries(),
    overrides: someOf(IDS.departments.slice(0, 2), fc.record<WorldOverride>({ role: roleKeys(), expiresAt: expiries() })),
  });
}

function roleKeys(): fc.Arbitrary<string> {
  return mostly(fc.constantFrom(...SYSTEM_ROLES, ...CUSTOM_ROLES, ALIAS), fc.constant('vanished'));
}

function expiries(): fc.Arbitrary<number | null> {
  return mostly(fc.constant(null), fc.integer({ min: 0, max: LATEST + 1 }));
}

function subset(keys: readonly string[]): fc.Arbitrary<string[]> {
  return fc.subarray([...keys]);
}

function mostly<A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

function everyOf<T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), value))).map((entries) => Object.fromEntries(entries));
}

function someOf<T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  const maybe = (key: string) => fc.option(fc.tuple(fc.constant(key), value), { freq: 4 });
  return fc.tuple(...keys.map(maybe)).map((entries) => Object.fromEntries(entries.filter((entry) => entry !== null)));
}
