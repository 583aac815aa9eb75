import { toCursor } from '../../src/graphql/pages.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
let stranger: Person;
let home: string;
let elsewhere: { foreign: string; suspended: string; deleted: string; absent: string };
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  const tenant = async () => world.tenant({ departments: ['sales'], customers: ['acme'] });
  const [mine, foreign, suspended, deleted] = [await tenant(), await tenant(), await tenant(), await tenant()];
  home = mine.tenantId;
  stranger = await world.member(home, 'admin');
  await must(world.root.mutate('suspendTenant', { tenantId: suspended.tenantId }, 'revision'));
  await must(deleted.owner.client.mutate('deleteTenant', { tenantId: deleted.tenantId }, 'revision'));
  elsewhere = { foreign: foreign.tenantId, suspended: suspended.tenantId, deleted: deleted.tenantId, absent: world.unique('tenant') };
});
afterAll(() => test.close());

const CHECK = 'allowed reason role revision';
const DECISIONS: readonly (readonly [string, string])[] = [
  ['check', `query($input: CheckInput!, $consistency: ConsistencyInput) { check(input: $input, consistency: $consistency) { ${CHECK} } }`],
  ['checks', `query($input: CheckInput!, $consistency: ConsistencyInput) { checks(inputs: [$input], consistency: $consistency) { ${CHECK} } }`],
  ['explain', `query($input: CheckInput!, $consistency: ConsistencyInput) { explain(input: $input, consistency: $consistency) { decision { ${CHECK} } steps { rule passed detail } } }`],
  ['checkPermissions', 'query($place: CheckPermissionsInput!, $consistency: ConsistencyInput) { checkPermissions(input: $place, consistency: $consistency) { allowed revision } }'],
  [
    'effectivePermissions',
    `query($all: EffectivePermissionsInput!, $consistency: ConsistencyInput) {
      effectivePermissions(input: $all, consistency: $consistency) { keys categories { category total } role departmentRoles { role } reason revision } }`,
  ],
];
const CONSISTENCIES = [null, { mode: 'FULL' }, { atLeast: '1' }, { atLeast: '999999' }, { atLeast: '999999', mode: 'FULL' }];
const PLACES = [{}, { departmentId: 'sales' }, { customerId: 'acme' }, { departmentId: 'absent', surface: 'WIDGET' }];

describe('asked about oneself', () => {
  it.each(DECISIONS)('%s answers alike in a tenant of others, a suspended one, a deleted one and none at all', async (_name, document) => {
    const { client, userId } = stranger;
    for (const consistency of CONSISTENCIES) {
      for (const place of PLACES) {
        const answers = Object.values(elsewhere).map(async (tenantId) => {
          const all = { tenantId, userId, ...place };
          const variables = { consistency, all, input: { ...all, permission: 'connectors.read' }, place: { ...all, permissions: ['connectors.read', 'no.such'] } };
          const { status, text } = await client.send(document, variables);
          return `${status} ${text}`;
        });
        const [foreign, ...others] = await Promise.all(answers);
        expect([consistency, place, ...others]).toEqual([consistency, place, foreign, foreign, foreign]);
        expect(foreign).toMatch(/^200 /);
      }
    }
  });

  it('viewer.can is false alike, and viewer lists no membership of theirs', async () => {
    const can = Object.entries(elsewhere).map(([name, id]) => `${name}: can(tenantId: "${id}", permission: "connectors.read", departmentId: "sales")`);
    const { viewer } = await stranger.client.ask<{ viewer: object }>(`{ viewer { ${can.join(' ')} memberships { totalCount edges { node { tenant { id } } } } } }`);
    expect(viewer).toEqual({
      foreign: false,
      suspended: false,
      deleted: false,
      absent: false,
      memberships: { totalCount: 1, edges: [{ node: { tenant: { id: home } } }] },
    });
  });

  it('still finds the way when answers of both kinds have been cached by those who may know', async () => {
    const { client, userId } = stranger;
    const [, document] = DECISIONS[0]!;
    const ask = async (tenantId: string) => client.ask(document, { input: { tenantId, userId, permission: 'connectors.read' } });
    for (const tenantId of [elsewhere.foreign, elsewhere.absent]) {
      await world.root.ask(document, { input: { tenantId, userId, permission: 'connectors.read' } });
    }
    expect(await ask(elsewhere.foreign)).toEqual(await ask(elsewhere.absent));
  });
});

describe('a list of checks', () => {
  const ask = async (inputs: readonly object[]) => stranger.client.send(`query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { ${CHECK} } }`, { inputs });
  it.each([
    ['somebody of another tenant', () => elsewhere.foreign],
    ['somebody of a tenant that does not exist', () => elsewhere.absent],
    ['somebody of a suspended tenant of others', () => elsewhere.suspended],
  ])('is refused whole where one of them is about %s, wherever in the list it stands', async (_what, tenantOf) => {
    const own = { tenantId: home, userId: stranger.userId, permission: 'connectors.read' };
    const other = { tenantId: tenantOf(), userId: 'somebody', permission: 'connectors.read' };
    for (const inputs of [[other, own, own], [own, other, own], [own, own, other]]) {
      const { data, errors } = await ask(inputs);
      expect([data, errors.map((error) => error.extensions.code)]).toEqual([{ checks: null }, ['FORBIDDEN']]);
    }
  });
});

describe('lists', () => {
  const tenants = '{ tenants { totalCount edges { node { id } cursor } pageInfo { hasNextPage } } }';

  it('of tenants hold those of the caller alone, and count no others', async () => {
    const { tenants: own } = await stranger.client.ask<{ tenants: object }>(tenants);
    expect(own).toEqual({ totalCount: 1, edges: [{ node: { id: home }, cursor: expect.any(String) }], pageInfo: { hasNextPage: false } });
    const { tenants: none } = await (await world.person()).client.ask<{ tenants: object }>(tenants);
    expect(none).toEqual({ totalCount: 0, edges: [], pageInfo: { hasNextPage: false } });
  });

  it("of tenants hold a key's own, where it may read it, and nothing for a platform key without the right", async () => {
    const count = async (tenantId: string | null, capabilities: string[]) => (await world.key(tenantId, capabilities)).ask('{ tenants { totalCount } }');
    expect(await count(home, ['tenant.read'])).toEqual({ tenants: { totalCount: 1 } });
    expect(await count(home, ['role.read'])).toEqual({ tenants: { totalCount: 0 } });
    expect(await count(null, ['platform.users'])).toEqual({ tenants: { totalCount: 0 } });
  });

  it('of people take no search from those who may not list them', async () => {
    expect(await stranger.client.codes('{ users(search: "owner") { totalCount } }')).toEqual(['FORBIDDEN']);
  });

  const LISTS = ['departments', 'customers', 'memberships', 'invitations', 'apiKeys', 'auditLog'];
  it.each(LISTS)("of %s refuse another tenant's cursor as they refuse any text", async (list) => {
    const page = async (after: string) => {
      const { status, text } = await stranger.client.send(`query($id: ID!, $after: String) { tenant(id: $id) { ${list}(after: $after) { totalCount } } }`, { id: home, after });
      return `${status} ${text}`;
    };
    const theirs = await world.root.ask<{ tenant: Record<string, { pageInfo: { endCursor: string | null } }> }>(
      `query($id: ID!) { tenant(id: $id) { ${list} { pageInfo { endCursor } } } }`,
      { id: elsewhere.foreign },
    );
    const cursor = theirs.tenant[list]!.pageInfo.endCursor ?? toCursor([list, elsewhere.foreign], 'x');
    expect(await page(cursor)).toBe(await page('gibberish'));
    expect(await page(cursor)).toMatch(/"code":"BAD_USER_INPUT","field":"after"|"field":"after","code":"BAD_USER_INPUT"/);
  });

  it.each(['a\0b', 'not-a-number', '9'.repeat(40)])('answer a cursor that was made up with care, of the key %j, without a fault', async (key) => {
    const lists = { departments: ['departments', home], auditLog: ['audit-log', home], memberships: ['memberships', home, null, null, null], apiKeys: ['api-keys', home] };
    for (const [list, identity] of Object.entries(lists)) {
      const variables = { id: home, after: toCursor(identity, key) };
      const codes = await stranger.client.codes(`query($id: ID!, $after: String) { tenant(id: $id) { ${list}(after: $after) { edges { cursor } } } }`, variables);
      expect([list, codes]).toEqual([list, codes.length === 0 ? [] : ['BAD_USER_INPUT']]);
    }
  });
});
