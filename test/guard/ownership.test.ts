import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { type Attempt, inviteBy, outcomeOf, outcomesOf } from './attempts.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

/** Every attempt comes to this. */
const all = (tries: Readonly<Record<string, Attempt>>, code: string) => Object.fromEntries(Object.keys(tries).map((what) => [what, code]));

describe('the owner role', () => {
  let tenantId: string;
  let owner: Person;
  let admin: Person;
  beforeEach(async () => {
    ({ tenantId, owner } = await world.tenant({ departments: ['sales'], customers: ['acme'] }));
    admin = await world.member(tenantId, 'admin');
  });

  it('is given in no other way than by transfer, whoever asks', async () => {
    const { userId: friend } = await world.person();
    await must(owner.client.mutate('createRole', { tenantId, key: 'spare', name: 'Spare', permissions: [] }, 'revision'));
    const tries: Record<string, Attempt> = {
      'adding an owner': ['addMember', { tenantId, userId: friend, role: 'owner' }],
      'changing an own role': ['changeMemberRole', { tenantId, userId: admin.userId, role: 'owner' }],
      'overriding in a department': ['setDepartmentOverride', { tenantId, userId: admin.userId, departmentId: 'sales', role: 'owner' }],
      inviting: ['inviteMember', { tenantId, email: 'friend@people.example', role: 'owner' }],
      'replacing a role': ['deleteRole', { tenantId, role: 'spare', replacementRole: 'owner' }],
    };
    for (const client of [admin.client, owner.client, world.root, await world.key(tenantId, ['member.manage', 'role.manage'])]) {
      expect(await outcomesOf(client, tries)).toEqual(all(tries, 'OWNER_REQUIRED'));
    }
  });

  it('is not taken from its holder, whoever asks', async () => {
    const { userId } = owner;
    const tries: Record<string, Attempt> = {
      demoting: ['changeMemberRole', { tenantId, userId, role: 'admin' }],
      suspending: ['suspendMember', { tenantId, userId }],
      removing: ['removeMember', { tenantId, userId }],
    };
    for (const client of [admin.client, owner.client, world.root]) expect(await outcomesOf(client, tries)).toEqual(all(tries, 'OWNER_REQUIRED'));
    expect(await outcomeOf(world.root, ['disableUser', { userId }])).toBe('OWNER_REQUIRED');
  });

  it('is passed on by nobody but the owner: no admin, account ADMIN, account OWNER, nor their keys', async () => {
    const accountAdmin = await world.member(tenantId, 'admin', { accountRole: 'ADMIN' });
    const accountOwner = await world.member(tenantId, 'admin', { accountRole: 'OWNER' });
    for (const { client, userId } of [admin, accountAdmin, accountOwner]) {
      const tries: Record<string, Attempt> = {
        'to themselves': ['transferOwnership', { tenantId, newOwnerId: userId }],
        'by a key': ['createApiKey', { tenantId, name: 'k', capabilities: ['tenant.transfer'] }],
        'or deleting': ['deleteTenant', { tenantId }],
      };
      expect(await outcomesOf(client, tries)).toEqual({ 'to themselves': 'FORBIDDEN', 'by a key': 'ESCALATION', 'or deleting': 'FORBIDDEN' });
    }
  });

  it('is passed to no outsider, nobody suspended, expired, disabled or bound to a customer', async () => {
    const member = async (more: object = {}) => (await world.member(tenantId, 'developer', more)).userId;
    const outsider = (await world.person()).userId;
    const elsewhere = (await world.tenant()).owner.userId;
    const suspended = await member();
    await must(owner.client.mutate('suspendMember', { tenantId, userId: suspended }, 'revision'));
    const expired = await member({ expiresAt: new Date(test.clock.now() + 1000).toISOString() });
    test.clock.advance(1000);
    const disabled = await member();
    await must(world.root.mutate('disableUser', { userId: disabled }, 'user { id }'));
    const heirs = { outsider, elsewhere, absent: 'absent', suspended, expired, disabled, bound: await member({ customerId: 'acme' }) };
    const outcomes = await outcomesOf(
      owner.client,
      Object.fromEntries(Object.entries(heirs).map(([who, newOwnerId]): [string, Attempt] => [who, ['transferOwnership', { tenantId, newOwnerId }]])),
    );
    expect(outcomes).toEqual({
      outsider: 'NOT_FOUND',
      elsewhere: 'NOT_FOUND',
      absent: 'NOT_FOUND',
      suspended: 'BAD_USER_INPUT',
      expired: 'BAD_USER_INPUT',
      disabled: 'BAD_USER_INPUT',
      bound: 'BAD_USER_INPUT',
    });
  });

  it('leaves its old holder an admin, who cannot take it back', async () => {
    await must(owner.client.mutate('transferOwnership', { tenantId, newOwnerId: admin.userId }, 'revision'));
    expect(await outcomeOf(owner.client, ['transferOwnership', { tenantId, newOwnerId: owner.userId }])).toBe('FORBIDDEN');
    expect(await outcomeOf(owner.client, ['deleteTenant', { tenantId }])).toBe('FORBIDDEN');
    expect(await outcomeOf(owner.client, ['removeMember', { tenantId, userId: admin.userId }])).toBe('OWNER_REQUIRED');
    expect(await outcomeOf(admin.client, ['removeMember', { tenantId, userId: owner.userId }])).toBe('done');
  });

  it('does not free its holder from a suspension of the tenant', async () => {
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const tries: Record<string, Attempt> = { deleting: ['deleteTenant', { tenantId }], passing: ['transferOwnership', { tenantId, newOwnerId: admin.userId }] };
    expect(await outcomesOf(owner.client, tries)).toEqual(all(tries, 'FORBIDDEN'));
  });
});

describe('the last admin of a tenant without an owner role', () => {
  let tenantId: string;
  let admin: Person;
  beforeEach(async () => {
    const made = await world.tenant({ matrix: 'nanami', customers: ['acme'] });
    tenantId = made.tenantId;
    admin = made.owner;
  });

  async function expectToStay(): Promise<void> {
    const { userId } = admin;
    await must(world.root.mutate('createRole', { tenantId, key: world.unique('same'), name: 'Same as admin', permissions: [] }, 'revision'));
    const tries: Record<string, Attempt> = {
      demoting: ['changeMemberRole', { tenantId, userId, role: 'member' }],
      suspending: ['suspendMember', { tenantId, userId }],
      removing: ['removeMember', { tenantId, userId }],
    };
    for (const client of [admin.client, world.root]) expect(await outcomesOf(client, tries)).toEqual(all(tries, 'LAST_ADMIN'));
    expect(await outcomeOf(world.root, ['disableUser', { userId }])).toBe('LAST_ADMIN');
  }

  it('stays', expectToStay);

  it('stays, though a custom role holds all that the admin role does', async () => {
    await must(admin.client.mutate('duplicateRole', { tenantId, sourceRole: 'admin', key: 'twin', name: 'Twin' }, 'revision'));
    await world.member(tenantId, 'twin');
    expect(await outcomeOf(admin.client, ['changeMemberRole', { tenantId, userId: admin.userId, role: 'twin' }])).toBe('LAST_ADMIN');
    await expectToStay();
  });

  it.each([
    ['who is suspended', async (userId: string) => must(world.root.mutate('suspendMember', { tenantId, userId }, 'revision'))],
    ['who is disabled', async (userId: string) => must(world.root.mutate('disableUser', { userId }, 'user { id }'))],
    ['who has become a member', async (userId: string) => must(world.root.mutate('changeMemberRole', { tenantId, userId, role: 'member' }, 'revision'))],
    ['who has left', async (userId: string) => must(world.root.mutate('removeMember', { tenantId, userId }, 'revision'))],
  ])('stays beside an admin %s', async (_who, end) => {
    const { userId } = await world.member(tenantId, 'admin');
    await end(userId);
    await expectToStay();
  });

  it('stays beside an admin whose membership will expire, before it does and after', async () => {
    await world.member(tenantId, 'admin', { expiresAt: new Date(test.clock.now() + 60_000).toISOString() });
    await expectToStay();
    test.clock.advance(60_000);
    await expectToStay();
  });

  it('stays beside an admin who is bound to a customer, and so administers nothing', async () => {
    await world.member(tenantId, 'admin', { customerId: 'acme' });
    await expectToStay();
  });

  it('stays beside an admin who is invited and has not come', async () => {
    await inviteBy(admin.client, { tenantId, email: 'next@people.example', role: 'admin' });
    await expectToStay();
  });

  it('may go once another is there to stay', async () => {
    const next = await world.member(tenantId, 'admin');
    expect(await outcomeOf(admin.client, ['removeMember', { tenantId, userId: admin.userId }])).toBe('done');
    admin = next;
    await expectToStay();
  });
});

describe('somebody who leads tenants', () => {
  it.each([
    ['is not disabled', 'disableUser', {}],
    ['gets no viewer account', 'setAccountRole', { accountRole: 'VIEWER' }],
  ])('%s before each of them has another leader, and the first that has none is named', async (_what, mutation, more) => {
    const { userId } = await world.person();
    const lead = async (matrix: string): Promise<string> => {
      const id = world.unique('tenant');
      await must(world.root.mutate('createTenant', { id, name: 'A tenant', matrix, ownerId: userId }, 'revision'));
      return id;
    };
    const refusal = async (): Promise<unknown> => {
      const { errors } = await world.root.mutate(mutation, { userId, ...more }, 'user { id }');
      return errors.map(({ message, extensions }) => `${extensions.code}: ${message}`);
    };
    const [first, second] = [await lead('nanami'), await lead('nanami')].sort();
    expect(await refusal()).toEqual([`LAST_ADMIN: The user is the last admin of the tenant "${first}" and 1 more: make somebody else an admin first.`]);
    await world.member(first!, 'admin');
    expect(await refusal()).toEqual([`LAST_ADMIN: The user is the last admin of the tenant "${second}": make somebody else an admin first.`]);
    const owned = await lead('fastn');
    expect(await refusal()).toEqual([`OWNER_REQUIRED: The user owns the tenant "${owned}" and 1 more: pass the ownership on first.`]);
    const heir = await world.member(owned, 'admin');
    await must(world.anonymous.as(await world.signIn(userId)).mutate('transferOwnership', { tenantId: owned, newOwnerId: heir.userId }, 'revision'));
    await world.member(second!, 'admin');
    expect(await refusal()).toEqual([]);
  });
});
