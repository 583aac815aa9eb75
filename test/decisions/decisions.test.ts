import { fileURLToPath } from 'node:url';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { bookOf } from './book.js';
import { loadCaseFiles } from './case-file.js';
import { DomainDecider, type Policy } from './domain-decider.js';
import { answerByTheBook } from './reference.js';
import { runCases } from './run-cases.js';
import type { World, WorldTenant } from './world.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const { matrices, plans } = await loadPolicyFolder(fileURLToPath(new URL('../../policy', import.meta.url)));
const policy: Policy = { matrices: new Map(matrices.map(({ matrix }) => [matrix.key, matrix])), plans: plans.plans };
const files = loadCaseFiles(here);

runCases(new DomainDecider(policy), files);

describe.each(files.filter(({ cases }) => cases.length > 0))('the ten rules as they are written, $name: $idea', ({ cases }) => {
  const book = bookOf(policy);
  it.each(cases)('$name', ({ world, ask, at, want }) => {
    expect(answerByTheBook(book, world, ask, at)).toEqual(want);
  });
});

describe.each(files)('the worlds of $name', ({ cases, effective, who }) => {
  it('could stand in a gateway, where a case does not say otherwise', () => {
    const worlds = [...cases, ...effective, ...who].filter((item) => item.domainOnly === undefined);
    for (const { name, world } of worlds) expect([name, problemsOf(world)]).toEqual([name, []]);
  });
});

/** What a gateway would not have let come about: a role that does not exist, a tenant without owner or admin. */
function problemsOf({ tenants, users }: World): string[] {
  return Object.entries(tenants).flatMap(([id, tenant]) => {
    const matrix = policy.matrices.get(tenant.matrix);
    if (matrix === undefined || !policy.plans.has(tenant.plan)) return [`${id} has an unknown matrix or plan`];
    const roleKeys = Object.values(tenant.members).flatMap(({ role, overrides }) => [
      role,
      ...Object.values(overrides).map((override) => override.role),
    ]);
    const unknown = roleKeys.filter((key) => matrix.findRole(key) === undefined && !Object.hasOwn(tenant.roles, key));
    const lasting = lastingRoles(tenant, users).map((key) => matrix.findRole(key)?.key ?? key);
    const owners = lasting.filter((key) => key === matrix.ownerRole).length;
    return [
      ...unknown.map((key) => `${id} has no role ${key}`),
      ...Object.keys(tenant.roles)
        .filter((key) => matrix.reservesRoleKey(key))
        .map((key) => `${id} cannot have a custom role ${key}`),
      ...(matrix.ownerRole !== null && owners !== 1 ? [`${id} has ${owners} owners`] : []),
      ...(lasting.some((key) => matrix.adminRoles.has(key)) ? [] : [`${id} has no admin`]),
    ];
  });
}

/** The primary roles of the members who are here to stay: active, enabled and unexpiring. */
function lastingRoles(tenant: WorldTenant, users: World['users']): string[] {
  return Object.entries(tenant.members)
    .filter(([userId, member]) => member.status === 'ACTIVE' && member.expiresAt === null && users[userId]?.status === 'ACTIVE')
    .map(([, member]) => member.role);
}
