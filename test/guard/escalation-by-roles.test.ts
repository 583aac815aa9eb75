import type { Variables } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { attempt, type Attempt, inviteBy, memberHolding, outcomeOf, outcomesOf, revisionOf } from './attempts.js';

/** What it takes to manage people and roles, and little else. */
const WEAK = ['membership.read', 'membership.manage', 'roles.read', 'roles.manage', 'connectors.read'];
const MORE = 'connectors.publish';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
let weak: Person & { readonly role: string };
let other: string;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ tenantId, owner } = await world.tenant({ departments: ['sales', 'support'], customers: ['acme'] }));
  weak = await memberHolding(world, tenantId, WEAK);
  other = (await memberHolding(world, tenantId, ['connectors.read'])).userId;
});

const inTenant = (mutation: string, input: Variables): Attempt => [mutation, { tenantId, ...input }];

async function expectRefused(tries: Readonly<Record<string, Attempt>>, code: string): Promise<void> {
  const before = await revisionOf(world, tenantId);
  const outcomes = await outcomesOf(weak.client, tries);
  expect(outcomes).toEqual(Object.fromEntries(Object.keys(tries).map((what) => [what, code])));
  expect(await revisionOf(world, tenantId)).toBe(before);
}

describe('somebody who may manage people and roles, and little else', () => {
  it('does so within what they hold', async () => {
    const { userId } = await world.person();
    const within = {
      'adds a member': inTenant('addMember', { userId, role: weak.role }),
      'makes a role': inTenant('createRole', { key: 'made', name: 'Made', permissions: ['connectors.read'] }),
      'changes a role': inTenant('updateRole', { role: 'made', permissions: ['roles.read'] }),
      'gives it': inTenant('changeMemberRole', { userId, role: 'made' }),
      'gives it in a department': inTenant('setDepartmentOverride', { userId, departmentId: 'sales', role: 'made' }),
      'deletes it': inTenant('deleteRole', { role: 'made', replacementRole: weak.role }),
    };
    expect(new Set(Object.values(await outcomesOf(weak.client, within)))).toEqual(new Set(['done']));
  });

  it('neither adds nor invites an admin, nor a developer', async () => {
    const { userId } = await world.person();
    const email = 'accomplice@people.example';
    await expectRefused(
      {
        'an admin': inTenant('addMember', { userId, role: 'admin' }),
        'an admin by the alias': inTenant('addMember', { userId, role: 'tenant_admin' }),
        'a developer': inTenant('addMember', { userId, role: 'developer' }),
        'an admin for a customer': inTenant('addMember', { userId, role: 'admin', customerId: 'acme' }),
        'an admin for a minute': inTenant('addMember', { userId, role: 'admin', expiresAt: '2030-01-01T00:01:00Z' }),
        'an invited admin': inTenant('inviteMember', { email, role: 'admin' }),
        'an invited end user of more': inTenant('inviteMember', { email, role: 'end_user', customerId: 'acme' }),
      },
      'ESCALATION',
    );
  });

  it('does not bring in an account ADMIN, who would act as an admin under whatever role', async () => {
    const admin = await world.person('account-admin', 'ADMIN');
    await expectRefused({ 'by adding them': inTenant('addMember', { userId: admin.userId, role: weak.role }) }, 'ESCALATION');
    const secret = await inviteBy(weak.client, { tenantId, email: `${admin.userId}@people.example`, role: weak.role });
    expect(await outcomeOf(admin.client, ['acceptInvitation', { secret }])).toBe('CONFLICT');
    await must(owner.client.mutate('addMember', { tenantId, userId: admin.userId, role: 'viewer' }, 'revision'));
    await must(owner.client.mutate('suspendMember', { tenantId, userId: admin.userId }, 'revision'));
    await expectRefused({ 'by letting them back in': inTenant('activateMember', { userId: admin.userId }) }, 'ESCALATION');
  });

  it('does not let somebody act again who holds more in a department, until that is taken away or has ended', async () => {
    const { userId } = await world.member(tenantId, weak.role);
    const byOwner = (mutation: string, input: Variables): Promise<unknown> => must(owner.client.mutate(mutation, { tenantId, userId, ...input }, 'revision'));
    await byOwner('setDepartmentOverride', { departmentId: 'sales', role: 'developer', expiresAt: new Date(test.clock.now() + 60_000).toISOString() });
    const back = { 'by letting them back in': inTenant('activateMember', { userId }) };
    expect(await outcomesOf(weak.client, back)).toEqual({ 'by letting them back in': 'done' });
    await byOwner('suspendMember', {});
    await expectRefused(back, 'ESCALATION');
    test.clock.advance(60_000);
    expect(await outcomesOf(weak.client, back)).toEqual({ 'by letting them back in': 'done' });
  });

  it('gives neither itself nor a friend a bigger role', async () => {
    const tries = [weak.userId, other].flatMap((userId) => ['admin', 'developer', 'operator'].map((role): [string, Attempt] => [`${role} to ${userId}`, inTenant('changeMemberRole', { userId, role })]));
    await expectRefused(Object.fromEntries(tries), 'ESCALATION');
  });

  it('gives nobody an override of more than it holds there', async () => {
    const tries = [weak.userId, other].map((userId): [string, Attempt] => [userId, inTenant('setDepartmentOverride', { userId, departmentId: 'sales', role: 'operator' })]);
    await expectRefused(Object.fromEntries(tries), 'ESCALATION');
  });

  it('passes on what it holds in one department there, and in no other', async () => {
    await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId: weak.userId, departmentId: 'sales', role: 'developer' }, 'revision'));
    await expectRefused({ elsewhere: inTenant('setDepartmentOverride', { userId: other, departmentId: 'support', role: 'developer' }) }, 'ESCALATION');
    await expectRefused({ 'as a primary role': inTenant('changeMemberRole', { userId: other, role: 'developer' }) }, 'ESCALATION');
    await expectRefused({ 'by invitation': inTenant('inviteMember', { email: 'a@people.example', role: 'developer' }) }, 'ESCALATION');
    await expectRefused({ 'as a role of its making': inTenant('createRole', { key: 'dev', name: 'Dev', permissions: [MORE] }) }, 'ESCALATION');
    expect(await outcomeOf(weak.client, inTenant('setDepartmentOverride', { userId: other, departmentId: 'sales', role: 'developer' }))).toBe('done');
  });

  it('passes on what it holds in a department for an hour for as long as it does, and makes it longer for nobody', async () => {
    const hour = { departmentId: 'sales', role: 'developer', expiresAt: '2030-01-01T01:00:00Z' };
    const another = await world.member(tenantId, weak.role);
    for (const userId of [weak.userId, another.userId]) await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId, ...hour }, 'revision'));
    const longer = { ...hour, expiresAt: '2030-01-01T01:00:00.001Z' };
    await expectRefused(
      {
        'for itself': inTenant('setDepartmentOverride', { userId: weak.userId, ...longer }),
        'for a friend who holds as much': inTenant('setDepartmentOverride', { userId: another.userId, ...longer }),
        'for ever': inTenant('setDepartmentOverride', { userId: other, departmentId: 'sales', role: 'developer' }),
      },
      'ESCALATION',
    );
    expect(await outcomeOf(weak.client, inTenant('setDepartmentOverride', { userId: other, ...hour }))).toBe('done');
  });

  it('lets nobody back in whose override outlasts its own', async () => {
    const hour = { tenantId, departmentId: 'sales', role: 'developer' };
    await must(owner.client.mutate('setDepartmentOverride', { ...hour, userId: weak.userId, expiresAt: '2030-01-01T01:00:00Z' }, 'revision'));
    await must(owner.client.mutate('setDepartmentOverride', { ...hour, userId: other, expiresAt: '2030-01-01T02:00:00Z' }, 'revision'));
    await must(owner.client.mutate('suspendMember', { tenantId, userId: other }, 'revision'));
    await expectRefused({ activating: inTenant('activateMember', { userId: other }) }, 'ESCALATION');
    await must(owner.client.mutate('setDepartmentOverride', { ...hour, userId: other, expiresAt: '2030-01-01T01:00:00Z' }, 'revision'));
    expect(await outcomeOf(weak.client, inTenant('activateMember', { userId: other }))).toBe('done');
  });

  it('neither takes an override that is more than it holds away nor puts a lesser one in its place', async () => {
    await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId: other, departmentId: 'sales', role: 'developer' }, 'revision'));
    await expectRefused(
      {
        removing: inTenant('removeDepartmentOverride', { userId: other, departmentId: 'sales' }),
        replacing: inTenant('setDepartmentOverride', { userId: other, departmentId: 'sales', role: weak.role }),
      },
      'ESCALATION',
    );
  });

  it('takes an override away of what it holds in the same department, and in no other', async () => {
    const override = { tenantId, departmentId: 'sales', role: 'developer' };
    await must(owner.client.mutate('setDepartmentOverride', { ...override, userId: weak.userId }, 'revision'));
    for (const departmentId of ['sales', 'support']) await must(owner.client.mutate('setDepartmentOverride', { ...override, departmentId, userId: other }, 'revision'));
    await expectRefused({ elsewhere: inTenant('removeDepartmentOverride', { userId: other, departmentId: 'support' }) }, 'ESCALATION');
    expect(await outcomeOf(weak.client, inTenant('removeDepartmentOverride', { userId: other, departmentId: 'sales' }))).toBe('done');
  });

  it('makes no role that is more than itself, whichever way', async () => {
    await must(owner.client.mutate('createRole', { tenantId, key: 'big', name: 'Big', permissions: ['connectors.read', MORE] }, 'revision'));
    const named = { key: 'mine', name: 'Mine' };
    await expectRefused(
      {
        created: inTenant('createRole', { ...named, permissions: ['connectors.read', MORE] }),
        'duplicated from admin': inTenant('duplicateRole', { ...named, sourceRole: 'admin' }),
        'duplicated from owner': inTenant('duplicateRole', { ...named, sourceRole: 'owner' }),
        'duplicated from a custom role': inTenant('duplicateRole', { ...named, sourceRole: 'big' }),
        'duplicated with an addition': inTenant('duplicateRole', { ...named, sourceRole: weak.role, add: [MORE] }),
        'its own, with an addition': inTenant('updateRole', { role: weak.role, permissions: [...WEAK, MORE] }),
        'a bigger one, made smaller': inTenant('updateRole', { role: 'big', permissions: ['connectors.read'] }),
        'a bigger one, renamed': inTenant('updateRole', { role: 'big', name: 'Renamed' }),
      },
      'ESCALATION',
    );
  });

  it('neither deletes a bigger role nor moves holders of a small one to a bigger', async () => {
    await must(owner.client.mutate('createRole', { tenantId, key: 'big', name: 'Big', permissions: [MORE] }, 'revision'));
    await expectRefused(
      {
        'a bigger role': inTenant('deleteRole', { role: 'big' }),
        'its own role, for admin': inTenant('deleteRole', { role: weak.role, replacementRole: 'admin' }),
        'its own role, for a custom one': inTenant('deleteRole', { role: weak.role, replacementRole: 'big' }),
      },
      'ESCALATION',
    );
    await expectRefused({ 'its own role, for owner': inTenant('deleteRole', { role: weak.role, replacementRole: 'owner' }) }, 'OWNER_REQUIRED');
  });

  it.each(['OWNER', 'ADMIN'] as const)('moves no account %s from a role to another', async (accountRole) => {
    await must(owner.client.mutate('createRole', { tenantId, key: 'small', name: 'Small', permissions: ['connectors.read'] }, 'revision'));
    await world.member(tenantId, 'small', { accountRole });
    await expectRefused({ 'by deleting it': inTenant('deleteRole', { role: 'small', replacementRole: weak.role }) }, 'ESCALATION');
    const outcome = await outcomeOf(world.root, inTenant('deleteRole', { role: 'small', replacementRole: weak.role }));
    expect(outcome).toBe('done');
  });

  it('changes nothing about those who hold more', async () => {
    const { userId } = await world.member(tenantId, 'admin');
    const member = { userId };
    await expectRefused(
      {
        demoting: inTenant('changeMemberRole', { ...member, role: weak.role }),
        suspending: inTenant('suspendMember', member),
        activating: inTenant('activateMember', member),
        removing: inTenant('removeMember', member),
      },
      'ESCALATION',
    );
  });

  it('has no use for an invitation that it made, once it holds less', async () => {
    const secret = await inviteBy(weak.client, { tenantId, email: 'friend@people.example', role: weak.role });
    await must(owner.client.mutate('updateRole', { tenantId, role: weak.role, permissions: ['membership.manage'] }, 'revision'));
    await must(owner.client.mutate('duplicateRole', { tenantId, sourceRole: 'viewer', key: 'as-before', name: 'B' }, 'revision'));
    expect(await outcomeOf(world.anonymous, ['acceptInvitation', { secret, name: 'F', password: 'long enough' }])).toBe('done');

    const another = await inviteBy(weak.client, { tenantId, email: 'friend2@people.example', role: weak.role });
    await must(owner.client.mutate('changeMemberRole', { tenantId, userId: weak.userId, role: 'viewer' }, 'revision'));
    expect(await outcomeOf(world.anonymous, ['acceptInvitation', { secret: another, name: 'F', password: 'long enough' }])).toBe('CONFLICT');
  });

  it('is told which permissions are missing, and nothing of what others hold', async () => {
    const { errors } = await attempt(weak.client, inTenant('createRole', { key: 'x', name: 'X', permissions: [MORE, 'connectors.read', 'agents.run'] }));
    expect(errors).toMatchObject([{ extensions: { code: 'ESCALATION', missing: ['agents.run', MORE] } }]);
  });
});
