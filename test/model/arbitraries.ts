import * as fc from 'fast-check';
import { CASTS, KEY_CAPABILITIES, PALETTES } from './cast.js';
import type { Deed } from './deed.js';
import { acceptInvitation, createApiKey, inviteMember, revokeApiKey, revokeInvitation } from './entry-deeds.js';
import * as members from './member-deeds.js';
import * as people from './people-deeds.js';
import * as roles from './role-deeds.js';
import { Attempt, Pass, type Step, type Tally } from './steps.js';
import * as tenants from './tenant-deeds.js';

const FEWEST = 30;
const MOST = 60;

type Weighted<T> = readonly [weight: number, arbitrary: fc.Arbitrary<T>];

const index = fc.nat({ max: 50 });
const department = fc.constantFrom('d1', 'd1', 'd2', 'd3');
const customer = fc.constantFrom('c1', 'c2', 'c3');
/** How long something is to last, in minutes: mostly for good, now and then no time at all. */
const minutes = weighted<number | null>([[9, fc.constant(null)], [6, fc.integer({ min: 1, max: 60 })], [1, fc.constantFrom(0, -5)]]);
const noTime = fc.constant(null);

function weighted<T>(among: readonly Weighted<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...among.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Runs under the matrix: sequences of mutations by anybody, and of time that passes. */
export function runs(matrixKey: string, tally: Tally): fc.Arbitrary<Iterable<Step>> {
  const callers = callersOf(matrixKey);
  const attempts = deedsOf(matrixKey).map(([weight, deeds]): Weighted<Step> => [
    weight,
    fc.tuple(callers, deeds).map(([caller, deed]) => new Attempt(caller, deed, tally)),
  ]);
  // By the person invited, by somebody who is not signed in, or by anybody else.
  const acceptances = fc.tuple(index, weighted([[4, fc.constant(null)], [2, fc.constant('nobody')], [1, callers]])).map(
    ([n, caller]) => new Attempt(caller ?? `!${n}`, acceptInvitation(n), tally),
  );
  const steps = weighted<Step>([
    ...attempts,
    [40, acceptances],
    [40, fc.integer({ min: 1, max: 25 }).map((passing) => new Pass(passing))],
  ]);
  return new LongRuns(fc.commands([steps], { maxCommands: MOST, size: 'max' }));
}

function callersOf(matrixKey: string): fc.Arbitrary<string> {
  return weighted([
    [9, fc.constantFrom('@founder', '@admin')],
    [9, fc.constantFrom('root', '@chief', '#0')],
    [4, fc.constantFrom('@clerk', '#1')],
    [2, index.map((n) => `#${n}`)],
    [2, fc.constantFrom(...Object.keys(CASTS[matrixKey]!), 'nobody')],
  ]);
}

function deedsOf(matrixKey: string): readonly Weighted<Deed>[] {
  const user = fc.constantFrom(...Object.keys(CASTS[matrixKey]!));
  const newcomer = weighted([[3, fc.constantFrom('@outsider', '@guest', '@chief')], [1, user]]);
  const colleague = weighted([[3, fc.constantFrom('@worker', '@clerk', '@admin')], [1, user]]);
  const custom = fc.constantFrom('clerk', 'clerk', 'aide', 'aide', 'r1', 'r2');
  const system = matrixKey === 'fastn' ? ['admin', 'tenant_admin', 'developer', 'viewer', 'end_user'] : ['admin', 'tenant_admin', 'member', 'viewer'];
  const role = weighted([[10, fc.constantFrom(...system)], [8, custom], [1, fc.constantFrom('owner', 'absent')]]);
  const boundTo = weighted<string | null>([[5, fc.constant(null)], [3, customer]]);
  const permissions = fc.subarray([...PALETTES[matrixKey]!], { maxLength: 5 });
  const few = fc.subarray([...PALETTES[matrixKey]!], { maxLength: 2 });
  return [
    [35, fc.tuple(newcomer, role, boundTo, minutes).map((drawn) => members.addMember(...drawn))],
    [35, fc.tuple(user, role).map((drawn) => members.changeMemberRole(...drawn))],
    [15, user.map(members.suspendMember)],
    [20, user.map(members.activateMember)],
    [15, user.map(members.removeMember)],
    [40, fc.tuple(colleague, department, role, minutes).map((drawn) => members.setDepartmentOverride(...drawn))],
    [20, fc.tuple(colleague, department).map((drawn) => members.removeDepartmentOverride(...drawn))],
    [15, user.map(members.transferOwnership)],
    [25, fc.tuple(custom, permissions).map((drawn) => roles.createRole(...drawn))],
    [20, fc.tuple(custom, role, few, few).map((drawn) => roles.duplicateRole(...drawn))],
    [25, fc.tuple(weighted([[6, custom], [1, role]]), permissions).map((drawn) => roles.updateRole(...drawn))],
    [25, fc.tuple(weighted([[6, custom], [1, role]]), weighted<string | null>([[1, noTime], [2, role]])).map((drawn) => roles.deleteRole(...drawn))],
    [15, department.map(tenants.createDepartment)],
    [15, department.map(tenants.deleteDepartment)],
    [15, customer.map(tenants.createCustomer)],
    [20, customer.map(tenants.deleteCustomer)],
    [10, weighted([[3, fc.constant('enterprise')], [2, fc.constantFrom('team', 'community')]]).map(tenants.changePlan)],
    [5, fc.constant(tenants.suspendTenant)],
    [20, fc.constant(tenants.activateTenant)],
    [1, fc.constant(tenants.deleteTenant)],
    [35, fc.tuple(newcomer, role, boundTo, minutes).map((drawn) => inviteMember(...drawn))],
    [15, index.map(revokeInvitation)],
    [25, fc.tuple(weighted([[5, fc.constant(true)], [1, fc.constant(false)]]), capabilities, minutes).map((drawn) => createApiKey(...drawn))],
    [10, index.map(revokeApiKey)],
    [10, user.map(people.disableUser)],
    [20, user.map(people.enableUser)],
    [15, fc.tuple(user, fc.constantFrom('OWNER', 'ADMIN', 'MEMBER', 'MEMBER', 'VIEWER')).map((drawn) => people.setAccountRole(...drawn))],
  ];
}

const capabilities = fc.subarray([...KEY_CAPABILITIES, 'tenant.transfer', 'platform.users'], { minLength: 1, maxLength: 4 });

/** Runs of a length worth drawing; what a failure shrinks to is as short as it gets. */
class LongRuns extends fc.Arbitrary<Iterable<Step>> {
  constructor(private readonly sequences: fc.Arbitrary<Iterable<Step>>) {
    super();
  }

  /** Without the bias of fast-check, which prefers short runs of the simplest steps. */
  override generate(random: fc.Random): fc.Value<Iterable<Step>> {
    for (;;) {
      const drawn = this.sequences.generate(random, undefined);
      if ([...drawn.value_].length >= FEWEST) return drawn;
    }
  }

  override canShrinkWithoutContext(value: unknown): value is Iterable<Step> {
    return this.sequences.canShrinkWithoutContext(value);
  }

  override shrink(value: Iterable<Step>, context: unknown): fc.Stream<fc.Value<Iterable<Step>>> {
    return this.sequences.shrink(value, context);
  }
}
