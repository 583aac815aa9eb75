import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { World, must } from '../support/world.js';
import { endAll, gatehouse } from './command.js';
import { Installation, query } from './nodes.js';
import { PolicyFolder } from './policy-folder.js';

const COMMUNITY = { EDITION: 'community' };
const CHECK = 'query($input: CheckInput!) { check(input: $input) { allowed reason role } }';
/** Refused in the shape of what a plan lacks, naming the edition that has it. */
const refusedFor = (feature: string): object => ({
  errors: [{ message: expect.stringContaining('the edition "saas"'), extensions: { code: 'FEATURE_NOT_AVAILABLE', feature, plans: [], edition: 'saas' } }],
});

async function bootstrap(test: GatewayForTests, id: string): Promise<World> {
  const world = new World(test);
  const secret = await test.gateway.parts.bootstrap.mintSecret();
  await must(world.anonymous.mutate('bootstrap', { secret, id, name: 'Olga', email: `${id}@people.example`, password: 'correct horse battery' }, 'accessToken'));
  return world;
}

describe('the edition community', () => {
  let test: GatewayForTests;
  let world: World;
  beforeAll(async () => {
    test = await gatewayForTests({ env: COMMUNITY });
    world = await bootstrap(test, 'first');
  });
  afterAll(() => test.close());

  const check = async (userId: string, permission: string): Promise<unknown> => {
    const { check: decision } = await world.root.ask<{ check: unknown }>(CHECK, { input: { tenantId: 'default', userId, permission } });
    return decision;
  };
  const setAccountRole = (userId: string, accountRole: string) => world.root.mutate('setAccountRole', { userId, accountRole }, 'user { id }');
  const roleOf = async (userId: string): Promise<string | null> => {
    const [row] = await query<{ role_key: string }>(test, 'SELECT role_key FROM memberships WHERE user_id = $1', [userId]);
    return row?.role_key ?? null;
  };

  it('makes one tenant at bootstrap, with the first account OWNER as its first member and a plan without features', async () => {
    const { tenants } = await world.root.ask<{ tenants: unknown }>('{ tenants { edges { node { id plan features matrix { key } } } } }');
    expect(tenants).toEqual({ edges: [{ node: { id: 'default', plan: 'community', features: [], matrix: { key: 'nanami' } } }] });
    expect(await roleOf('first')).toBe('admin');
  });

  it('refuses another tenant, another plan, and the deletion of the one', async () => {
    const owner = await world.person('owner', 'OWNER');
    const another = { id: 'another', name: 'Another', matrix: 'fastn', ownerId: owner.userId };
    for (const client of [world.root, owner.client]) {
      expect(await client.mutate('createTenant', another, 'revision')).toMatchObject(refusedFor('TENANTS'));
      expect(await client.mutate('updateTenant', { tenantId: 'default', plan: 'enterprise' }, 'revision')).toMatchObject(refusedFor('PLANS'));
      expect(await client.mutate('deleteTenant', { tenantId: 'default' }, 'revision')).toMatchObject(refusedFor('TENANTS'));
    }
    expect(await owner.client.mutate('updateTenant', { tenantId: 'default', name: 'Our own' }, 'tenant { name }')).toMatchObject({ errors: [] });
  });

  it('takes the plan that it has for no change', async () => {
    const revision = async () => (await world.root.ask<{ tenant: { revision: string } }>('{ tenant(id: "default") { revision } }')).tenant.revision;
    const before = await revision();
    const { data } = await must(world.root.mutate('updateTenant', { tenantId: 'default', plan: 'community' }, 'revision'));
    expect([data!['updateTenant'], await revision()]).toEqual([{ revision: before }, before]);
  });

  it('lets an account ADMIN act as its admin, from the moment that they are created', async () => {
    const admin = await world.person('admin', 'ADMIN');
    expect(await check(admin.userId, 'membership.manage')).toMatchObject({ allowed: true });
    const member = await world.person();
    await must(admin.client.mutate('addMember', { tenantId: 'default', userId: member.userId, role: 'member' }, 'revision'));
    expect(await check(member.userId, 'network.read')).toMatchObject({ allowed: true, role: 'member' });
    expect(await check(member.userId, 'membership.manage')).toMatchObject({ allowed: false });
  });

  it('lets whoever is made an account ADMIN act as its admin, and whoever no longer is one not', async () => {
    const { userId } = await world.person();
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: false, reason: 'NO_MEMBERSHIP' });
    await must(world.root.mutate('setAccountRole', { userId, accountRole: 'ADMIN' }, 'user { id }'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: true });
    await must(world.root.mutate('setAccountRole', { userId, accountRole: 'MEMBER' }, 'user { id }'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: false, reason: 'NO_MEMBERSHIP' });
    const actions = await query<{ action: string }>(test, `SELECT action FROM audit_events WHERE tenant_id = 'default' AND target = $1 ORDER BY revision`, [userId]);
    expect(actions.map((row) => row.action)).toEqual(['membership.added', 'membership.removed']);
  });

  it('ends the sign-ins of an account ADMIN who leaves it with the account role, and of none who stays', async () => {
    const [joined, before] = [await world.person('joined', 'ADMIN'), await world.member('default', 'viewer')];
    await must(setAccountRole(before.userId, 'ADMIN'));
    for (const { userId } of [joined, before]) await must(setAccountRole(userId, 'MEMBER'));
    const codes = await Promise.all([joined, before].map(({ client }) => client.codes('{ viewer { user { id } } }')));
    expect(codes).toEqual([['UNAUTHENTICATED'], []]);
  });

  it('leaves a member the role that they had before they became an account ADMIN, and after', async () => {
    const { userId } = await world.member('default', 'viewer');
    await must(world.root.mutate('setAccountRole', { userId, accountRole: 'ADMIN' }, 'user { id }'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: true, reason: 'GRANTED_BY_ACCOUNT_ROLE' });
    await must(world.root.mutate('setAccountRole', { userId, accountRole: 'MEMBER' }, 'user { id }'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: false, reason: 'NOT_GRANTED' });
    expect(await roleOf(userId)).toBe('viewer');
  });

  it.each([
    'ADMIN, then MEMBER',
    'ADMIN, then VIEWER',
    'ADMIN, then OWNER, then MEMBER',
    'ADMIN, then OWNER, then VIEWER',
    'OWNER, then ADMIN, then OWNER, then ADMIN, then MEMBER',
  ])('leaves nothing to a person who was %s', async (history) => {
    const accountRoles = history.split(', then ');
    const { userId, client } = await world.person();
    for (const accountRole of accountRoles.slice(0, -1)) await must(setAccountRole(userId, accountRole));
    const key = { tenantId: 'default', name: 'a key', capabilities: ['member.manage'] };
    const { data } = await must(client.mutate<{ secret: string }>('createApiKey', key, 'secret'));
    await must(setAccountRole(userId, accountRoles.at(-1)!));
    expect(await roleOf(userId)).toBeNull();
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: false, reason: 'NO_MEMBERSHIP' });
    expect(await client.as(data!['createApiKey']!.secret).codes('{ tenants { totalCount } }')).toEqual(['UNAUTHENTICATED']);
  });

  it.each(['removeMember', 'suspendMember'])('refuses %s of an account ADMIN, until the account role is taken away', async (mutation) => {
    await world.person('another', 'ADMIN');
    const joined = await world.person('joined', 'ADMIN');
    const before = await world.member('default', 'viewer');
    await must(setAccountRole(before.userId, 'ADMIN'));
    for (const { userId } of [joined, before]) {
      const attempt = () => world.root.mutate(mutation, { tenantId: 'default', userId }, 'revision');
      expect(await attempt()).toMatchObject({ errors: [{ message: expect.stringContaining('setAccountRole'), extensions: { code: 'CONFLICT' } }] });
      expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: true });
    }
    await must(setAccountRole(before.userId, 'MEMBER'));
    await must(world.root.mutate(mutation, { tenantId: 'default', userId: before.userId }, 'revision'));
  });

  it('lets an account ADMIN act as its admin under whatever role they are given there', async () => {
    await world.person('another', 'ADMIN');
    const { userId } = await world.person('admin', 'ADMIN');
    await must(world.root.mutate('changeMemberRole', { tenantId: 'default', userId, role: 'viewer' }, 'revision'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: true, reason: 'GRANTED_BY_ACCOUNT_ROLE' });
  });

  it.each([
    ['suspended', async (userId: string) => void (await must(world.root.mutate('suspendMember', { tenantId: 'default', userId }, 'revision'))), {}],
    ['there for a while', async () => undefined, { expiresAt: '2031-01-01T00:00:00Z' }],
    ['bound to a customer', async () => undefined, { customerId: 'initech' }],
  ] as const)('makes no account ADMIN of a member who is %s, before they are removed', async (_how, prepare, more) => {
    await world.root.mutate('createCustomer', { tenantId: 'default', id: 'initech', name: 'Initech' }, 'revision');
    const { userId } = await world.member('default', 'member', more);
    await prepare(userId);
    expect(await setAccountRole(userId, 'ADMIN')).toMatchObject({ errors: [{ extensions: { code: 'CONFLICT' } }] });
    await must(world.root.mutate('removeMember', { tenantId: 'default', userId }, 'revision'));
    await must(setAccountRole(userId, 'ADMIN'));
    expect(await check(userId, 'membership.manage')).toMatchObject({ allowed: true });
  });

  it('brings an account ADMIN back who is missing among its admins, once the account role is given again', async () => {
    const { userId } = await world.person('missing', 'ADMIN');
    await query(test, 'DELETE FROM memberships WHERE user_id = $1', [userId]);
    await must(setAccountRole(userId, 'ADMIN'));
    expect(await roleOf(userId)).toBe('admin');
  });

  it('ends what the bootstrap gave with the account role that it gave', async () => {
    await world.person('another', 'ADMIN');
    await world.person('another', 'OWNER');
    await must(setAccountRole('first', 'MEMBER'));
    expect(await roleOf('first')).toBeNull();
  });

  it('keeps at least one admin of its tenant', async () => {
    const last = await world.person('last', 'ADMIN');
    const admins = await query<{ user_id: string }>(test, `SELECT user_id FROM memberships WHERE is_admin AND user_id <> $1`, [last.userId]);
    for (const { user_id: userId } of admins) await must(setAccountRole(userId, 'MEMBER'));
    expect(await setAccountRole(last.userId, 'MEMBER')).toMatchObject({ errors: [{ extensions: { code: 'LAST_ADMIN' } }] });
    expect(await check(last.userId, 'membership.manage')).toMatchObject({ allowed: true });
  });
});

describe('the tenant of the edition community', () => {
  let site: Installation;
  let folder: PolicyFolder;
  beforeEach(async () => {
    site = await Installation.make();
    folder = await PolicyFolder.copy();
  });
  afterEach(async () => {
    await endAll();
    await site.end();
    await folder.remove();
  });

  it('lives under the first matrix where the policy lacks nanami, and comes with whoever is the first account OWNER or ADMIN', async () => {
    await folder.drop('nanami.yaml');
    const node = await site.start({ policyDir: folder.path, env: COMMUNITY });
    const world = new World(node);
    await world.person('nobody');
    expect(await query(node, 'SELECT id FROM tenants')).toEqual([]);
    const { userId } = await world.person('owner', 'OWNER');
    expect(await query(node, 'SELECT tenant_id, user_id, role_key, matrix_key FROM memberships')).toEqual([
      { tenant_id: 'default', user_id: userId, role_key: 'owner', matrix_key: 'fastn' },
    ]);
  });

  it('is passed on by its owner before they cease to be an account OWNER or ADMIN', async () => {
    await folder.drop('nanami.yaml');
    const world = new World(await site.start({ policyDir: folder.path, env: COMMUNITY }));
    const { userId } = await world.person('first', 'OWNER');
    const heir = await world.person('heir', 'OWNER');
    const demote = () => world.root.mutate('setAccountRole', { userId, accountRole: 'MEMBER' }, 'user { id }');
    expect(await demote()).toMatchObject({ errors: [{ extensions: { code: 'OWNER_REQUIRED' } }] });
    await must(world.root.mutate('addMember', { tenantId: 'default', userId: heir.userId, role: 'admin' }, 'revision'));
    await must(world.root.mutate('transferOwnership', { tenantId: 'default', newOwnerId: heir.userId }, 'revision'));
    await must(demote());
    const { tenant } = await world.root.ask<{ tenant: unknown }>('{ tenant(id: "default") { memberships { edges { node { user { id } } } } } }');
    expect(tenant).toEqual({ memberships: { edges: [{ node: { user: { id: heir.userId } } }] } });
  });

  it('is the only one: a database that has others is refused at the start, until they are deleted', async () => {
    const world = new World(await site.start());
    const { userId } = await world.person();
    const make = (id: string) => must(world.root.mutate('createTenant', { id, name: id, matrix: 'nanami', ownerId: userId }, 'revision'));
    const refusal = (others: string) => ({
      code: 1,
      stdout: '',
      stderr: `The edition community has one tenant, "default", and the database has ${others}: set EDITION to saas, or delete them there first.\n`,
    });
    const start = async () => {
      const { code, stdout, stderr } = await gatehouse([], { PORT: '0', DATABASE_URL: site.databaseUrl, LOG_LEVEL: 'silent', ...COMMUNITY });
      return { code, stdout, stderr };
    };
    for (const id of ['default', 'acme']) await make(id);
    expect(await start()).toEqual(refusal('another one, "acme"'));
    await make('globex');
    expect(await start()).toEqual(refusal('2 others, such as "acme"'));
    for (const tenantId of ['acme', 'globex']) await must(world.root.mutate('deleteTenant', { tenantId }, 'revision'));
    const { tenants } = await new World(await site.restart({ env: COMMUNITY })).root.ask<{ tenants: unknown }>('{ tenants { edges { node { id } } } }');
    expect(tenants).toEqual({ edges: [{ node: { id: 'default' } }] });
  });

  it('needs its plan: a policy without it is refused at the start', async () => {
    await folder.edit('plans.yaml', ['  - key: community\n    title: Community\n    features: []\n', '']);
    const { code, stdout, stderr } = await gatehouse([], { PORT: '0', POLICY_DIR: folder.path, DATA_DIR: '/nowhere/data', ...COMMUNITY });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'The edition community needs the plan "community": add it to plans.yaml.\n' });
  });
});
