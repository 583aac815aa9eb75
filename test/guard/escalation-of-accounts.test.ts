import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { attempt, type Attempt, memberHolding, outcomeOf, outcomesOf } from './attempts.js';

let test: GatewayForTests;
let world: World;
let platformOwner: Person;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  platformOwner = await world.person('platform-owner', 'OWNER');
});
afterAll(() => test.close());

const reset = async (client: Client, userId: string): Promise<string> => outcomeOf(client, ['resetPassword', { userId }]);

describe('the account role OWNER', () => {
  it('is out of reach for everybody who is not one, and does not notice', async () => {
    const { tenantId, owner } = await world.tenant();
    const admin = await world.member(tenantId, 'admin', { accountRole: 'ADMIN' });
    const tries = (userId: string): Record<string, Attempt> => ({
      'made of itself': ['setAccountRole', { userId, accountRole: 'OWNER' }],
      'a new user': ['createUser', { name: 'Accomplice', accountRole: 'OWNER' }],
      'a lesser role to begin with': ['setAccountRole', { userId, accountRole: 'ADMIN' }],
      'taken from the owner': ['setAccountRole', { userId: platformOwner.userId, accountRole: 'MEMBER' }],
      'disabling the owner': ['disableUser', { userId: platformOwner.userId }],
      "the owner's password": ['resetPassword', { userId: platformOwner.userId }],
      "the owner's address": ['updateUser', { userId: platformOwner.userId, email: 'mallory@people.example' }],
    });
    for (const { client, userId } of [owner, admin]) {
      expect(await outcomesOf(client, tries(userId))).toEqual(Object.fromEntries(Object.keys(tries(userId)).map((what) => [what, 'FORBIDDEN'])));
    }
  });

  it('is neither given nor taken by a platform key that manages users', async () => {
    const key = await world.key(null, ['platform.users']);
    const { userId } = await world.person();
    const second = await world.person('second-owner', 'OWNER');
    expect(
      await outcomesOf(key, {
        giving: ['setAccountRole', { userId, accountRole: 'OWNER' }],
        creating: ['createUser', { name: 'Accomplice', accountRole: 'OWNER' }],
        taking: ['setAccountRole', { userId: second.userId, accountRole: 'MEMBER' }],
        disabling: ['disableUser', { userId: second.userId }],
        resetting: ['resetPassword', { userId: second.userId }],
      }),
    ).toEqual({ giving: 'ESCALATION', creating: 'ESCALATION', taking: 'ESCALATION', disabling: 'ESCALATION', resetting: 'FORBIDDEN' });
    await must(platformOwner.client.mutate('disableUser', { userId: second.userId }, 'user { id }'));
    expect(await outcomeOf(key, ['enableUser', { userId: second.userId }])).toBe('ESCALATION');
  });

  it('is held by at least one, who can neither step down nor be disabled as the last', async () => {
    const { parts, database } = test.gateway;
    expect(await parts.users.countOwners()).toBe(1);
    const { userId } = platformOwner;
    for (const client of [platformOwner.client, world.root]) {
      for (const tried of [['setAccountRole', { userId, accountRole: 'ADMIN' }], ['disableUser', { userId }]] as const) {
        const { errors } = await attempt(client, tried);
        expect(errors).toMatchObject([{ message: expect.stringContaining('the last account OWNER'), extensions: { code: 'LAST_ADMIN' } }]);
      }
    }
    expect(await database.dataSource.query(`SELECT status FROM users WHERE id = $1 AND account_role = 'OWNER'`, [userId])).toEqual([{ status: 'ACTIVE' }]);
  });

  it('ends with its powers at once', async () => {
    const former = await world.person('former', 'OWNER');
    await must(platformOwner.client.mutate('setAccountRole', { userId: former.userId, accountRole: 'MEMBER' }, 'user { id }'));
    const { tenantId } = await world.tenant();
    expect(
      await outcomesOf(former.client, {
        'taking it back': ['setAccountRole', { userId: former.userId, accountRole: 'OWNER' }],
        'a tenant': ['createTenant', { name: 'T', matrix: 'fastn', ownerId: former.userId }],
        'a place in one': ['addMember', { tenantId, userId: former.userId, role: 'admin' }],
      }),
    ).toEqual({ 'taking it back': 'FORBIDDEN', 'a tenant': 'FORBIDDEN', 'a place in one': 'FORBIDDEN' });
  });
});

describe('what nobody gives themselves', () => {
  it('is an account role, a status or an id by way of updateUser', async () => {
    const { userId, client } = await world.person();
    for (const field of ['accountRole: OWNER', 'status: ACTIVE', 'id: "other"', 'password: "long enough"']) {
      expect(await client.codes(`mutation { updateUser(input: { userId: "${userId}", name: "N", ${field} }) { user { id } } }`)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
  });

  it('is a bigger plan', async () => {
    const { tenantId, owner } = await world.tenant({ plan: 'team' });
    const admin = await world.member(tenantId, 'admin');
    for (const client of [owner.client, admin.client, await world.key(tenantId, ['tenant.update']), await world.key(null, ['platform.tenants'])]) {
      expect(await outcomeOf(client, ['updateTenant', { tenantId, name: 'Renamed', plan: 'enterprise' }])).toBe('FORBIDDEN');
    }
    const { tenant } = await world.root.ask<{ tenant: object }>('query($id: ID!) { tenant(id: $id) { name plan } }', { id: tenantId });
    expect(tenant).toEqual({ name: 'A tenant', plan: 'team' });
  });

  it('is a name, for whoever may change the plan alone, who does change that', async () => {
    const { tenantId } = await world.tenant({ plan: 'team' });
    const key = await world.key(null, ['platform.tenants']);
    const tries: Record<string, Attempt> = {
      named: ['updateTenant', { tenantId, name: 'Renamed' }],
      'named as it is': ['updateTenant', { tenantId, name: 'A tenant', plan: 'enterprise' }],
      'neither named nor planned': ['updateTenant', { tenantId }],
      planned: ['updateTenant', { tenantId, plan: 'enterprise' }],
    };
    expect(await outcomesOf(key, tries)).toEqual({ named: 'FORBIDDEN', 'named as it is': 'FORBIDDEN', 'neither named nor planned': 'FORBIDDEN', planned: 'done' });
    const { tenant } = await world.root.ask<{ tenant: object }>('query($id: ID!) { tenant(id: $id) { name plan } }', { id: tenantId });
    expect(tenant).toEqual({ name: 'A tenant', plan: 'enterprise' });
  });

  it.each([
    ['platform.sso', 'admin', 'ADMIN'],
    ['platform.bootstrap', 'admin', 'OWNER'],
    ['platform.workspaces', 'admin', 'MEMBER'],
  ] as const)('is the global permission %s in a custom role, whoever asks', async (permission, role, accountRole) => {
    const { tenantId } = await world.tenant({ matrix: 'nanami' });
    const { client } = await world.member(tenantId, role, { accountRole });
    await must(client.mutate('createRole', { tenantId, key: 'mine', name: 'Mine', permissions: ['network.read'] }, 'revision'));
    for (const by of [client, world.root]) {
      const tries: Record<string, Attempt> = {
        created: ['createRole', { tenantId, key: 'global', name: 'Global', permissions: ['network.read', permission] }],
        added: ['duplicateRole', { tenantId, key: 'global', name: 'Global', sourceRole: 'admin', add: [permission] }],
        edited: ['updateRole', { tenantId, role: 'mine', permissions: [permission] }],
      };
      expect(await outcomesOf(by, tries)).toEqual({ created: 'GLOBAL_PERMISSION', added: 'GLOBAL_PERMISSION', edited: 'GLOBAL_PERMISSION' });
    }
  });

  it.each(['fastn', 'nanami'])('is another meaning of a system role of %s, even as account OWNER or root', async (matrix) => {
    const { tenantId } = await world.tenant({ matrix });
    for (const client of [platformOwner.client, world.root]) {
      for (const role of ['viewer', 'admin', 'tenant_admin']) {
        expect(await outcomeOf(client, ['updateRole', { tenantId, role, permissions: [] }])).toBe('SYSTEM_ROLE_IMMUTABLE');
        expect(await outcomeOf(client, ['deleteRole', { tenantId, role, replacementRole: 'viewer' }])).toBe('SYSTEM_ROLE_IMMUTABLE');
        expect(await outcomeOf(client, ['createRole', { tenantId, key: role, name: 'N', permissions: [] }])).toBe('CONFLICT');
        expect(await outcomeOf(client, ['duplicateRole', { tenantId, sourceRole: 'viewer', key: role, name: 'N' }])).toBe('CONFLICT');
      }
    }
  });
});

describe('a password', () => {
  it('is reset by an admin only for people who belong to no tenant that the admin does not administer', async () => {
    const one = await world.tenant();
    const two = await world.tenant();
    const admin = await world.member(one.tenantId, 'admin');
    const { userId } = await world.member(one.tenantId, 'developer');
    expect(await reset(admin.client, userId)).toBe('done');
    await must(world.root.mutate('addMember', { tenantId: two.tenantId, userId, role: 'viewer' }, 'revision'));
    expect(await reset(admin.client, userId)).toBe('FORBIDDEN');
    await must(world.root.mutate('addMember', { tenantId: two.tenantId, userId: admin.userId, role: 'developer' }, 'revision'));
    expect(await reset(admin.client, userId)).toBe('FORBIDDEN');
    await must(world.root.mutate('changeMemberRole', { tenantId: two.tenantId, userId: admin.userId, role: 'admin' }, 'revision'));
    expect(await reset(admin.client, userId)).toBe('done');
    await must(world.root.mutate('suspendTenant', { tenantId: two.tenantId }, 'revision'));
    expect(await reset(admin.client, userId)).toBe('FORBIDDEN');
  });

  it('is reset by no admin for people with an account role above member, or for those of no tenant', async () => {
    const { tenantId } = await world.tenant();
    const admin = await world.member(tenantId, 'admin');
    const targets = [
      await world.member(tenantId, 'viewer', { accountRole: 'ADMIN' }),
      await world.member(tenantId, 'viewer', { accountRole: 'OWNER' }),
      await world.person('nowhere'),
    ];
    for (const { userId } of targets) expect(await reset(admin.client, userId)).toBe('FORBIDDEN');
    for (const { userId } of targets) await must(world.root.mutate('setAccountRole', { userId, accountRole: 'MEMBER' }, 'user { id }'));
  });

  it("is never a way to the owner's chair: an admin cannot reset the owner's, though the owner can reset an admin's", async () => {
    const { tenantId, owner } = await world.tenant();
    const admin = await world.member(tenantId, 'admin');
    expect(await reset(admin.client, owner.userId)).toBe('FORBIDDEN');
    expect(await reset(owner.client, admin.userId)).toBe('done');
  });

  it('is reset by nobody who holds less than its user, in the tenant or in one department of it', async () => {
    const { tenantId, owner } = await world.tenant({ departments: ['sales'] });
    const weak = await memberHolding(world, tenantId, ['membership.manage', 'connectors.read']);
    const admin = await world.member(tenantId, 'admin');
    const developer = await world.member(tenantId, 'developer');
    const equal = await memberHolding(world, tenantId, ['connectors.read']);
    for (const { userId } of [admin, developer, owner]) expect(await reset(weak.client, userId)).toBe('FORBIDDEN');
    expect(await reset(weak.client, equal.userId)).toBe('done');
    await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId: equal.userId, departmentId: 'sales', role: 'developer' }, 'revision'));
    expect(await reset(weak.client, equal.userId)).toBe('FORBIDDEN');
  });

  it('is reset by nobody whose rights in a department end sooner than those of its user there, until both have ended', async () => {
    const { tenantId } = await world.tenant({ departments: ['sales'] });
    const weak = await memberHolding(world, tenantId, ['membership.manage', 'connectors.read']);
    const equal = await memberHolding(world, tenantId, ['connectors.read']);
    const override = (userId: string, milliseconds: number): Promise<unknown> => {
      const expiresAt = new Date(test.clock.now() + milliseconds).toISOString();
      return must(world.root.mutate('setDepartmentOverride', { tenantId, userId, departmentId: 'sales', role: 'developer', expiresAt }, 'revision'));
    };
    for (const { userId } of [weak, equal]) await override(userId, 60_000);
    expect(await reset(weak.client, equal.userId)).toBe('done');
    await override(equal.userId, 60_001);
    expect(await reset(weak.client, equal.userId)).toBe('FORBIDDEN');
    test.clock.advance(60_001);
    expect(await reset(weak.client, equal.userId)).toBe('done');
  });
});

describe('a password that a platform key resets', () => {
  const KEYS = { 'that manages accounts': ['platform.users'], 'that manages accounts and members': ['platform.users', 'member.manage'] };
  const USERS: Readonly<Record<string, (tenantId: string, owner: Person) => Promise<Person>>> = {
    'somebody new': () => world.person('new'),
    'a member': (tenantId) => world.member(tenantId, 'viewer'),
    'an admin': (tenantId) => world.member(tenantId, 'admin'),
    'an owner': async (_tenantId, owner) => owner,
    'an account ADMIN': () => world.person('account-admin', 'ADMIN'),
    'an account OWNER': () => world.person('account-owner', 'OWNER'),
  };
  const OUTCOMES = {
    'that manages accounts': ['done', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    'that manages accounts and members': ['done', 'done', 'done', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
  };

  it.each(['that manages accounts', 'that manages accounts and members'] as const)('%s is of nobody whom the key could not have brought in', async (which) => {
    const { tenantId, owner } = await world.tenant();
    const key = await world.key(null, KEYS[which]);
    const outcomes = await Promise.all(Object.values(USERS).map(async (make) => reset(key, (await make(tenantId, owner)).userId)));
    expect(outcomes).toEqual(OUTCOMES[which]);
  });

  it('is not set once its user has become what the key could not have made them', async () => {
    const { tenantId } = await world.tenant();
    const key = await world.key(null, ['platform.users']);
    const { userId } = await world.person('new');
    const { data } = await must(key.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
    await must(world.root.mutate('addMember', { tenantId, userId, role: 'admin' }, 'revision'));
    const { secret } = data!['resetPassword']!;
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: 'correct horse battery' }])).toBe('UNAUTHENTICATED');
  });

  it('by a key of an account OWNER is within what the key was given, too', async () => {
    const { tenantId, owner } = await world.tenant();
    const { data } = await must(platformOwner.client.mutate<{ secret: string }>('createApiKey', { name: 'a key', capabilities: ['platform.users', 'member.manage'] }, 'secret'));
    const key = world.anonymous.as(data!['createApiKey']!.secret);
    const member = await world.member(tenantId, 'admin');
    expect([await reset(key, member.userId), await reset(key, owner.userId)]).toEqual(['done', 'FORBIDDEN']);
  });
});
