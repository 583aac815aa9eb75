import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { auditLog, expectChained } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const SELECT =
  'revision tenant { id name status plan revision matrix { key } owner { id } memberships { edges { node { user { id } role { key } status customer { id } expiresAt } } } }';

describe('createTenant', () => {
  const kinds: readonly (readonly [string, object, object, string])[] = [
    ['under fastn with an owner', { matrix: 'fastn' }, { plan: 'enterprise', matrix: { key: 'fastn' } }, 'owner'],
    [
      'under nanami with a first admin and no owner',
      { matrix: 'nanami', plan: 'team' },
      { plan: 'team', matrix: { key: 'nanami' }, owner: null },
      'admin',
    ],
    ['without a plan on the default', { matrix: 'fastn', plan: null }, { plan: 'enterprise' }, 'owner'],
  ];
  it.each(kinds)('makes a tenant %s, with one event in its log', async (_name, input, expected, role) => {
    const { userId } = await world.person();
    const id = world.unique('Tenant.1');
    const { data } = await must(
      world.root.mutate('createTenant', { id, name: '  Acme & söhne ', ownerId: userId, ...input }, SELECT),
    );
    const membership = { user: { id: userId }, role: { key: role }, status: 'ACTIVE', customer: null, expiresAt: null };
    expect(data!['createTenant']).toEqual({
      revision: '2',
      tenant: {
        id,
        name: 'Acme & söhne',
        status: 'ACTIVE',
        revision: '2',
        owner: { id: userId },
        matrix: { key: 'fastn' },
        ...expected,
        memberships: { edges: [{ node: membership }] },
      },
    });
    const events = await auditLog(world, id);
    expect(events).toMatchObject([
      { revision: '2', actor: 'key:root', action: 'tenant.created', target: id, at: new Date(test.clock.now()).toISOString() },
    ]);
    expectChained(id, events);
  });

  it('makes an id, of a UUID of version 7, for whoever gives none', async () => {
    const { userId } = await world.person();
    const { data } = await must(
      world.root.mutate<{ tenant: { id: string } }>(
        'createTenant',
        { name: 'A', matrix: 'fastn', ownerId: userId },
        'tenant { id }',
      ),
    );
    expect(data!['createTenant']!.tenant.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('tells ids apart that differ by case alone', async () => {
    const { userId } = await world.person();
    const id = world.unique('case');
    for (const one of [id, id.toUpperCase()])
      await must(world.root.mutate('createTenant', { id: one, name: one, matrix: 'fastn', ownerId: userId }, 'revision'));
    expect(await world.root.ask('query($id: ID!) { tenant(id: $id) { name } }', { id: id.toUpperCase() })).toEqual({
      tenant: { name: id.toUpperCase() },
    });
  });

  const refusals: readonly (readonly [string, object, number, object])[] = [
    ['a matrix that there is not', { matrix: 'fast' }, 400, { code: 'BAD_USER_INPUT', field: 'matrix' }],
    ['a plan that there is not', { plan: 'gold' }, 400, { code: 'BAD_USER_INPUT', field: 'plan' }],
    ['the plan of an object of JavaScript', { plan: 'constructor' }, 400, { code: 'BAD_USER_INPUT', field: 'plan' }],
    ['an owner who is nobody', { ownerId: 'nobody' }, 404, { code: 'NOT_FOUND' }],
    ['an empty name', { name: ' ' }, 400, { code: 'BAD_USER_INPUT', field: 'name' }],
    ['a name of two lines', { name: 'a\nb' }, 400, { code: 'BAD_USER_INPUT', field: 'name' }],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, 400, { code: 'BAD_USER_INPUT', field: 'name' }],
  ];
  it.each(refusals)('refuses %s, and makes nothing', async (_name, input, status, extensions) => {
    const { userId } = await world.person();
    const id = world.unique('never');
    const answer = await world.root.mutate(
      'createTenant',
      { id, name: 'A', matrix: 'fastn', ownerId: userId, ...input },
      'revision',
    );
    expect([answer.status, answer.errors.map((error) => error.extensions)]).toEqual([status, [extensions]]);
    expect(await world.root.ask('query($id: ID!) { tenant(id: $id) { id } }', { id })).toEqual({ tenant: null });
  });

  it('refuses an id that is taken, now or by a tenant since deleted', async () => {
    const { tenantId, owner } = await world.tenant();
    const again = () =>
      world.root.mutate('createTenant', { id: tenantId, name: 'Again', matrix: 'nanami', ownerId: owner.userId }, 'revision');
    const refused = await again();
    expect([refused.status, refused.errors.map((error) => error.extensions)]).toEqual([409, [{ code: 'CONFLICT' }]]);
    await must(owner.client.mutate('deleteTenant', { tenantId }, 'id'));
    expect((await again()).errors.map((error) => error.extensions.code)).toEqual(['CONFLICT']);
  });

  it('refuses an owner who is disabled', async () => {
    const { userId } = await world.person();
    await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    const answer = await world.root.mutate('createTenant', { name: 'A', matrix: 'fastn', ownerId: userId }, 'revision');
    expect(answer.errors.map((error) => error.extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'ownerId' }]);
  });

  it('is for account OWNERs and for keys with platform.tenants, and for nobody else', async () => {
    const { tenantId, owner } = await world.tenant();
    const input = () => ({ name: 'A', matrix: 'fastn', ownerId: owner.userId });
    const accountOwner = await world.person('account-owner', 'OWNER');
    const admin = await world.person('account-admin', 'ADMIN');
    const may = [accountOwner.client, await world.key(null, ['platform.tenants'])];
    const mayNot = [
      owner.client,
      admin.client,
      await world.key(null, ['platform.users']),
      await world.key(tenantId, ['tenant.update']),
    ];
    for (const client of may) expect((await client.mutate('createTenant', input(), 'revision')).errors).toEqual([]);
    for (const client of mayNot)
      expect((await client.mutate('createTenant', input(), 'revision')).errors.map((error) => error.extensions)).toEqual([
        { code: 'FORBIDDEN' },
      ]);
    expect((await world.anonymous.mutate('createTenant', input(), 'revision')).status).toBe(401);
  });
});

describe('createUser', () => {
  const SELECT_USER = 'user { id name email accountRole status }';

  it('makes a user with what was asked for, and with what goes without saying', async () => {
    const id = world.unique('user');
    const { data } = await must(
      world.root.mutate('createUser', { id, name: ' Ada ', email: `${id}@People.Example`, accountRole: 'VIEWER' }, SELECT_USER),
    );
    expect(data!['createUser']).toEqual({
      user: { id, name: 'Ada', email: `${id}@People.Example`, accountRole: 'VIEWER', status: 'ACTIVE' },
    });
    const made = await must(world.root.mutate<{ user: object }>('createUser', { name: 'Grace' }, SELECT_USER));
    expect(made.data!['createUser']!.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name: 'Grace',
      email: null,
      accountRole: 'MEMBER',
      status: 'ACTIVE',
    });
  });

  const taken: readonly (readonly [string, (id: string) => object])[] = [
    ['an id that is taken', (id) => ({ id })],
    ['an address that is taken', (id) => ({ email: `${id}@people.example` })],
    ['an address that is taken but for its case', (id) => ({ email: `${id.toUpperCase()}@People.Example` })],
  ];
  it.each(taken)('refuses %s', async (_name, input) => {
    const { userId } = await world.person();
    const answer = await world.root.mutate('createUser', { name: 'Second', ...input(userId) }, SELECT_USER);
    expect([answer.status, answer.errors.map((error) => error.extensions)]).toEqual([409, [{ code: 'CONFLICT' }]]);
  });

  it.each(['nobody', 'a@', '@b', 'a b@c', 'a@b c', 'a@b@c', 'a\n@b.example', `${'x'.repeat(250)}@b.example`])(
    'refuses %j as an address',
    async (email) => {
      const answer = await world.root.mutate('createUser', { name: 'A', email }, SELECT_USER);
      expect(answer.errors.map((error) => error.extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'email' }]);
    },
  );

  it('lets nobody but an account OWNER, or the root key, make an account OWNER', async () => {
    const accountOwner = await world.person('account-owner', 'OWNER');
    const key = await world.key(null, ['platform.users', 'platform.keys']);
    for (const client of [accountOwner.client, world.root]) {
      expect((await client.mutate('createUser', { name: 'Another', accountRole: 'OWNER' }, SELECT_USER)).errors).toEqual([]);
    }
    const answer = await key.mutate('createUser', { name: 'Another', accountRole: 'OWNER' }, SELECT_USER);
    expect([answer.status, answer.errors.map((error) => error.extensions)]).toEqual([
      403,
      [{ code: 'ESCALATION', missing: ['OWNER'] }],
    ]);
  });
});
