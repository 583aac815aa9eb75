import * as fc from 'fast-check';
import * as aims from './aims.js';
import { type Aim, fixed, type Weighted, weighted } from './aims.js';
import type { Deed } from './deed.js';
import { acceptInvitation, createApiKey, inviteMember, revokeApiKey, revokeInvitation } from './entry-deeds.js';
import * as members from './member-deeds.js';
import * as people from './people-deeds.js';
import * as roles from './role-deeds.js';
import { Attempt, Pass, type Step, type Tally } from './steps.js';
import * as tenants from './tenant-deeds.js';

const FEWEST = 30;
const MOST = 60;

/** Runs under the matrix: sequences of mutations by anybody, and of time that passes. */
export function runs(matrixKey: string, tally: Tally): fc.Arbitrary<Iterable<Step>> {
  const { caller } = aims.peopleAims(matrixKey);
  const operator = weighted([[4, fixed(fc.constantFrom('root', '@chief', '#0'))], [1, caller]]);
  const attempts = (by: fc.Arbitrary<Aim<string>>, deeds: readonly Weighted<Aim<Deed>>[]) =>
    deeds.map(([weight, drawn]): Weighted<Step> => [weight, fc.tuple(by, drawn).map(([who, what]) => new Attempt(who, what, tally))]);
  const steps = weighted<Step>([
    ...attempts(caller, deedsInTenant(matrixKey)),
    ...attempts(operator, deedsOfOperators(matrixKey)),
    [40, acceptances(caller).map(([who, what]) => new Attempt(who, what, tally))],
    [40, fc.integer({ min: 1, max: 25 }).map((minutes) => new Pass(minutes))],
  ]);
  return new LongRuns(fc.commands([steps], { maxCommands: MOST, size: 'max' }));
}

/** By the person invited, by somebody who is not signed in, or by anybody else. */
function acceptances(caller: fc.Arbitrary<Aim<string>>): fc.Arbitrary<readonly [Aim<string>, Aim<Deed>]> {
  const by = weighted<Aim<string> | null>([[4, fc.constant(null)], [2, fixed(fc.constant('nobody'))], [1, caller]]);
  return fc.tuple(aims.INVITATION, by).map(([invitation, who]) => [
    who ?? ((model) => model.invitations[invitation(model)]?.person ?? 'nobody'),
    (model) => acceptInvitation(invitation(model)),
  ]);
}

/** The deed, each of whose arguments is aimed when its turn comes. */
function aimed<Drawn extends readonly unknown[]>(
  make: (...drawn: Drawn) => Deed,
  ...parts: { readonly [Part in keyof Drawn]: fc.Arbitrary<Aim<Drawn[Part]>> }
): fc.Arbitrary<Aim<Deed>> {
  return fc.tuple<Aim<unknown>[]>(...parts).map((drawn) => (model) => make(...(drawn.map((aim) => aim(model)) as readonly unknown[] as Drawn)));
}

function deedsInTenant(matrixKey: string): readonly Weighted<Aim<Deed>>[] {
  const { anybody, member, outsider, suspended, heir, override } = aims.peopleAims(matrixKey);
  const role = aims.roleAims(matrixKey);
  const { MINUTES: minutes, BOUND_TO: boundTo } = aims;
  return [
    [35, aimed(members.addMember, outsider, role.any, boundTo, minutes)],
    [40, aimed(members.changeMemberRole, member, role.any)],
    [25, aimed(members.suspendMember, member)],
    [20, aimed(members.activateMember, suspended)],
    [25, aimed(members.removeMember, member)],
    [40, aimed(members.setDepartmentOverride, member, aims.DEPARTMENT, role.any, minutes)],
    [10, override.map((aim) => (model) => members.removeDepartmentOverride(...aim(model)))],
    [15, aimed(members.transferOwnership, heir)],
    [20, aimed(roles.createRole, role.free, role.permissions)],
    [20, aimed(roles.duplicateRole, role.free, role.any, role.fewPermissions, role.fewPermissions)],
    [25, aimed(roles.updateRole, role.custom, role.permissions)],
    [25, aimed(roles.deleteRole, role.custom, role.replacement)],
    [8, aimed(tenants.createDepartment, aims.FREE_DEPARTMENT)],
    [8, aimed(tenants.deleteDepartment, aims.DEPARTMENT)],
    [10, aimed(tenants.createCustomer, aims.FREE_CUSTOMER)],
    [12, aimed(tenants.deleteCustomer, aims.CUSTOMER)],
    [1, fc.constant(() => tenants.deleteTenant)],
    [30, aimed(inviteMember, weighted([[3, outsider], [1, anybody]]), role.any, boundTo, minutes)],
    [12, aimed(revokeInvitation, aims.INVITATION)],
    [20, aimed(createApiKey, fixed(fc.constant(true)), aims.CAPABILITIES, minutes)],
    [10, aimed(revokeApiKey, aims.KEY)],
  ];
}

/** What the platform sees to, by those who see to it, mostly. */
function deedsOfOperators(matrixKey: string): readonly Weighted<Aim<Deed>>[] {
  const { anybody, member, disabled } = aims.peopleAims(matrixKey);
  const accountRole = fc.constantFrom('OWNER' as const, 'ADMIN' as const, 'MEMBER' as const, 'VIEWER' as const);
  return [
    [10, aimed(tenants.changePlan, fixed(fc.constantFrom('enterprise', 'enterprise', 'team', 'community')))],
    [3, fc.constant(() => tenants.suspendTenant)],
    [20, fc.constant(() => tenants.activateTenant)],
    [15, aimed(people.disableUser, member)],
    [20, aimed(people.enableUser, disabled)],
    [20, aimed(people.setAccountRole, anybody, fixed(accountRole))],
    [8, aimed(createApiKey, fixed(fc.constant(false)), aims.CAPABILITIES, aims.MINUTES)],
  ];
}

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
