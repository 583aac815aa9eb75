import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const USER = 'query($id: ID!) { user(id: $id) { id name email accountRole status } }';

describe('a user', () => {
  it.each(['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'] as const)('of the account role %s has all their fields', async (accountRole) => {
    const { userId } = await world.person('somebody', accountRole);
    expect(await world.root.ask(USER, { id: userId })).toEqual({
      user: { id: userId, name: 'somebody', email: `${userId}@people.example`, accountRole, status: 'ACTIVE' },
    });
  });

  it('may have no address, and may be disabled', async () => {
    const id = world.unique('robot');
    await must(world.root.mutate('createUser', { id, name: 'Robot' }, 'user { id }'));
    await must(world.root.mutate('disableUser', { userId: id }, 'user { id }'));
    expect(await world.root.ask(USER, { id })).toEqual({
      user: { id, name: 'Robot', email: null, accountRole: 'MEMBER', status: 'DISABLED' },
    });
  });

  it.each(['key:root', 'gatehouse', 'bootstrap', 'one-time-secret'])('cannot be %s, which is somebody else in the audit log', async (id) => {
    const { errors } = await world.root.mutate('createUser', { id, name: 'Mallory' }, 'user { id }');
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'id' }]);
  });

  it('that there is not is null for the platform, and refused to everybody else', async () => {
    const { userId, client } = await world.person();
    expect(await world.root.ask(USER, { id: 'nobody' })).toEqual({ user: null });
    expect(await client.codes(USER, { id: 'nobody' })).toEqual(['FORBIDDEN']);
    expect(await client.codes(USER, { id: userId.toUpperCase() })).toEqual(['FORBIDDEN']);
    expect(await client.ask(USER, { id: userId })).toMatchObject({ user: { id: userId } });
  });

  it('has their memberships by tenant, each with the tenant', async () => {
    const first = await world.tenant();
    const second = await world.tenant({ matrix: 'nanami' });
    const { userId, client } = await world.member(first.tenantId, 'operator');
    await must(world.root.mutate('addMember', { tenantId: second.tenantId, userId, role: 'tenant_admin' }, 'revision'));
    const expected = [
      {
        tenant: { id: first.tenantId, matrix: { key: 'fastn' } },
        role: { key: 'operator', permissionCount: 18 },
        user: { id: userId },
      },
      {
        tenant: { id: second.tenantId, matrix: { key: 'nanami' } },
        role: { key: 'admin', permissionCount: 14 },
        user: { id: userId },
      },
    ].toSorted((a, b) => (a.tenant.id < b.tenant.id ? -1 : 1));
    const document =
      'query($id: ID!) { user(id: $id) { memberships { totalCount edges { node { tenant { id matrix { key } } role { key permissionCount } user { id } } } } } }';
    for (const caller of [client, world.root]) {
      expect(await caller.ask(document, { id: userId })).toEqual({
        user: { memberships: { totalCount: 2, edges: expected.map((node) => ({ node })) } },
      });
    }
  });
});

describe('users by search', () => {
  const mark = 'zQx';
  const PEOPLE = [
    { id: `${mark}.one`, name: 'Ada Lovelace', email: 'ada@engines.example' },
    { id: `${mark}.two`, name: '100% Zoë_Ülk', email: 'ZOE+Test@People.Example' },
    { id: `${mark}.three`, name: "Robert'); DROP TABLE users; --", email: null },
    { id: `${mark}_four`, name: 'Back\\slash', email: 'four%of@people.example' },
  ];
  const one = `${mark}.one`;
  const two = `${mark}.two`;
  const three = `${mark}.three`;
  const four = `${mark}_four`;
  beforeAll(async () => {
    for (const person of PEOPLE) await must(world.root.mutate('createUser', person, 'user { id }'));
  });

  const searches: readonly (readonly [string, string, readonly string[]])[] = [
    ['part of an id', 'zQx.', [one, three, two]],
    ['an id, whatever the case', 'ZQX', [one, three, two, four]],
    ['part of a name', 'Lovel', [one]],
    ['a name, whatever the case', 'aDA lOVE', [one]],
    ['letters beyond ASCII', 'zoë_Ülk', [two]],
    ['part of an address', 'engines.ex', [one]],
    ['an address, whatever the case', 'zoe+test@people', [two]],
    ['a percent sign, which is no wildcard', '0% z', [two]],
    ['an underscore, which is no wildcard', 'zqx_', [four]],
    ['a backslash', 'k\\s', [four]],
    ['a quote', "');", [three]],
    ['what nobody has', 'zqx-', []],
    ['blanks that nobody has', 'ada  love', []],
    ['the wildcards of LIKE alone', 'zqx%', []],
  ];
  it.each(searches)('are those that have %s', async (_name, search, ids) => {
    const { users } = await world.root.ask<{ users: object }>(
      'query($search: String) { users(search: $search) { totalCount edges { node { id } } } }',
      { search },
    );
    expect(users).toEqual({ totalCount: ids.length, edges: ids.map((id) => ({ node: { id } })) });
  });

  it.each([
    ['nothing', {}],
    ['null', { search: null }],
    ['the empty text', { search: '' }],
  ])('are everybody for %s', async (_name, variables) => {
    const { users } = await world.root.ask<{ users: { totalCount: number } }>(
      'query($search: String) { users(search: $search, first: 1) { totalCount } }',
      variables,
    );
    const [{ count }] = await test.gateway.database.dataSource.query<[{ count: string }]>('SELECT count(*) FROM users');
    expect(users.totalCount).toBe(Number(count));
  });

  it('are refused to whoever does not hold platform.users', async () => {
    const { tenantId, owner } = await world.tenant();
    const service = await world.key(tenantId, ['member.read']);
    const admin = await world.person('admin', 'ADMIN');
    for (const client of [owner.client, service, admin.client])
      expect(await client.codes('{ users { totalCount } }')).toEqual(['FORBIDDEN']);
  });
});
