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

const PLACES = { departments: ['sales', 'support'], customers: ['initech'] };
const SELECT =
  'membership { user { id } role { key kind } status customer { id } expiresAt departmentOverrides { department { id } role { key kind } expiresAt } }';

async function scene(plan = 'enterprise') {
  const { tenantId, owner } = await world.tenant({ ...PLACES, plan: 'enterprise' });
  await must(
    world.root.mutate(
      'createRole',
      { tenantId, key: 'own', name: 'Own', permissions: ['agents.read', 'membership.manage'] },
      'revision',
    ),
  );
  const stranger = await world.person('stranger');
  const member = await world.member(tenantId, 'viewer');
  if (plan !== 'enterprise') await must(world.root.mutate('updateTenant', { tenantId, plan }, 'revision'));
  return { tenantId, owner, stranger, member };
}

interface Refusal {
  readonly name: string;
  readonly input: object;
  readonly refusal: object;
}

describe('addMember', () => {
  const kinds: readonly (readonly [string, object, object])[] = [
    ['of a system role', { role: 'developer' }, { role: { key: 'developer', kind: 'SYSTEM' } }],
    ['of a custom role', { role: 'own' }, { role: { key: 'own', kind: 'CUSTOM' } }],
    ['of a role named by its alias', { role: 'tenant_admin' }, { role: { key: 'admin', kind: 'SYSTEM' } }],
    [
      'of the widget',
      { role: 'end_user', customerId: 'initech' },
      { role: { key: 'end_user', kind: 'SYSTEM' }, customer: { id: 'initech' } },
    ],
    [
      'of the staff bound to a customer',
      { role: 'viewer', customerId: 'initech' },
      { role: { key: 'viewer', kind: 'SYSTEM' }, customer: { id: 'initech' } },
    ],
    [
      'for a while',
      { role: 'viewer', expiresAt: '2030-06-01T12:00:00+02:00' },
      { role: { key: 'viewer', kind: 'SYSTEM' }, expiresAt: '2030-06-01T10:00:00.000Z' },
    ],
  ];
  it.each(kinds)('adds a member %s, raises the revision by one, and leaves one event', async (_name, input, expected) => {
    const { tenantId, owner, stranger } = await scene();
    const { userId } = stranger;
    const { payload, event } = await expectDone(world, {
      caller: owner.client,
      actor: owner.userId,
      mutation: 'addMember',
      input: { tenantId, userId, role: '', ...input },
      select: SELECT,
    });
    const membership = {
      user: { id: userId },
      status: 'ACTIVE',
      customer: null,
      expiresAt: null,
      departmentOverrides: [],
      ...expected,
    };
    expect(payload).toEqual({ membership });
    expect(event).toMatchObject({ action: 'membership.added', target: userId });
    const customerId = 'customerId' in input ? input.customerId : null;
    expect(JSON.parse(event.change!)).toMatchObject({ before: null, after: { status: 'ACTIVE', customerId } });
  });

  const REFUSALS: readonly Refusal[] = [
    { name: 'a role that there is not', input: { role: 'nobody' }, refusal: { code: 'NOT_FOUND' } },
    { name: 'the owner role', input: { role: 'owner' }, refusal: { code: 'OWNER_REQUIRED' } },
    {
      name: 'a widget role without a customer',
      input: { role: 'end_user' },
      refusal: { code: 'BAD_USER_INPUT', field: 'customerId' },
    },
    { name: 'a customer that there is not', input: { customerId: 'nobody' }, refusal: { code: 'NOT_FOUND' } },
    { name: 'a user who is nobody', input: { userId: 'nobody' }, refusal: { code: 'NOT_FOUND' } },
    {
      name: 'an end that has come',
      input: { expiresAt: '2030-01-01T00:00:00.000Z' },
      refusal: { code: 'BAD_USER_INPUT', field: 'expiresAt' },
    },
  ];
  it.each(REFUSALS)('refuses $name, to the owner and to the root key, and does nothing', async ({ input, refusal }) => {
    const { tenantId, owner, stranger } = await scene();
    for (const client of [owner.client, world.root]) {
      const attempt = () =>
        client.mutate('addMember', { tenantId, userId: stranger.userId, role: 'viewer', ...input }, 'revision');
      await expectNothingDone(world, tenantId, attempt, refusal);
    }
  });

  it('refuses customers and custom roles of another tenant as if there were none', async () => {
    const { tenantId, owner, stranger } = await scene();
    const other = await world.tenant({ customers: ['theirs'] });
    await must(
      world.root.mutate('createRole', { tenantId: other.tenantId, key: 'theirs', name: 'Theirs', permissions: [] }, 'revision'),
    );
    for (const theirs of [{ role: 'end_user', customerId: 'theirs' }, { role: 'theirs' }]) {
      const attempt = () => owner.client.mutate('addMember', { tenantId, userId: stranger.userId, ...theirs }, 'revision');
      await expectNothingDone(world, tenantId, attempt, { code: 'NOT_FOUND' });
    }
  });

  it('refuses whoever belongs already', async () => {
    const { tenantId, owner, member } = await scene();
    for (const { userId } of [member, owner]) {
      const attempt = () => owner.client.mutate('addMember', { tenantId, userId, role: 'developer' }, 'revision');
      await expectNothingDone(world, tenantId, attempt, { code: 'CONFLICT' });
    }
  });

  it('refuses a role that is more than its giver holds, and says what they lack', async () => {
    const { tenantId, stranger } = await scene();
    const giver = await world.member(tenantId, 'own');
    const attempt = () => giver.client.mutate('addMember', { tenantId, userId: stranger.userId, role: 'viewer' }, 'revision');
    const missing = ['activity.read', 'connections.read', 'connectors.read', 'customers.read', 'tools.read', 'workflows.read'];
    await expectNothingDone(world, tenantId, attempt, { code: 'ESCALATION', missing });
    const input = { tenantId, userId: stranger.userId, role: 'own' };
    await expectDone(world, { caller: giver.client, actor: giver.userId, mutation: 'addMember', input, select: SELECT });
  });
});

describe('setDepartmentOverride', () => {
  it('adds an override and then replaces it, each time by one revision and one event', async () => {
    const { tenantId, owner, member } = await scene();
    const { userId } = member;
    const steps = [
      { role: 'operator', expiresAt: null },
      { role: 'own', expiresAt: '2030-02-01T00:00:00.000Z' },
    ];
    let before: unknown = null;
    for (const step of steps) {
      const { payload, event } = await expectDone(world, {
        caller: owner.client,
        actor: owner.userId,
        mutation: 'setDepartmentOverride',
        input: { tenantId, userId, departmentId: 'sales', ...step },
        select: SELECT,
      });
      const held = {
        department: { id: 'sales' },
        role: { key: step.role, kind: step.role === 'own' ? 'CUSTOM' : 'SYSTEM' },
        expiresAt: step.expiresAt,
      };
      expect(payload).toMatchObject({
        membership: { user: { id: userId }, role: { key: 'viewer' }, departmentOverrides: [held] },
      });
      const after = { departmentId: 'sales', ...step };
      expect(event).toMatchObject({ action: 'override.set', target: userId });
      expect(JSON.parse(event.change!)).toEqual({ before, after });
      before = after;
    }
  });

  const REFUSALS: readonly Refusal[] = [
    { name: 'a role that there is not', input: { role: 'nobody' }, refusal: { code: 'NOT_FOUND' } },
    { name: 'the owner role', input: { role: 'owner' }, refusal: { code: 'OWNER_REQUIRED' } },
    {
      name: 'a widget role for one of the staff',
      input: { role: 'end_user' },
      refusal: { code: 'BAD_USER_INPUT', field: 'role' },
    },
    { name: 'a department that there is not', input: { departmentId: 'nowhere' }, refusal: { code: 'NOT_FOUND' } },
    { name: 'a customer for a department', input: { departmentId: 'initech' }, refusal: { code: 'NOT_FOUND' } },
    { name: 'a user who is nobody', input: { userId: 'nobody' }, refusal: { code: 'NOT_FOUND' } },
    {
      name: 'an end that has come',
      input: { expiresAt: '2029-12-31T23:59:59.999Z' },
      refusal: { code: 'BAD_USER_INPUT', field: 'expiresAt' },
    },
  ];
  it.each(REFUSALS)('refuses $name, to the owner and to the root key, and does nothing', async ({ input, refusal }) => {
    const { tenantId, owner, member } = await scene();
    const whole = { tenantId, userId: member.userId, departmentId: 'sales', role: 'operator', ...input };
    for (const client of [owner.client, world.root])
      await expectNothingDone(world, tenantId, () => client.mutate('setDepartmentOverride', whole, 'revision'), refusal);
  });

  it('refuses whoever does not belong, and departments of another tenant', async () => {
    const { tenantId, owner, stranger, member } = await scene();
    const other = await world.tenant({ departments: ['theirs'] });
    for (const whom of [
      { userId: stranger.userId, departmentId: 'sales' },
      { userId: other.owner.userId, departmentId: 'sales' },
      { userId: member.userId, departmentId: 'theirs' },
    ]) {
      const attempt = () => owner.client.mutate('setDepartmentOverride', { tenantId, role: 'operator', ...whom }, 'revision');
      await expectNothingDone(world, tenantId, attempt, { code: 'NOT_FOUND' });
    }
  });

  it.each(['team', 'community'])('refuses on the plan %s, and names the plan that has overrides', async (plan) => {
    const { tenantId, owner, member } = await scene(plan);
    const attempt = () =>
      owner.client.mutate(
        'setDepartmentOverride',
        { tenantId, userId: member.userId, departmentId: 'sales', role: 'operator' },
        'revision',
      );
    await expectNothingDone(world, tenantId, attempt, {
      code: 'FEATURE_NOT_AVAILABLE',
      feature: 'DEPARTMENT_OVERRIDES',
      plans: ['enterprise'],
    });
  });

  it('refuses a role that is more than its giver holds, in that department or anywhere', async () => {
    const { tenantId, member } = await scene();
    const giver = await world.member(tenantId, 'own');
    const attempt = () =>
      giver.client.mutate(
        'setDepartmentOverride',
        { tenantId, userId: member.userId, departmentId: 'sales', role: 'viewer' },
        'revision',
      );
    await expectNothingDone(world, tenantId, attempt, {
      code: 'ESCALATION',
      missing: ['activity.read', 'connections.read', 'connectors.read', 'customers.read', 'tools.read', 'workflows.read'],
    });
  });
});
