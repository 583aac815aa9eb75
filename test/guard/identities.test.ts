import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { inviteBy, keyMadeBy, outcomeOf, revisionOf } from './attempts.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

describe('a deleted tenant', () => {
  it('leaves nothing that still opens a door: members, keys, invitations, roles, decisions', async () => {
    const { tenantId, owner } = await world.tenant({ departments: ['sales'] });
    const admin = await world.member(tenantId, 'admin');
    const key = await keyMadeBy(owner.client, tenantId, ['member.read', 'tenant.read']);
    const secret = await inviteBy(owner.client, { tenantId, email: `${admin.userId}@elsewhere.example`, role: 'viewer' });
    await must(owner.client.mutate('deleteTenant', { tenantId }, 'id'));

    const read = 'query($id: ID!) { tenant(id: $id) { name } }';
    for (const { client } of [owner, admin]) expect(await client.codes(read, { id: tenantId })).toEqual(['FORBIDDEN']);
    expect(await key.codes(read, { id: tenantId })).toEqual(['UNAUTHENTICATED']);
    expect(await world.root.ask(read, { id: tenantId })).toEqual({ tenant: null });
    expect(await outcomeOf(world.anonymous, ['acceptInvitation', { secret, name: 'N', password: 'long enough' }])).toBe('NOT_FOUND');
    const input = { tenantId, userId: admin.userId, permission: 'connectors.read' };
    for (const client of [admin.client, world.root]) {
      expect(await client.ask('query($input: CheckInput!) { check(input: $input) { allowed reason revision } }', { input })).toEqual({
        check: { allowed: false, reason: 'UNKNOWN_TENANT', revision: null },
      });
    }
    const { viewer } = await admin.client.ask<{ viewer: object }>('{ viewer { memberships { totalCount } } }');
    expect(viewer).toEqual({ memberships: { totalCount: 0 } });
  });

  it('does not come back under its id, for anybody', async () => {
    const { tenantId, owner } = await world.tenant();
    await must(owner.client.mutate('deleteTenant', { tenantId }, 'id'));
    const { userId } = await world.person();
    expect(await outcomeOf(world.root, ['createTenant', { id: tenantId, name: 'Again', matrix: 'fastn', ownerId: userId }])).toBe('CONFLICT');
    for (const mutation of ['activateTenant', 'deleteTenant', 'suspendTenant']) {
      expect(await outcomeOf(world.root, [mutation, { tenantId }])).toBe('NOT_FOUND');
      expect(await outcomeOf(owner.client, [mutation, { tenantId }])).toBe('FORBIDDEN');
    }
  });
});

describe('what was removed and is made again under the same id', () => {
  it('is a member without the overrides and keys of before', async () => {
    const { tenantId, owner } = await world.tenant({ departments: ['sales'] });
    const { userId, client } = await world.member(tenantId, 'admin');
    const key = await keyMadeBy(client, tenantId, ['member.manage']);
    await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId, departmentId: 'sales', role: 'developer' }, 'revision'));
    await must(owner.client.mutate('removeMember', { tenantId, userId }, 'revision'));
    await must(owner.client.mutate('addMember', { tenantId, userId, role: 'admin' }, 'revision'));
    const { tenant } = await owner.client.ask<{ tenant: object }>('query($id: ID!, $userId: ID!) { tenant(id: $id) { membership(userId: $userId) { departmentOverrides { department { id } } } } }', { id: tenantId, userId });
    expect(tenant).toEqual({ membership: { departmentOverrides: [] } });
    expect(await key.codes('{ viewer { user { id } } }')).toEqual(['UNAUTHENTICATED']);
  });

  it('is a role without the holders of before', async () => {
    const { tenantId, owner } = await world.tenant();
    const make = async (permissions: string[]) => must(owner.client.mutate('createRole', { tenantId, key: 'temp', name: 'T', permissions }, 'revision'));
    await make([]);
    const { userId, client } = await world.member(tenantId, 'temp');
    const secret = await inviteBy(owner.client, { tenantId, email: 'later@people.example', role: 'temp' });
    expect(await outcomeOf(owner.client, ['deleteRole', { tenantId, role: 'temp' }])).toBe('CONFLICT');
    await must(owner.client.mutate('deleteRole', { tenantId, role: 'temp', replacementRole: 'viewer' }, 'revision'));
    await make(['settings.manage']);
    const input = { tenantId, userId, permission: 'settings.manage' };
    expect(await client.ask('query($input: CheckInput!) { check(input: $input) { allowed role } }', { input })).toEqual({ check: { allowed: false, role: null } });
    const joined = await must(world.anonymous.mutate<{ membership: object }>('acceptInvitation', { secret, name: 'N', password: 'long enough' }, 'membership { role { key } }'));
    expect(joined.data).toEqual({ acceptInvitation: { membership: { role: { key: 'viewer' } } } });
  });
});

describe('ids that differ by case alone', () => {
  it('name different tenants, people, roles and departments', async () => {
    const { tenantId, owner } = await world.tenant({ departments: ['Sales'] });
    const { userId, client } = await world.member(tenantId, 'admin');
    const upper = (id: string): string => id.toUpperCase();
    await must(world.root.mutate('createUser', { id: upper(userId), name: 'Impostor' }, 'user { id }'));
    const impostor = world.anonymous.as(await world.signIn(upper(userId)));
    expect(await impostor.codes('query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId })).toEqual(['FORBIDDEN']);
    expect(await impostor.codes('query($id: ID!) { user(id: $id) { name } }', { id: userId })).toEqual(['FORBIDDEN']);
    expect(await client.codes('query($id: ID!) { tenant(id: $id) { name } }', { id: upper(tenantId) })).toEqual(['FORBIDDEN']);
    for (const role of ['Admin', 'OWNER', 'Tenant_Admin']) expect(await outcomeOf(owner.client, ['changeMemberRole', { tenantId, userId, role }])).toBe('NOT_FOUND');
    expect(await outcomeOf(owner.client, ['setDepartmentOverride', { tenantId, userId, departmentId: 'sales', role: 'viewer' }])).toBe('NOT_FOUND');
    const input = { tenantId, userId, permission: 'Connectors.Read' };
    expect(await client.ask('query($input: CheckInput!) { check(input: $input) { reason } }', { input })).toEqual({ check: { reason: 'UNKNOWN_PERMISSION' } });
  });

  it('let a custom role be called like a system role in capitals, which gives it nothing', async () => {
    const { tenantId, owner } = await world.tenant();
    await must(owner.client.mutate('createRole', { tenantId, key: 'OWNER', name: 'Owner', permissions: [] }, 'revision'));
    const { client } = await world.member(tenantId, 'OWNER');
    expect(await outcomeOf(client, ['deleteTenant', { tenantId }])).toBe('FORBIDDEN');
    expect(await outcomeOf(client, ['transferOwnership', { tenantId, newOwnerId: owner.userId }])).toBe('FORBIDDEN');
  });
});

describe('an id that means something to JavaScript', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('%s names a tenant, a person, a role and a part of a tenant like any other', async (id) => {
    const { tenantId, owner } = await world.tenant();
    const { client } = owner;
    expect(await outcomeOf(client, ['addMember', { tenantId, userId: id, role: 'viewer' }])).toBe('NOT_FOUND');
    expect(await outcomeOf(client, ['changeMemberRole', { tenantId, userId: owner.userId, role: id }])).toBe('OWNER_REQUIRED');
    expect(await outcomeOf(client, ['inviteMember', { tenantId, email: 'a@people.example', role: id }])).toBe('NOT_FOUND');
    expect(await outcomeOf(world.root, ['updateTenant', { tenantId, plan: id }])).toBe('BAD_USER_INPUT');
    expect(await outcomeOf(world.root, ['createTenant', { name: 'T', matrix: id, ownerId: owner.userId }])).toBe('BAD_USER_INPUT');
    expect(await outcomeOf(client, ['createApiKey', { tenantId, name: 'k', capabilities: [id] }])).toBe('BAD_USER_INPUT');
    expect(await outcomeOf(client, ['createRole', { tenantId, key: 'r', name: 'R', permissions: [id] }])).toBe('BAD_USER_INPUT');
    expect(await client.codes('query($id: ID!) { tenant(id: $id) { name } roleMatrix(key: $id) { key } }', { id })).toEqual(['FORBIDDEN']);
    const place = { tenantId, userId: owner.userId, permissions: [id, 'connectors.read'] };
    expect(await client.ask('query($place: CheckPermissionsInput!) { checkPermissions(input: $place) { allowed } }', { place })).toEqual({ checkPermissions: { allowed: [false, true] } });

    await must(client.mutate('createRole', { tenantId, key: id, name: 'R', permissions: ['agents.run'] }, 'revision'));
    await must(client.mutate('createDepartment', { tenantId, id, name: 'D' }, 'revision'));
    const member = await world.member(tenantId, id);
    const input = { tenantId, userId: member.userId, permission: 'agents.run', departmentId: id };
    expect(await member.client.ask('query($input: CheckInput!) { check(input: $input) { allowed role } }', { input })).toEqual({ check: { allowed: true, role: id } });
  });
});

describe('mutations named twice in one request', () => {
  it('are each decided on by what the one before has left', async () => {
    const { tenantId, owner } = await world.tenant();
    const { client, userId } = await world.member(tenantId, 'admin');
    const before = Number(await revisionOf(world, tenantId));
    const demote = `changeMemberRole(input: { tenantId: "${tenantId}", userId: "${userId}", role: "viewer" }) { revision }`;
    const promote = `changeMemberRole(input: { tenantId: "${tenantId}", userId: "${userId}", role: "admin" }) { revision }`;
    const { data, errors } = await client.send(`mutation { first: ${demote} second: ${promote} third: ${demote} }`);
    expect(data).toEqual({ first: { revision: String(before + 1) }, second: null, third: null });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['second'], 'FORBIDDEN'], [['third'], 'FORBIDDEN']]);
    expect(await revisionOf(world, tenantId)).toBe(String(before + 1));
    expect(await outcomeOf(owner.client, ['activateMember', { tenantId, userId }])).toBe('done');
  });

  it('transfer ownership once', async () => {
    const { tenantId, owner } = await world.tenant();
    const [a, b] = [await world.member(tenantId, 'admin'), await world.member(tenantId, 'admin')];
    const transfer = (to: string): string => `transferOwnership(input: { tenantId: "${tenantId}", newOwnerId: "${to}" }) { tenant { owner { id } } }`;
    const { data, errors } = await owner.client.send(`mutation { first: ${transfer(a.userId)} second: ${transfer(b.userId)} }`);
    expect(data).toEqual({ first: { tenant: { owner: { id: a.userId } } }, second: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('cannot spend one secret twice', async () => {
    const { tenantId, owner } = await world.tenant();
    const secret = await inviteBy(owner.client, { tenantId, email: 'once@people.example', role: 'viewer' });
    const accept = `acceptInvitation(input: { secret: "${secret}", name: "N", password: "long enough" }) { revision }`;
    const { errors } = await world.anonymous.send(`mutation { first: ${accept} second: ${accept} }`);
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['second'], 'NOT_FOUND']]);
  });
});
