import * as fc from 'fast-check';
import { CASTS, KEY_CAPABILITIES, PALETTES, SYSTEM_ROLES } from './cast.js';
import type { Model } from './model.js';

/** Part of a step that is chosen when its turn comes, by what there is by then. */
export type Aim<T> = (model: Model) => T;
export type Weighted<T> = readonly [weight: number, arbitrary: fc.Arbitrary<T>];

export function weighted<T>(among: readonly Weighted<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...among.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** The same whatever there is. */
export function fixed<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Aim<T>> {
  return arbitrary.map((value) => () => value);
}

/** Mostly one of those that `find` finds, so that most steps have an effect. */
function mostly<T>(find: (model: Model) => readonly T[], otherwise: fc.Arbitrary<T>): fc.Arbitrary<Aim<T>> {
  return fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 59 }), otherwise).map(([luck, n, other]) => (model) => {
    const found = find(model);
    return luck === 3 || found.length === 0 ? other : found[n % found.length]!;
  });
}

const membersOf = ({ tenant }: Model) => Object.entries(tenant?.members ?? {});
const without = (pool: readonly string[], taken: readonly string[] = []) => pool.filter((name) => !taken.includes(name));
const isMember = (model: Model, user: string) => model.member(user) !== undefined;

/** People, by where they stand. */
export function peopleAims(matrixKey: string) {
  const cast = Object.keys(CASTS[matrixKey]!);
  const anybody = fc.constantFrom(...cast);
  return {
    anybody: fixed(anybody),
    member: mostly((model) => cast.filter((user) => isMember(model, user)), anybody),
    outsider: mostly((model) => cast.filter((user) => !isMember(model, user)), anybody),
    suspended: mostly((model) => cast.filter((user) => model.member(user)?.status === 'SUSPENDED'), anybody),
    heir: mostly((model) => cast.filter((user) => isMember(model, user) && model.isCurrent(model.member(user)!)), anybody),
    disabled: mostly((model) => cast.filter((user) => model.user(user).status === 'DISABLED'), anybody),
    caller: weighted<Aim<string>>([
      [9, fixed(fc.constantFrom('@founder', '@admin'))],
      [6, fixed(fc.constantFrom('root', '@chief', '#0'))],
      [6, fixed(fc.constantFrom('@clerk', '#1'))],
      [2, KEY],
      [2, fixed(fc.constantFrom(...cast, 'nobody'))],
    ]),
    override: mostly<readonly [string, string]>(
      (model) => membersOf(model).flatMap(([user, { overrides }]) => Object.keys(overrides).map((department) => [user, department] as const)),
      fc.tuple(anybody, fc.constantFrom(...DEPARTMENTS)),
    ),
  };
}

const CUSTOM_ROLES = ['clerk', 'aide', 'r1', 'r2', 'r3'];
const DEPARTMENTS = ['d1', 'd2', 'd3'];
const CUSTOMERS = ['c1', 'c2', 'c3', 'c4'];

/** Roles, by what they are; the owner's is not to be given, and one does not exist. */
export function roleAims(matrixKey: string) {
  const custom = fc.constantFrom(...CUSTOM_ROLES);
  const system = fc.constantFrom(...SYSTEM_ROLES[matrixKey]!);
  const customRoles = ({ tenant }: Model) => Object.keys(tenant?.roles ?? {});
  const any = weighted<Aim<string>>([[10, fixed(system)], [8, mostly(customRoles, custom)], [1, fixed(fc.constantFrom('owner', 'absent'))]]);
  return {
    any,
    custom: weighted<Aim<string>>([[8, mostly(customRoles, custom)], [1, any]]),
    free: mostly((model) => without(CUSTOM_ROLES, customRoles(model)), custom),
    replacement: weighted<Aim<string | null>>([[1, fixed(fc.constant(null))], [2, any]]),
    permissions: fixed(fc.subarray([...PALETTES[matrixKey]!], { maxLength: 4 })),
    fewPermissions: fixed(fc.subarray([...PALETTES[matrixKey]!], { maxLength: 2 })),
  };
}

const isBound = (model: Model, id: string) => membersOf(model).some(([, { customer }]) => customer === id);

export const DEPARTMENT = mostly(({ tenant }) => tenant?.departments ?? [], fc.constantFrom(...DEPARTMENTS));
export const FREE_DEPARTMENT = mostly(({ tenant }) => without(DEPARTMENTS, tenant?.departments), fc.constantFrom(...DEPARTMENTS));
export const CUSTOMER = mostly((model) => (model.tenant?.customers ?? []).filter((id) => !isBound(model, id)), fc.constantFrom(...CUSTOMERS));
export const FREE_CUSTOMER = mostly(({ tenant }) => without(CUSTOMERS, tenant?.customers), fc.constantFrom(...CUSTOMERS));
/** To whom a membership is bound. */
export const BOUND_TO: fc.Arbitrary<Aim<string | null>> = weighted<Aim<string | null>>([[5, fixed(fc.constant(null))], [3, CUSTOMER]]);

export const KEY: fc.Arbitrary<Aim<string>> = mostly((model) => Object.keys(model.keys).filter((name) => !model.keys[name]!.revoked), fc.constant('#0'));
export const INVITATION: fc.Arbitrary<Aim<string>> = mostly(
  ({ invitations, openInvitations }) => Object.keys(invitations).filter((name) => openInvitations.includes(invitations[name]!)),
  fc.constantFrom('!0', '!1'),
);

/** How long something is to last, in minutes: mostly for good, now and then no time at all. */
export const MINUTES = fixed(weighted<number | null>([[9, fc.constant(null)], [6, fc.integer({ min: 1, max: 60 })], [1, fc.constantFrom(0, -5)]]));
export const CAPABILITIES = fixed(fc.subarray([...KEY_CAPABILITIES, 'tenant.transfer', 'platform.users'], { minLength: 1, maxLength: 4 }));
