import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { expectDone, expectNothingDone } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const SELECT = 'secret apiKey { id name capabilities createdAt lastUsedAt expiresAt revokedAt }';
interface Made {
  readonly secret: string;
  readonly apiKey: { readonly id: string };
}

describe('createApiKey in a tenant', () => {
  it('makes a key, shows its secret once, raises the revision by one, and leaves one event without the secret', async () => {
    const { tenantId, owner } = await world.tenant();
    const input = {
      tenantId,
      name: ' A service ',
      capabilities: ['member.read', 'decision.read'],
      expiresAt: '2030-01-02T00:00:00Z',
    };
    const { payload, event } = await expectDone<Made>(world, {
      caller: owner.client,
      actor: owner.userId,
      mutation: 'createApiKey',
      input,
      select: SELECT,
    });
    const { secret, apiKey } = payload;
    expect(apiKey).toEqual({
      id: apiKey.id,
      name: 'A service',
      capabilities: ['decision.read', 'member.read'],
      createdAt: new Date(test.clock.now()).toISOString(),
      lastUsedAt: null,
      expiresAt: '2030-01-02T00:00:00.000Z',
      revokedAt: null,
    });
    expect(secret.startsWith(`gh_${apiKey.id}_`)).toBe(true);
    expect(event).toMatchObject({ action: 'api-key.created', target: `key:${apiKey.id}` });
    const stored = JSON.stringify(
      await test.gateway.database.dataSource.query('SELECT * FROM api_keys WHERE id = $1', [apiKey.id]),
    );
    for (const text of [JSON.stringify(event), stored, ...test.logged])
      expect(text).not.toContain(secret.slice(`gh_${apiKey.id}_`.length));
  });

  it('makes a key that does what it may, and is noted when it is used', async () => {
    const { tenantId, owner } = await world.tenant();
    const { userId } = await world.member(tenantId, 'viewer');
    const input = { tenantId, name: 'asks', capabilities: ['decision.read'] };
    const { data } = await must(owner.client.mutate<Made>('createApiKey', input, SELECT));
    const key = world.anonymous.as(data!['createApiKey']!.secret);
    const check = 'query($input: CheckInput!) { check(input: $input) { allowed } }';
    expect(await key.ask(check, { input: { tenantId, userId, permission: 'agents.read' } })).toEqual({
      check: { allowed: true },
    });
    expect(await key.codes('query($id: ID!) { tenant(id: $id) { id } }', { id: tenantId })).toEqual(['FORBIDDEN']);
    const used = async () => {
      const { tenant } = await owner.client.ask<{ tenant: { apiKeys: { edges: { node: { lastUsedAt: string | null } }[] } } }>(
        'query($id: ID!) { tenant(id: $id) { apiKeys { edges { node { lastUsedAt } } } } }',
        { id: tenantId },
      );
      return tenant.apiKeys.edges[0]!.node.lastUsedAt;
    };
    let lastUsedAt = await used();
    while (lastUsedAt === null) lastUsedAt = await used();
    expect(lastUsedAt).toBe(new Date(test.clock.now()).toISOString());
  });

  const refusals: readonly (readonly [string, object, object])[] = [
    ['no capabilities', { capabilities: [] }, { code: 'BAD_USER_INPUT', field: 'capabilities' }],
    [
      'a capability that there is not',
      { capabilities: ['decision.read', 'decision.fly'] },
      { code: 'BAD_USER_INPUT', field: 'capabilities' },
    ],
    ['a capability of the platform', { capabilities: ['platform.users'] }, { code: 'BAD_USER_INPUT', field: 'capabilities' }],
    ['a permission for a capability', { capabilities: ['agents.read'] }, { code: 'BAD_USER_INPUT', field: 'capabilities' }],
    ['an end that has come', { expiresAt: '2030-01-01T00:00:00Z' }, { code: 'BAD_USER_INPUT', field: 'expiresAt' }],
    ['an empty name', { name: '' }, { code: 'BAD_USER_INPUT', field: 'name' }],
  ];
  it.each(refusals)('refuses %s, and does nothing', async (_name, input, refusal) => {
    const { tenantId, owner } = await world.tenant();
    for (const client of [owner.client, world.root]) {
      const attempt = () =>
        client.mutate('createApiKey', { tenantId, name: 'a key', capabilities: ['decision.read'], ...input }, 'secret');
      await expectNothingDone(world, tenantId, attempt, refusal);
    }
  });

  it('refuses capabilities that its maker does not hold, and says which', async () => {
    const { tenantId } = await world.tenant();
    const admin = await world.member(tenantId, 'admin');
    const attempt = () =>
      admin.client.mutate(
        'createApiKey',
        { tenantId, name: 'a key', capabilities: ['tenant.delete', 'decision.read', 'tenant.transfer'] },
        'secret',
      );
    await expectNothingDone(world, tenantId, attempt, { code: 'ESCALATION', missing: ['tenant.delete', 'tenant.transfer'] });
  });

  it('is for whoever holds apiKey.manage, and for nobody else', async () => {
    const { tenantId } = await world.tenant();
    const stranger = await world.tenant();
    const developer = await world.member(tenantId, 'developer');
    for (const client of [developer.client, stranger.owner.client, await world.key(tenantId, ['decision.read'])]) {
      const attempt = () => client.mutate('createApiKey', { tenantId, name: 'a key', capabilities: ['decision.read'] }, 'secret');
      await expectNothingDone(world, tenantId, attempt, { code: 'FORBIDDEN' });
    }
  });
});

describe('createApiKey on the platform', () => {
  const make = (client: World['root'], capabilities: readonly string[]) =>
    client.mutate<Made>('createApiKey', { name: 'a key', capabilities }, SELECT);

  it('makes a key of the platform for an account OWNER, in the chain of the platform', async () => {
    const { userId, client } = await world.person('account-owner', 'OWNER');
    const { data } = await must(make(client, ['platform.users', 'decision.read']));
    const { apiKey, secret } = data!['createApiKey']!;
    const [event] = await test.gateway.database.dataSource.query<object[]>(
      "SELECT actor, action, target FROM audit_events WHERE tenant_id = '' ORDER BY revision DESC LIMIT 1",
    );
    expect(event).toEqual({ actor: userId, action: 'api-key.created', target: `key:${apiKey.id}` });
    expect(await world.anonymous.as(secret).ask('{ users(first: 1) { edges { node { __typename } } } }')).toEqual({
      users: { edges: [{ node: { __typename: 'User' } }] },
    });
  });

  it('refuses a platform key what it does not hold itself', async () => {
    const keys = await world.key(null, ['platform.keys', 'decision.read']);
    expect((await make(keys, ['decision.read'])).errors).toEqual([]);
    expect((await make(keys, ['decision.read', 'platform.users'])).errors.map((error) => error.extensions)).toEqual([
      { code: 'ESCALATION', missing: ['platform.users'] },
    ]);
  });

  it('refuses everybody else', async () => {
    const { tenantId, owner } = await world.tenant();
    const admin = await world.person('account-admin', 'ADMIN');
    const callers = [
      owner.client,
      admin.client,
      await world.key(tenantId, ['apiKey.manage']),
      await world.key(null, ['decision.read']),
    ];
    for (const client of callers)
      expect((await make(client, ['decision.read'])).errors.map((error) => error.extensions)).toEqual([{ code: 'FORBIDDEN' }]);
  });
});
