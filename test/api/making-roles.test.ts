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

const SELECT = 'role { key name description kind surface permissions permissionCount duplicatedFrom }';
const create = (client: World['root'], input: object) => () =>
  client.mutate('createRole', { key: 'new', name: 'New', permissions: [], ...input }, 'revision');

describe('createRole', () => {
  it('makes a custom role, raises the revision by one, and leaves one event', async () => {
    const { tenantId, owner } = await world.tenant();
    const permissions = ['workflows.run', 'agents.read', 'billing.read'];
    const input = { tenantId, key: 'Night.Shift-2', name: ' Night shift ', description: 'Keeps watch.', permissions };
    const { payload, event } = await expectDone(world, {
      caller: owner.client,
      actor: owner.userId,
      mutation: 'createRole',
      input,
      select: SELECT,
    });
    const held = ['agents.read', 'billing.read', 'workflows.run'];
    const role = {
      key: 'Night.Shift-2',
      name: 'Night shift',
      description: 'Keeps watch.',
      surface: 'ALL',
      duplicatedFrom: null,
      permissions: held,
    };
    expect(payload).toEqual({ role: { ...role, kind: 'CUSTOM', permissionCount: 3 } });
    expect(event).toMatchObject({ action: 'role.created', target: 'Night.Shift-2' });
    expect(JSON.parse(event.change!)).toEqual({ before: null, after: role });
  });

  it('makes a role that counts at once', async () => {
    const { tenantId, owner } = await world.tenant();
    await must(create(owner.client, { tenantId, permissions: ['workflows.run'] })());
    const { userId, client } = await world.member(tenantId, 'new');
    const checks = await client.ask('query($i: [CheckInput!]!) { checks(inputs: $i) { reason role } }', {
      i: ['workflows.run', 'workflows.pause'].map((permission) => ({ tenantId, userId, permission })),
    });
    expect(checks).toEqual({
      checks: [
        { reason: 'GRANTED_BY_ROLE', role: 'new' },
        { reason: 'NOT_GRANTED', role: null },
      ],
    });
  });

  it('may hold nothing, and need not be described', async () => {
    const { tenantId, owner } = await world.tenant();
    const input = { tenantId, key: 'empty', name: 'Empty', permissions: [] };
    const { payload } = await expectDone(world, {
      caller: owner.client,
      actor: owner.userId,
      mutation: 'createRole',
      input,
      select: SELECT,
    });
    expect(payload).toMatchObject({ role: { description: null, permissions: [], permissionCount: 0 } });
  });

  const refusals: readonly (readonly [string, string, object, object])[] = [
    ['the key of a system role', 'fastn', { key: 'developer' }, { code: 'CONFLICT' }],
    ['the key of the owner role', 'fastn', { key: 'owner' }, { code: 'CONFLICT' }],
    ['an alias of a system role', 'fastn', { key: 'tenant_admin' }, { code: 'CONFLICT' }],
    ['the key of a custom role', 'fastn', { key: 'taken' }, { code: 'CONFLICT' }],
    ['a key with a blank', 'fastn', { key: 'a b' }, { code: 'BAD_USER_INPUT', field: 'key' }],
    [
      'a permission that there is not',
      'fastn',
      { permissions: ['agents.read', 'agents.fly'] },
      { code: 'BAD_USER_INPUT', field: 'permissions' },
    ],
    [
      'a permission of the other matrix',
      'fastn',
      { permissions: ['network.read'] },
      { code: 'BAD_USER_INPUT', field: 'permissions' },
    ],
    [
      'a permission named twice',
      'fastn',
      { permissions: ['agents.read', 'agents.run', 'agents.read'] },
      { code: 'BAD_USER_INPUT', field: 'permissions' },
    ],
    ['a pattern of permissions', 'fastn', { permissions: ['agents.*'] }, { code: 'BAD_USER_INPUT', field: 'permissions' }],
    [
      'a description of 2,001 characters',
      'fastn',
      { description: 'x'.repeat(2001) },
      { code: 'BAD_USER_INPUT', field: 'description' },
    ],
    ['an empty name', 'fastn', { name: '\t' }, { code: 'BAD_USER_INPUT', field: 'name' }],
    [
      'global permissions',
      'nanami',
      { permissions: ['network.read', 'platform.sso', 'platform.bootstrap'] },
      { code: 'GLOBAL_PERMISSION', field: 'permissions', permissions: ['platform.sso', 'platform.bootstrap'] },
    ],
  ];
  it.each(refusals)('refuses %s to the owner and to the root key, and does nothing', async (_name, matrix, input, refusal) => {
    const { tenantId, owner } = await world.tenant({ matrix });
    await must(create(owner.client, { tenantId, key: 'taken' })());
    for (const client of [owner.client, world.root])
      await expectNothingDone(world, tenantId, create(client, { tenantId, ...input }), refusal);
  });

  it.each(['team', 'community'])('refuses on the plan %s, and names the plan that has custom roles', async (plan) => {
    const { tenantId, owner } = await world.tenant({ plan });
    for (const client of [owner.client, world.root]) {
      await expectNothingDone(world, tenantId, create(client, { tenantId }), {
        code: 'FEATURE_NOT_AVAILABLE',
        feature: 'CUSTOM_ROLES',
        plans: ['enterprise'],
      });
    }
    expect((await create(owner.client, { tenantId })()).errors[0]!.message).toContain('"enterprise"');
  });

  it('refuses what its maker does not hold, and says what', async () => {
    const { tenantId, owner } = await world.tenant();
    await must(create(owner.client, { tenantId, key: 'keeper', permissions: ['roles.manage', 'roles.read', 'agents.read'] })());
    const keeper = await world.member(tenantId, 'keeper');
    await must(create(keeper.client, { tenantId, key: 'within', permissions: ['agents.read', 'roles.manage'] })());
    const attempt = create(keeper.client, {
      tenantId,
      key: 'beyond',
      permissions: ['agents.read', 'workflows.run', 'agents.run'],
    });
    await expectNothingDone(world, tenantId, attempt, { code: 'ESCALATION', missing: ['agents.run', 'workflows.run'] });
  });

  it('is for whoever holds role.manage, and for nobody else', async () => {
    const { tenantId } = await world.tenant();
    const stranger = await world.tenant();
    const callers = [await world.member(tenantId, 'developer'), await world.member(tenantId, 'operator'), stranger.owner].map(
      ({ client }) => client,
    );
    for (const client of [...callers, await world.key(tenantId, ['role.read'])]) {
      await expectNothingDone(world, tenantId, create(client, { tenantId }), { code: 'FORBIDDEN' });
    }
    await expectNothingDone(world, tenantId, create(world.anonymous, { tenantId }), { code: 'UNAUTHENTICATED' });
  });
});

describe('a custom role that a tenant made on a bigger plan', () => {
  it.each(['team', 'community'])('is neither duplicated nor changed on the plan %s, but may be deleted', async (plan) => {
    const { tenantId, owner } = await world.tenant();
    await must(create(owner.client, { tenantId, key: 'made' })());
    await must(world.root.mutate('updateTenant', { tenantId, plan }, 'revision'));
    const refusal = { code: 'FEATURE_NOT_AVAILABLE', feature: 'CUSTOM_ROLES', plans: ['enterprise'] };
    const tries: readonly (readonly [string, object])[] = [
      ['duplicateRole', { sourceRole: 'made', key: 'twin', name: 'Twin' }],
      ['duplicateRole', { sourceRole: 'developer', key: 'twin', name: 'Twin' }],
      ['updateRole', { role: 'made', permissions: ['agents.read'] }],
      ['updateRole', { role: 'made', name: 'Renamed' }],
    ];
    for (const client of [owner.client, world.root]) {
      for (const [mutation, input] of tries) {
        await expectNothingDone(world, tenantId, () => client.mutate(mutation, { tenantId, ...input }, 'revision'), refusal);
      }
    }
    await must(owner.client.mutate('deleteRole', { tenantId, role: 'made' }, 'revision'));
  });
});
