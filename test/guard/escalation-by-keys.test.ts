import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { attempt, keyMadeBy, memberHolding, outcomeOf } from './attempts.js';

const KEY_MAKER = ['membership.read', 'membership.manage', 'settings.manage', 'connectors.read'];

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
let maker: Person & { readonly role: string };
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ tenantId, owner } = await world.tenant());
  maker = await memberHolding(world, tenantId, KEY_MAKER);
});

async function adds(key: Client, role: string): Promise<string> {
  const { userId } = await world.person();
  return outcomeOf(key, ['addMember', { tenantId, userId, role }]);
}

describe('a key', () => {
  it('holds no capability that its maker lacks', async () => {
    const { errors } = await attempt(maker.client, ['createApiKey', { tenantId, name: 'k', capabilities: ['member.manage', 'role.manage', 'customer.read'] }]);
    expect(errors).toMatchObject([{ extensions: { code: 'ESCALATION', missing: ['customer.read', 'role.manage'] } }]);
    for (const capability of ['tenant.transfer', 'tenant.delete']) {
      expect(await outcomeOf(maker.client, ['createApiKey', { tenantId, name: 'k', capabilities: [capability] }])).toBe('ESCALATION');
    }
  });

  it.each(['platform.users', 'platform.tenants', 'platform.keys'])('of a tenant never holds %s, whoever makes it', async (capability) => {
    for (const client of [maker.client, owner.client, world.root]) {
      expect(await outcomeOf(client, ['createApiKey', { tenantId, name: 'k', capabilities: [capability] }])).toBe('BAD_USER_INPUT');
    }
  });

  it('of the platform is made by no owner, admin, account ADMIN or key of a tenant', async () => {
    const admin = await world.member(tenantId, 'admin', { accountRole: 'ADMIN' });
    const key = await world.key(tenantId, ['apiKey.manage']);
    for (const client of [owner.client, admin.client, key]) {
      expect(await outcomeOf(client, ['createApiKey', { name: 'k', capabilities: ['decision.read'] }])).toBe('FORBIDDEN');
      expect(await outcomeOf(client, ['createApiKey', { tenantId: null, name: 'k', capabilities: ['platform.keys'] }])).toBe('FORBIDDEN');
    }
  });

  it('makes no key with more capabilities than its own', async () => {
    const ofTenant = await keyMadeBy(maker.client, tenantId, ['apiKey.manage']);
    expect(await outcomeOf(ofTenant, ['createApiKey', { tenantId, name: 'k', capabilities: ['member.manage'] }])).toBe('ESCALATION');
    const ofPlatform = await world.key(null, ['platform.keys', 'apiKey.manage']);
    expect(await outcomeOf(ofPlatform, ['createApiKey', { name: 'k', capabilities: ['platform.users'] }])).toBe('ESCALATION');
    expect(await outcomeOf(ofPlatform, ['createApiKey', { tenantId, name: 'k', capabilities: ['member.manage'] }])).toBe('ESCALATION');
  });

  it('that a weak member made hands out no more than that member holds', async () => {
    const key = await keyMadeBy(maker.client, tenantId, ['member.manage']);
    expect(await adds(key, maker.role)).toBe('done');
    expect(await adds(key, 'admin')).toBe('ESCALATION');
    expect(await outcomeOf(key, ['inviteMember', { tenantId, email: 'a@people.example', role: 'developer' }])).toBe('ESCALATION');
    expect(await outcomeOf(key, ['changeMemberRole', { tenantId, userId: maker.userId, role: 'admin' }])).toBe('ESCALATION');
  });

  it('that a key made is bound to the same member', async () => {
    const first = await keyMadeBy(maker.client, tenantId, ['apiKey.manage', 'member.manage']);
    const second = await keyMadeBy(first, tenantId, ['member.manage']);
    expect(await adds(second, 'admin')).toBe('ESCALATION');
    await must(owner.client.mutate('removeMember', { tenantId, userId: maker.userId }, 'revision'));
    expect(await adds(second, 'viewer')).toBe('UNAUTHENTICATED');
  });

  it('changes nothing about an account OWNER in the name of an admin, who may not either', async () => {
    const platformOwner = await world.member(tenantId, 'viewer', { accountRole: 'OWNER' });
    const admin = await world.member(tenantId, 'admin');
    const key = await keyMadeBy(admin.client, tenantId, ['member.manage']);
    for (const client of [admin.client, key]) {
      for (const mutation of ['removeMember', 'suspendMember']) {
        expect(await outcomeOf(client, [mutation, { tenantId, userId: platformOwner.userId }])).toBe('ESCALATION');
      }
    }
  });

  it('does nothing in a suspended tenant', async () => {
    const key = await world.key(tenantId, ['member.manage']);
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    expect(await adds(key, 'viewer')).toBe('FORBIDDEN');
  });
});

describe('a key whose maker', () => {
  it.each([
    ['was removed', 'removeMember', 'UNAUTHENTICATED'],
    ['was suspended', 'suspendMember', 'FORBIDDEN'],
  ])('%s changes nothing any more', async (_what, mutation, code) => {
    const key = await keyMadeBy(maker.client, tenantId, ['member.manage', 'member.read']);
    await must(owner.client.mutate(mutation, { tenantId, userId: maker.userId }, 'revision'));
    expect(await adds(key, 'viewer')).toBe(code);
  });

  it('was demoted changes nothing any more, and hands out nothing', async () => {
    const key = await keyMadeBy(maker.client, tenantId, ['member.manage']);
    await must(owner.client.mutate('changeMemberRole', { tenantId, userId: maker.userId, role: 'viewer' }, 'revision'));
    expect(await adds(key, 'viewer')).toBe('FORBIDDEN');
  });

  it("lost part of their role hands out only what is left of it", async () => {
    const key = await keyMadeBy(maker.client, tenantId, ['member.manage']);
    await must(owner.client.mutate('createRole', { tenantId, key: 'reader', name: 'R', permissions: ['connectors.read'] }, 'revision'));
    expect(await adds(key, 'reader')).toBe('done');
    await must(owner.client.mutate('updateRole', { tenantId, role: maker.role, permissions: ['membership.manage'] }, 'revision'));
    expect(await adds(key, 'reader')).toBe('ESCALATION');
  });

  it('was disabled is dead, also once they are enabled again', async () => {
    const key = await keyMadeBy(maker.client, tenantId, ['member.manage', 'tenant.read']);
    await must(world.root.mutate('disableUser', { userId: maker.userId }, 'user { id }'));
    expect(await key.codes('query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId })).toEqual(['UNAUTHENTICATED']);
    await must(world.root.mutate('enableUser', { userId: maker.userId }, 'user { id }'));
    expect(await adds(key, maker.role)).toBe('UNAUTHENTICATED');
  });

  it('is no longer account OWNER is dead, on the platform too, and so is the key that it made', async () => {
    const platformOwner = await world.person('owner', 'OWNER');
    const key = await keyMadeBy(platformOwner.client, null, ['platform.users', 'platform.keys']);
    const keyOfKey = await keyMadeBy(key, null, ['platform.users']);
    await must(world.root.mutate('setAccountRole', { userId: platformOwner.userId, accountRole: 'MEMBER' }, 'user { id }'));
    for (const client of [key, keyOfKey]) {
      expect(await outcomeOf(client, ['createUser', { name: 'Accomplice', accountRole: 'ADMIN' }])).toBe('UNAUTHENTICATED');
      expect(await client.codes('{ users { totalCount } }')).toEqual(['UNAUTHENTICATED']);
    }
  });

  it('was an account OWNER and is disabled is dead, and so is the key that it made', async () => {
    const platformOwner = await world.person('owner', 'OWNER');
    const key = await keyMadeBy(platformOwner.client, null, ['platform.users', 'platform.keys']);
    const keyOfKey = await keyMadeBy(key, null, ['platform.users']);
    await must(world.root.mutate('disableUser', { userId: platformOwner.userId }, 'user { id }'));
    for (const client of [key, keyOfKey]) expect(await client.codes('{ users { totalCount } }')).toEqual(['UNAUTHENTICATED']);
  });
});
