import { join } from 'node:path';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { gatewayForTests, ROOT } from '../support/gateway.js';
import { type DecisionCase, loadCaseFiles } from './case-file.js';
import type { Policy } from './domain-decider.js';
import { GatewayDecider } from './gateway-decider.js';
import { runCases } from './run-cases.js';
import { own } from './world.js';

const { matrices, plans } = await loadPolicyFolder(join(ROOT, 'policy'));
const policy: Policy = { matrices: new Map(matrices.map(({ matrix }) => [matrix.key, matrix])), plans: plans.plans };
const files = loadCaseFiles(import.meta.dirname);
const cases = files.flatMap(({ name: file, cases: questions }) => questions.map((question) => ({ file, ...question })));

const test = await gatewayForTests();
afterAll(() => test.close());
const gateway = new GatewayDecider(test, policy);

runCases(gateway, files);

const isDomainOnly = (item: { domainOnly?: string | undefined }) => item.domainOnly !== undefined;
const REFUSED = /"code":"(?:BAD_USER_INPUT|NOT_FOUND|CONFLICT|GLOBAL_PERMISSION)"/;

describe('the cases that are not put to a gateway', () => {
  const left = files.flatMap((file) => {
    const items = [...file.cases, ...file.effective, ...file.who];
    return items.filter(isDomainOnly).map((item) => ({ file: file.name, ...item }));
  });

  it('are few beside those that are', () => {
    expect(left.length).toBeLessThanOrEqual(12);
    expect(cases.filter((item) => !isDomainOnly(item)).length).toBeGreaterThanOrEqual(240);
  });

  it.each(left)('$file: $name; a gateway refuses this: $domainOnly', async ({ world, ask, at }) => {
    const question = { user: '-', owner: null, permission: 'any', ...ask };
    await expect(gateway.check(world, question, at)).rejects.toThrow(REFUSED);
  });
});

describe('a person who asks about themselves', () => {
  const asked = cases.filter((item) => !isDomainOnly(item) && own(item.world.users, item.ask.user)?.status === 'ACTIVE');
  const inFiles = files
    .map(({ name, idea }) => ({ name, idea, list: asked.filter(({ file }) => file === name) }))
    .filter(({ list }) => list.length > 0);

  it.each(inFiles)('is answered as a service is about them, $name: $idea', async ({ list }) => {
    const answers: unknown[] = [];
    for (const { world, ask, at } of list) answers.push(await gateway.checkOneself(world, ask, at));
    expect(answers).toEqual(list.map((item) => (belongs(item) ? item.want : TENANT_UNKNOWN)));
  });
});

const TENANT_UNKNOWN = { allowed: false, reason: 'UNKNOWN_TENANT', role: null };

/** Whoever does not belong to a tenant learns nothing of it, not even that it exists. */
function belongs({ world, ask }: DecisionCase): boolean {
  const tenant = own(world.tenants, ask.tenant);
  return own(world.users, ask.user)?.accountRole === 'OWNER' || (tenant !== undefined && Object.hasOwn(tenant.members, ask.user));
}
