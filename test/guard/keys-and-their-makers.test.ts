import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { keyMadeBy } from './attempts.js';

const READ = 'query($tenantId: ID!) { tenant(id: $tenantId) { auditLog { totalCount } } tenants { edges { node { id } } } }';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
let admin: Person;
let key: Client;

beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ tenantId, owner } = await world.tenant());
  admin = await world.member(tenantId, 'admin');
  key = await keyMadeBy(admin.client, tenantId, ['tenant.read', 'audit.read', 'decision.read']);
});

const seen = async () => {
  const { data } = await key.send<{ tenant: { auditLog: object | null } | null; tenants: { edges: object[] } }>(READ, { tenantId });
  return { audit: data!.tenant?.auditLog != null, tenants: data!.tenants.edges.length };
};
const asks = () => key.codes('query($input: CheckInput!) { check(input: $input) { allowed } }', {
  input: { tenantId, userId: owner.userId, permission: 'connectors.read' },
});

describe('what a key reads', () => {
  it('is what the person who made it may read', async () => {
    expect(await seen()).toEqual({ audit: true, tenants: 1 });
    expect(await asks()).toEqual([]);
  });

  it.each([
    ['was demoted to a role that reads none of it', 'changeMemberRole', { role: 'viewer' }],
    ['is suspended', 'suspendMember', {}],
  ])('ends where that person %s', async (_what, mutation, more) => {
    await must(owner.client.mutate(mutation, { tenantId, userId: admin.userId, ...more }, 'revision'));
    expect((await seen()).audit).toBe(false);
    expect(await asks()).toEqual(['FORBIDDEN']);
  });

  it('ends where the tenant is suspended, as it does for that person', async () => {
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    expect(await seen()).toEqual({ audit: false, tenants: 0 });
    expect(await asks()).toEqual(['FORBIDDEN']);
  });

  it('goes on in a suspended tenant for a key of the platform\'s own, which learns why', async () => {
    const own = await world.key(tenantId, ['decision.read']);
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const input = { tenantId, userId: owner.userId, permission: 'connectors.read' };
    expect(await own.ask('query($input: CheckInput!) { check(input: $input) { reason } }', { input })).toEqual({ check: { reason: 'TENANT_SUSPENDED' } });
  });
});

describe('a viewer account', () => {
  it('is not made of the last admin', async () => {
    const { tenantId: plain, owner: first } = await world.tenant({ matrix: 'nanami' });
    const { errors } = await world.root.mutate('setAccountRole', { userId: first.userId, accountRole: 'VIEWER' }, 'user { id }');
    expect(errors).toMatchObject([{ extensions: { code: 'LAST_ADMIN' } }]);
    await world.member(plain, 'admin');
    await must(world.root.mutate('setAccountRole', { userId: first.userId, accountRole: 'VIEWER' }, 'user { id }'));
  });

  it('does not count as the admin who may stay behind alone', async () => {
    const { tenantId: plain, owner: first } = await world.tenant({ matrix: 'nanami' });
    await world.member(plain, 'admin', { accountRole: 'VIEWER' });
    const { errors } = await world.root.mutate('removeMember', { tenantId: plain, userId: first.userId }, 'id');
    expect(errors).toMatchObject([{ extensions: { code: 'LAST_ADMIN' } }]);
  });
});

describe('a key that was made by a key', () => {
  const CAPABILITIES = ['apiKey.manage', 'decision.read'];

  async function idOf(maker: Client, input: object): Promise<{ readonly id: string; readonly client: Client; readonly expiresAt: string | null }> {
    const asked = { tenantId, name: 'a key', capabilities: CAPABILITIES, ...input };
    const { data } = await must(maker.mutate<{ secret: string; apiKey: { id: string; expiresAt: string | null } }>('createApiKey', asked, 'secret apiKey { id expiresAt }'));
    const { secret, apiKey } = data!['createApiKey']!;
    return { ...apiKey, client: maker.as(secret) };
  }

  const KINDS: readonly (readonly [string, () => { readonly tenantId: string | null; readonly capabilities: readonly string[] }])[] = [
    ['of the tenant', () => ({ tenantId, capabilities: CAPABILITIES })],
    ['of the platform', () => ({ tenantId: null, capabilities: [...CAPABILITIES, 'platform.keys'] })],
  ];

  it.each(KINDS)('ends with the one that made it, however far back, where that is one %s', async (_whose, scope) => {
    const first = await idOf(world.root, scope());
    const second = await idOf(first.client, scope());
    const third = await idOf(second.client, {});
    const beside = await idOf(world.root, scope());
    const ask = ({ client }: { readonly client: Client }) => client.codes('query($input: CheckInput!) { check(input: $input) { allowed } }', {
      input: { tenantId, userId: owner.userId, permission: 'connectors.read' },
    });
    for (const one of [first, second, third]) expect(await ask(one)).toEqual([]);
    await must(world.root.mutate('revokeApiKey', { tenantId: scope().tenantId, id: first.id }, 'apiKey { id }'));
    for (const one of [first, second, third]) expect(await ask(one)).toEqual(['UNAUTHENTICATED']);
    expect(await ask(beside)).toEqual([]);
  });

  it.each(KINDS)('%s ends when that one ends, and is not asked to last longer', async (_whose, scope) => {
    const ends = new Date(test.clock.now() + 60_000).toISOString();
    const first = await idOf(world.root, { ...scope(), expiresAt: ends });
    expect((await idOf(first.client, scope())).expiresAt).toBe(ends);
    const sooner = new Date(test.clock.now() + 30_000).toISOString();
    expect((await idOf(first.client, { ...scope(), expiresAt: sooner })).expiresAt).toBe(sooner);
    const later = { ...scope(), name: 'a key', expiresAt: new Date(test.clock.now() + 90_000).toISOString() };
    const { errors } = await first.client.mutate('createApiKey', later, 'secret');
    expect(errors.map(({ extensions }) => [extensions.code, extensions['field']])).toEqual([['BAD_USER_INPUT', 'expiresAt']]);
  });
});
