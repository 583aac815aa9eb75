import type { Client } from '../support/client.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { AUDIENCE, jwk, rsaKeys, TestIssuer } from '../access/test-issuer.js';
import { forge, rs256 } from '../access/forge.js';

const KEYS = rsaKeys();

let issuer: TestIssuer;
let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  issuer.keys = [jwk(KEYS, 'k1')];
  const { issuer: name, jwksUrl } = issuer.config;
  test = await gatewayForTests({ env: { OIDC_ISSUER: name, OIDC_AUDIENCE: AUDIENCE, OIDC_JWKS_URL: jwksUrl } });
  world = new World(test);
});
afterAll(async () => {
  await test.close();
  await issuer.stop();
});

/** Somebody whom the issuer knows. */
function known(sub: string): Client {
  const now = Math.floor(test.clock.now() / 1000);
  const claims = { iss: issuer.url, aud: AUDIENCE, sub, iat: now, exp: now + 600 };
  return world.anonymous.as(forge({ alg: 'RS256', kid: 'k1', typ: 'at+jwt' }, claims, rs256(KEYS.privateKey)));
}

const VIEWER = `query($tenantId: ID!) { viewer { user { id name email accountRole status } can(tenantId: $tenantId, permission: "connectors.read")
  memberships { totalCount edges { node { role { key } tenant { id } } } pageInfo { hasNextPage } } } }`;
const NO_MEMBERSHIPS = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false } };

describe('the viewer', () => {
  it('is the person who signed in', async () => {
    const { tenantId } = await world.tenant();
    const { userId, client } = await world.member(tenantId, 'operator');
    expect(await client.ask(VIEWER, { tenantId })).toEqual({
      viewer: {
        user: { id: userId, name: 'operator', email: `${userId}@people.example`, accountRole: 'MEMBER', status: 'ACTIVE' },
        can: true,
        memberships: {
          totalCount: 1,
          edges: [{ node: { role: { key: 'operator' }, tenant: { id: tenantId } } }],
          pageInfo: { hasNextPage: false },
        },
      },
    });
  });

  it('is the person whose token the issuer signed', async () => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.member(tenantId, 'viewer');
    expect(await known(userId).ask(VIEWER, { tenantId })).toMatchObject({
      viewer: { user: { id: userId }, can: true, memberships: { totalCount: 1 } },
    });
  });

  it('has no user and may do nothing where the issuer knows them and the gateway does not yet', async () => {
    const { tenantId } = await world.tenant();
    const sub = world.unique('newcomer');
    const client = known(sub);
    expect(await client.ask(VIEWER, { tenantId })).toEqual({ viewer: { user: null, can: false, memberships: NO_MEMBERSHIPS } });
    expect(await client.ask('{ tenants { totalCount edges { node { id } } } }')).toEqual({
      tenants: { totalCount: 0, edges: [] },
    });
    expect(await client.ask('query($id: ID!) { user(id: $id) { id } }', { id: sub })).toEqual({ user: null });
  });

  it('becomes a user once the gateway knows them, within the bound', async () => {
    const { tenantId } = await world.tenant();
    const sub = world.unique('newcomer');
    await known(sub).ask(VIEWER, { tenantId });
    await must(world.root.mutate('createUser', { id: sub, name: 'Newcomer' }, 'user { id }'));
    await must(world.root.mutate('addMember', { tenantId, userId: sub, role: 'viewer' }, 'revision'));
    expect(await known(sub).ask(VIEWER, { tenantId })).toMatchObject({
      viewer: { user: { id: sub }, can: true, memberships: { totalCount: 1 } },
    });
  });

  const keys: readonly (readonly [string, (tenantId: string) => Promise<Client>])[] = [
    ["a tenant's key", (tenantId) => world.key(tenantId, ['decision.read', 'tenant.read'])],
    ['a platform key', () => world.key(null, ['decision.read', 'platform.tenants'])],
    ['the root key', async () => world.root],
  ];
  it.each(keys)('is nobody, and can do nothing, for %s', async (_name, key) => {
    const { tenantId } = await world.tenant();
    expect(await (await key(tenantId)).ask(VIEWER, { tenantId })).toEqual({
      viewer: { user: null, can: false, memberships: NO_MEMBERSHIPS },
    });
  });

  it.each([
    ['nobody', null],
    ['a token of another key', 'forged'],
    ['a made-up API key', 'gh_0123456789abcdef_0123456789'],
    ['words', 'let-me-in'],
  ])('is refused with 401 to %s', async (_name, token) => {
    const { tenantId } = await world.tenant();
    const forged = forge(
      { alg: 'RS256', kid: 'k1' },
      { iss: issuer.url, aud: AUDIENCE, sub: 'x', exp: 4e9 },
      rs256(rsaKeys().privateKey),
    );
    const answer = await world.anonymous.as(token === 'forged' ? forged : token).send(VIEWER, { tenantId });
    expect([answer.status, answer.errors.map((error) => error.extensions.code)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.data?.['viewer'] ?? null).toBeNull();
  });

  it('who is disabled is refused with 401, by whichever way they come', async () => {
    const { tenantId } = await world.tenant();
    const { userId, client } = await world.member(tenantId, 'viewer');
    await client.ask(VIEWER, { tenantId });
    await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    for (const way of [client, known(userId)]) expect((await way.send(VIEWER, { tenantId })).status).toBe(401);
  });
});

describe('what the viewer can', () => {
  const CAN = `query($tenantId: ID!, $permission: String!, $departmentId: ID, $customerId: ID, $ownerId: ID, $surface: Surface) { viewer {
    can(tenantId: $tenantId, permission: $permission, departmentId: $departmentId, customerId: $customerId, ownerId: $ownerId, surface: $surface) } }`;
  const places: readonly (readonly [string, object, boolean])[] = [
    ['in no department', {}, false],
    ['in the department of their override', { departmentId: 'sales' }, true],
    ['in another department', { departmentId: 'support' }, false],
    ['in a department that there is not', { departmentId: 'nowhere' }, false],
    ['for a customer', { departmentId: 'sales', customerId: 'initech' }, true],
    ['for a customer that there is not', { departmentId: 'sales', customerId: 'nobody' }, false],
    ["with somebody else's resource", { departmentId: 'sales', ownerId: 'somebody' }, true],
    ['in the widget', { departmentId: 'sales', surface: 'WIDGET' }, true],
    ['what there is not', { departmentId: 'sales', permission: 'workflows.fly' }, false],
  ];
  it.each(places)('%s depends on just that', async (_name, place, can) => {
    const { tenantId } = await world.tenant({ departments: ['sales', 'support'], customers: ['initech'] });
    const { userId, client } = await world.member(tenantId, 'viewer');
    await must(
      world.root.mutate('setDepartmentOverride', { tenantId, userId, departmentId: 'sales', role: 'operator' }, 'revision'),
    );
    expect(await client.ask(CAN, { tenantId, permission: 'workflows.run', ...place })).toEqual({ viewer: { can } });
  });

  it('is nothing in tenants of others, whether there are such or not', async () => {
    const { tenantId } = await world.tenant();
    const { client } = await world.person();
    for (const id of [tenantId, 'nowhere'])
      expect(await client.ask(CAN, { tenantId: id, permission: 'connectors.read' })).toEqual({ viewer: { can: false } });
  });
});
