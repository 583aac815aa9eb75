import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { pageIn } from './lists.js';

let test: GatewayForTests;
let world: World;
let everybody: readonly string[];
const tenants = new Map<string, string>();

const change = (mutation: string, input: object, select = 'revision') => must(world.root.mutate(mutation, { ...input }, select));

/** A member of every kind that there is: roles, accounts, customers, ends, overrides, and what has become of them since. */
async function populate(matrix: string, plan: string, roles: readonly string[], strong: string): Promise<string> {
  const { tenantId } = await world.tenant({
    matrix,
    plan: 'enterprise',
    departments: ['sales', 'support'],
    customers: ['initech', 'hooli'],
  });
  const custom = matrix === 'fastn' ? ['connectors.read', 'workflows.run'] : ['network.read', 'agents.update'];
  await change('createRole', { tenantId, key: 'own', name: 'Own', permissions: custom });
  await change('duplicateRole', { tenantId, key: 'copy', name: 'Copy', sourceRole: roles.at(-1) });
  const member = (role: string, more = {}): Promise<Person> =>
    world.member(tenantId, role, { ...(role === 'end_user' ? { customerId: 'initech' } : {}), ...more });
  const override = ({ userId }: Person, departmentId: string, role: string, more = {}) =>
    change('setDepartmentOverride', { tenantId, userId, departmentId, role, ...more });
  for (const role of [...roles, 'own']) {
    await member(role);
    await member(role, { customerId: 'initech' });
    await override(await member(role, { customerId: 'hooli' }), 'sales', strong);
  }
  for (const accountRole of ['OWNER', 'ADMIN', 'VIEWER'] as const) {
    await world.person('no-member', accountRole);
    await member('viewer', { accountRole });
    await override(await member('own', { accountRole }), 'support', strong);
  }
  await change('suspendMember', { tenantId, userId: (await member(strong)).userId });
  await change('disableUser', { userId: (await member(strong)).userId }, 'user { id }');
  await change('disableUser', { userId: (await world.person('former-owner', 'OWNER')).userId }, 'user { id }');
  await member(strong, { expiresAt: '2030-01-01T01:00:00Z' });
  await override(await member('viewer'), 'sales', strong, { expiresAt: '2030-01-01T01:00:00Z' });
  await override(await member('viewer', { expiresAt: '2030-01-01T03:00:00Z' }), 'sales', 'own', {
    expiresAt: '2030-01-01T03:00:00Z',
  });
  await change('updateTenant', { tenantId, plan });
  return tenantId;
}

beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  tenants.set(
    'a tenant under fastn',
    await populate('fastn', 'enterprise', ['admin', 'developer', 'operator', 'viewer', 'end_user'], 'operator'),
  );
  tenants.set('a tenant under fastn without its plan', await populate('fastn', 'community', ['viewer', 'end_user'], 'operator'));
  tenants.set('a tenant under nanami', await populate('nanami', 'enterprise', ['admin', 'member', 'viewer'], 'member'));
  const suspended = await populate('fastn', 'enterprise', ['viewer'], 'operator');
  await change('suspendTenant', { tenantId: suspended });
  tenants.set('a suspended tenant', suspended);
  tenants.set('a tenant that there is not', 'nowhere');
  test.clock.set('2030-01-01T02:00:00Z');
  everybody = (
    await walk(
      'query($first: Int, $after: String) { users(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }',
      {},
      100,
    )
  ).ids;
});
afterAll(() => test.close());

async function walk(document: string, variables: object, first: number): Promise<{ ids: string[]; totals: Set<unknown> }> {
  const ids: string[] = [];
  const totals = new Set<unknown>();
  let after: string | null = null;
  for (;;) {
    const page = pageIn(await world.root.ask(document, { ...variables, first, after }));
    ids.push(...page.edges.map(({ node }) => (node as { id: string }).id));
    totals.add(page.totalCount);
    if (!page.pageInfo.hasNextPage) return { ids, totals };
    after = page.pageInfo.endCursor;
  }
}

const ALLOWED = `query($input: UsersWithPermissionInput!, $first: Int, $after: String) {
  usersWithPermission(input: $input, first: $first, after: $after) { totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
const UNCOUNTED = ALLOWED.replace('totalCount ', '');
const CHECKS = 'query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed } }';

async function allowedByCheck(question: object): Promise<string[]> {
  const { checks } = await world.root.ask<{ checks: { allowed: boolean }[] }>(CHECKS, {
    inputs: everybody.map((userId) => ({ ...question, userId })),
  });
  return everybody.filter((_userId, i) => checks[i]!.allowed);
}

const PERMISSIONS = [
  'connectors.read',
  'connections.create',
  'workflows.run',
  'billing.manage',
  'customers.read', // fastn
  'network.read',
  'agents.update',
  'membership.manage',
  'platform.sso',
  'platform.bootstrap', // nanami
  'no.such',
  'constructor',
];
const PLACES: readonly object[] = [
  {},
  { departmentId: 'sales' },
  { departmentId: 'support' },
  { departmentId: 'nowhere' },
  { customerId: 'initech' },
  { customerId: 'nobody' },
  { surface: 'WIDGET' },
  { customerId: 'initech', surface: 'WIDGET' },
  { departmentId: 'sales', customerId: 'hooli', surface: 'WIDGET' },
];

describe.each([
  'a tenant under fastn',
  'a tenant under fastn without its plan',
  'a tenant under nanami',
  'a suspended tenant',
  'a tenant that there is not',
])('in %s', (name) => {
  it('those with a permission are exactly those whom check allows, in whatever place', async () => {
    const tenantId = tenants.get(name)!;
    const sizes = new Set<number>();
    for (const permission of PERMISSIONS) {
      for (const place of PLACES) {
        const question = { tenantId, permission, ...place };
        const { ids } = await walk(UNCOUNTED, { input: question }, 100);
        expect({ question, ids }).toEqual({ question, ids: await allowedByCheck(question) });
        sizes.add(ids.length);
      }
    }
    // Where nobody may do anything there is but one size; elsewhere the questions must tell people apart.
    expect([sizes.has(0), sizes.size > 4]).toEqual([true, name.startsWith('a tenant under')]);
  });
});

describe('those with a permission', () => {
  it.each([1, 2, 7])('are the same, and counted the same, in pages of %d', async (first) => {
    const input = {
      tenantId: tenants.get('a tenant under fastn')!,
      permission: 'workflows.run',
      departmentId: 'sales',
      customerId: 'hooli',
    };
    const { ids, totals } = await walk(ALLOWED, { input }, first);
    expect(ids).toEqual(await allowedByCheck(input));
    expect(ids.length).toBeGreaterThan(7);
    expect([...totals]).toEqual([ids.length]);
  });

  it('are asked about by whoever holds decision.read there, and by nobody else', async () => {
    const { tenantId, owner } = await world.tenant();
    const viewer = await world.member(tenantId, 'viewer');
    const stranger = await world.tenant();
    const key = await world.key(tenantId, ['decision.read']);
    const weakKey = await world.key(tenantId, ['member.read']);
    const codes = (client: Person['client']) =>
      client.codes(ALLOWED, { input: { tenantId, permission: 'connectors.read' }, first: 5 });
    for (const client of [owner.client, key]) expect(await codes(client)).toEqual([]);
    for (const client of [viewer.client, stranger.owner.client, weakKey]) expect(await codes(client)).toEqual(['FORBIDDEN']);
    expect(await codes(world.anonymous)).toEqual(['UNAUTHENTICATED']);
  });
});
