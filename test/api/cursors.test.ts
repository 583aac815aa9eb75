import { createHash } from 'node:crypto';
import type { GraphqlAnswer } from '../support/client.js';
import { toCursor } from '../../src/graphql/pages.js';
import { flipBit } from '../access/forge.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { expectNoInternals } from './expectations.js';
import { type ListCase, LISTS, pageIn, type Seeded } from './lists.js';

let test: GatewayForTests;
let world: World;
const lists = new Map<ListCase, { seeded: Seeded; cursor: string }>();
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  for (const list of LISTS) {
    const seeded = await list.seed(world);
    const { edges } = pageIn(await seeded.client.ask(list.document, { ...seeded.variables, first: 2 }));
    lists.set(list, { seeded, cursor: edges[1]!.cursor });
  }
});
afterAll(() => test.close());

const byName = (name: string): ListCase => LISTS.find((list) => list.name === name)!;

function expectRefused(answer: GraphqlAnswer<unknown>, field: string): void {
  expect(answer.errors.map((error) => error.extensions)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  expectNoInternals(answer.text);
}

describe.each(LISTS)('$name', (list: ListCase) => {
  const send = (page: { first?: unknown; after?: unknown }) => {
    const { client, variables } = lists.get(list)!.seeded;
    return client.send(list.document, { ...variables, ...page });
  };
  /** What failed is 400 where nothing else was asked for; inside an object that could be had, the answer stands. */
  const status = list.name.startsWith('Query.') || list.name.startsWith('Viewer.') ? 400 : 200;

  it.each([101, 10_000, 2_147_483_647, -1, -2_147_483_648])('refuses pages of %d', async (first) => {
    const answer = await send({ first });
    expectRefused(answer, 'first');
    expect(answer.status).toBe(status);
  });

  it.each([2_147_483_648, 1.5, '10', true, [5, 6], {}])('refuses %j as a number of items', async (first) => {
    const answer = await send({ first });
    expectRefused(answer, 'first');
    expect(answer.status).toBe(400);
  });

  const digest = createHash('sha256').digest('base64url');
  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['words', 'not a cursor'],
    ['an offset as other servers write it', Buffer.from('arrayconnection:1').toString('base64')],
    ['letters', 'AAAAAAAAAAAA'],
    ['bytes', digest],
    ['a NUL', '\u0000'],
    ['a quote', "' OR 1=1 --"],
    ['50,000 characters', 'A'.repeat(50_000)],
  ])('refuses a cursor made up of %s', async (_name, after) => {
    const answer = await send({ first: 1, after });
    expectRefused(answer, 'after');
    expect(answer.status).toBe(status);
  });

  it('refuses its own cursors truncated, continued, decorated, or with a bit changed', async () => {
    const { cursor } = lists.get(list)!;
    const truncated = [1, 2, 3, 4, 8].map((missing) => cursor.slice(0, -missing));
    const flipped = [0, 5, 8, cursor.length - 2].map((i) => flipBit(cursor, i));
    const decorated = [`${cursor}A`, `${cursor}AAAA`, `${cursor}=`, ` ${cursor}`, `${cursor}\n`];
    for (const after of [...truncated, ...flipped, ...decorated]) expectRefused(await send({ first: 1, after }), 'after');
    expect((await send({ first: 1, after: cursor })).errors).toEqual([]);
  });

  it('refuses the cursors of every other list', async () => {
    const others = [...lists].filter(([other]) => other !== list);
    for (const [, { cursor }] of others) expectRefused(await send({ first: 1, after: cursor }), 'after');
    expect(others).toHaveLength(LISTS.length - 1);
  });
});

describe('a cursor forged by whoever knows how they are made', () => {
  it.each(['', 'a b', '\u0000', 'ü', 'x'.repeat(256)])('does not get %j to the database', async (key) => {
    const { seeded } = lists.get(byName('Tenant.departments'))!;
    const after = toCursor(['departments', String(seeded.variables['tenantId'])], key);
    expectRefused(await world.root.send(byName('Tenant.departments').document, { ...seeded.variables, after }), 'after');
  });

  it.each(['x', '-1', '1.5', '9'.repeat(30), '0x10'])('does not make %j a revision of the audit log', async (key) => {
    const { seeded } = lists.get(byName('Tenant.auditLog'))!;
    const after = toCursor(['audit-log', String(seeded.variables['tenantId'])], key);
    expectRefused(await world.root.send(byName('Tenant.auditLog').document, { ...seeded.variables, after }), 'after');
  });
});

describe('a cursor', () => {
  it.each(LISTS.filter(({ name }) => name.startsWith('Tenant.')))("is refused in another tenant's $name", async (list) => {
    const { cursor } = lists.get(list)!;
    const other = await world.tenant();
    const { variables } = lists.get(list)!.seeded;
    expectRefused(
      await world.root.send(list.document, { ...variables, tenantId: other.tenantId, first: 1, after: cursor }),
      'after',
    );
  });

  it("is refused in another user's memberships", async () => {
    const list = byName('User.memberships');
    const { userId } = await world.person();
    expectRefused(await world.root.send(list.document, { id: userId, first: 1, after: lists.get(list)!.cursor }), 'after');
  });

  const FILTERED = `query($tenantId: ID!, $after: String, $role: ID, $departmentId: ID, $customerId: ID) {
    tenant(id: $tenantId) { memberships(first: 1, after: $after, role: $role, departmentId: $departmentId, customerId: $customerId) { pageInfo { endCursor } edges { node { status } } } } }`;
  it('is refused in the memberships of other filters', async () => {
    const { tenantId } = await world.tenant({ departments: ['x'], customers: ['x'] });
    const person = await world.member(tenantId, 'end_user', { customerId: 'x' });
    await must(
      world.root.mutate(
        'setDepartmentOverride',
        { tenantId, userId: person.userId, departmentId: 'x', role: 'viewer' },
        'revision',
      ),
    );
    const filters = [
      {},
      { role: 'end_user' },
      { departmentId: 'x' },
      { customerId: 'x' },
      { role: 'end_user', customerId: 'x' },
      { role: 'x' },
    ];
    for (const [i, given] of filters.entries()) {
      const data = await world.root.ask<{ tenant: { memberships: { pageInfo: { endCursor: string | null } } } }>(FILTERED, {
        tenantId,
        ...given,
      });
      const after = data.tenant.memberships.pageInfo.endCursor;
      if (after === null) continue;
      for (const [j, asked] of filters.entries()) {
        const answer = await world.root.send(FILTERED, { tenantId, ...asked, after });
        expect([i, j, answer.errors.map((error) => error.extensions['field'])]).toEqual([i, j, i === j ? [] : ['after']]);
      }
    }
  });

  const USERS =
    'query($search: String, $after: String) { list: users(first: 1, search: $search, after: $after) { pageInfo { endCursor } } }';
  const ALLOWED = `query($input: UsersWithPermissionInput!, $after: String) {
    list: usersWithPermission(input: $input, first: 1, after: $after) { pageInfo { endCursor } } }`;
  const allowed = (permission: string, surface: string) => (tenantId: string) => ({ input: { tenantId, permission, surface } });
  const searches: readonly (readonly [string, string, (tenantId: string) => object, (tenantId: string) => object])[] = [
    ['users are searched for something else', USERS, () => ({ search: 'u' }), () => ({ search: 'e' })],
    ['another permission is asked about', ALLOWED, allowed('connectors.read', 'PLATFORM'), allowed('agents.read', 'PLATFORM')],
    ['another surface is asked about', ALLOWED, allowed('connectors.read', 'PLATFORM'), allowed('connectors.read', 'WIDGET')],
  ];
  it.each(searches)('is refused where %s', async (_name, document, given, asked) => {
    const { tenantId } = await world.tenant();
    const data = await world.root.ask<Record<string, { pageInfo: { endCursor: string } }>>(document, { ...given(tenantId) });
    const after = data['list']!.pageInfo.endCursor;
    expect(after).not.toBeNull();
    expectRefused(await world.root.send(document, { ...asked(tenantId), after }), 'after');
    expect(await world.root.codes(document, { ...given(tenantId), after })).toEqual([]);
  });
});
