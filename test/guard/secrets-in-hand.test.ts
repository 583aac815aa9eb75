import type { Client, Variables } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { inviteBy, memberHolding, outcomeOf } from './attempts.js';

const PASSWORD = 'correct horse battery staple';
/** What it takes to manage people, and little else. */
const WEAK = ['membership.read', 'membership.manage', 'connectors.read'];

let test: GatewayForTests;
let world: World;
let tenantId: string;
let weak: Person & { readonly role: string };
let victim: Person;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ tenantId } = await world.tenant({ departments: ['sales'] }));
  weak = await memberHolding(world, tenantId, WEAK);
  victim = await world.member(tenantId, weak.role);
});

const byRoot = (mutation: string, input: Variables, selection = 'revision'): Promise<unknown> => must(world.root.mutate(mutation, input, selection));

async function secretBy({ client }: Person, userId: string): Promise<string> {
  const { data } = await must(client.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
  return data!['resetPassword']!.secret;
}

/** Somebody or something that makes secrets, and what ends it. */
interface Maker {
  readonly client: Client;
  readonly end: () => Promise<unknown>;
}

async function ownerWhoEnds(mutation: string, more: Variables): Promise<Maker> {
  const { userId, client } = await world.person('platform-owner', 'OWNER');
  return { client, end: () => byRoot(mutation, { userId, ...more }, 'user { id }') };
}

async function keyOf(ofTenant: string | null, capabilities: readonly string[], expiresAt: string | null = null): Promise<Maker> {
  const asked = { tenantId: ofTenant, name: 'a key', capabilities, expiresAt };
  const { data } = await must(world.root.mutate<{ secret: string; apiKey: { id: string } }>('createApiKey', asked, 'secret apiKey { id }'));
  const { secret, apiKey } = data!['createApiKey']!;
  return { client: world.anonymous.as(secret), end: () => byRoot('revokeApiKey', { tenantId: ofTenant, id: apiKey.id }, 'apiKey { id }') };
}

async function keyThatEnds(ofTenant: string | null, capabilities: readonly string[]): Promise<Maker> {
  const { client } = await keyOf(ofTenant, capabilities, new Date(test.clock.now() + 60_000).toISOString());
  return { client, end: async () => test.clock.advance(60_000) };
}

describe('a secret that sets a password', () => {
  const CHANGES: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['the user has become an admin', () => byRoot('changeMemberRole', { tenantId, userId: victim.userId, role: 'admin' })],
    ['the user has become the owner', () => byRoot('transferOwnership', { tenantId, newOwnerId: victim.userId })],
    ['the user holds more in a department', () => byRoot('setDepartmentOverride', { tenantId, userId: victim.userId, departmentId: 'sales', role: 'developer' })],
    ["the user's role has come to hold more", async () => {
      await byRoot('createRole', { tenantId, key: 'grown', name: 'Grown', permissions: ['connectors.read'] });
      await byRoot('changeMemberRole', { tenantId, userId: victim.userId, role: 'grown' });
      await byRoot('updateRole', { tenantId, role: 'grown', permissions: ['connectors.read', 'billing.manage'] });
    }],
    ['the user has come to belong to another tenant', async () => byRoot('addMember', { tenantId: (await world.tenant()).tenantId, userId: victim.userId, role: 'viewer' })],
    ['the user has left the tenant', () => byRoot('removeMember', { tenantId, userId: victim.userId }, 'id')],
    ['the user has become an account ADMIN', () => byRoot('setAccountRole', { userId: victim.userId, accountRole: 'ADMIN' }, 'user { id }')],
    ['the user has become an account OWNER', () => byRoot('setAccountRole', { userId: victim.userId, accountRole: 'OWNER' }, 'user { id }')],
    ['its maker has been demoted', () => byRoot('changeMemberRole', { tenantId, userId: weak.userId, role: 'viewer' })],
    ['its maker has been suspended', () => byRoot('suspendMember', { tenantId, userId: weak.userId })],
    ['its maker has been removed', () => byRoot('removeMember', { tenantId, userId: weak.userId }, 'id')],
    ['its maker has been disabled', () => byRoot('disableUser', { userId: weak.userId }, 'user { id }')],
    ['the user has been disabled, though they are enabled again', async () => {
      for (const mutation of ['disableUser', 'enableUser']) await byRoot(mutation, { userId: victim.userId }, 'user { id }');
    }],
  ];

  it.each(CHANGES)('is worth nothing once %s', async (_change, change) => {
    const secret = await secretBy(weak, victim.userId);
    await change();
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: PASSWORD }])).toBe('UNAUTHENTICATED');
  });

  const MAKERS: readonly (readonly [string, () => Promise<Maker>])[] = [
    ['an account OWNER, is that no more', async () => ownerWhoEnds('setAccountRole', { accountRole: 'MEMBER' })],
    ['an account OWNER, is disabled', async () => ownerWhoEnds('disableUser', {})],
    ['a platform key, is revoked', () => keyOf(null, ['platform.users', 'member.manage'])],
    ['a platform key, has ended', () => keyThatEnds(null, ['platform.users', 'member.manage'])],
  ];

  it.each(MAKERS)('is worth nothing once its maker, %s', async (_maker, make) => {
    const { client, end } = await make();
    const secret = await secretBy({ userId: 'maker', client }, victim.userId);
    await end();
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: PASSWORD }])).toBe('UNAUTHENTICATED');
  });

  it('is worth nothing for as long as its user is disabled', async () => {
    await byRoot('disableUser', { userId: victim.userId }, 'user { id }');
    const secret = await secretBy({ userId: 'root', client: world.root }, victim.userId);
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: PASSWORD }])).toBe('UNAUTHENTICATED');
    await byRoot('enableUser', { userId: victim.userId }, 'user { id }');
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: PASSWORD }])).toBe('done');
  });

  it('is good for as long as nothing has changed, and whatever becomes of a member where it is the platform\'s', async () => {
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret: await secretBy(weak, victim.userId), password: PASSWORD }])).toBe('done');
    const secret = await secretBy({ userId: 'root', client: world.root }, victim.userId);
    await byRoot('changeMemberRole', { tenantId, userId: victim.userId, role: 'admin' });
    expect(await outcomeOf(world.anonymous, ['setPassword', { secret, password: PASSWORD }])).toBe('done');
  });

  it('leaves the old password worth nothing from the moment at which it is made', async () => {
    const signIn = ['signIn', { email: `${victim.userId}@people.example`, password: PASSWORD }] as const;
    const attempt = async (): Promise<string> => (await world.anonymous.mutate(signIn[0], signIn[1], 'accessToken')).errors[0]?.extensions.code ?? 'done';
    await outcomeOf(world.anonymous, ['setPassword', { secret: await secretBy(weak, victim.userId), password: PASSWORD }]);
    expect(await attempt()).toBe('done');
    await secretBy(weak, victim.userId);
    expect(await attempt()).toBe('UNAUTHENTICATED');
  });
});

describe('an invitation', () => {
  it('is accepted for an account that there is by nobody but whoever is signed in with it, though they have its secret', async () => {
    const { tenantId: elsewhere, owner } = await world.tenant();
    const secret = await inviteBy(owner.client, { tenantId: elsewhere, email: `${victim.userId}@people.example`, role: 'viewer' });
    const mallory = await world.person('mallory');
    expect(await outcomeOf(world.anonymous, ['acceptInvitation', { secret }])).toBe('UNAUTHENTICATED');
    expect(await outcomeOf(world.anonymous, ['acceptInvitation', { secret, name: 'Bob', password: PASSWORD }])).toBe('UNAUTHENTICATED');
    const others = [mallory.client, owner.client, world.root, await world.key(elsewhere, ['member.manage'])];
    for (const other of others) expect(await outcomeOf(other, ['acceptInvitation', { secret }])).toBe('FORBIDDEN');
    expect(await outcomeOf(victim.client, ['acceptInvitation', { secret }])).toBe('done');
  });

  it('to the address of somebody who is disabled is as one that there is not', async () => {
    const { userId } = await world.person('guest');
    const secret = await inviteBy(world.root, { tenantId, email: `${userId}@people.example`, role: 'viewer' });
    await byRoot('disableUser', { userId }, 'user { id }');
    const answers = [secret, 'guessed'].map(async (tried) => (await world.anonymous.mutate('acceptInvitation', { secret: tried }, 'revision')).text);
    const [disabled, absent] = await Promise.all(answers);
    expect(disabled).toBe(absent);
    expect(absent).toContain('NOT_FOUND');
  });

  const ENDS: readonly (readonly [string, (inviter: Person & { readonly role: string }) => Promise<unknown>])[] = [
    ['manages no members any more', ({ role }) => byRoot('updateRole', { tenantId, role, permissions: ['membership.read', 'connectors.read'] })],
    ['holds less than the role that they were invited to', ({ role }) => byRoot('updateRole', { tenantId, role, permissions: ['membership.read', 'membership.manage'] })],
    ['is suspended', ({ userId }) => byRoot('suspendMember', { tenantId, userId })],
    ['has been removed', ({ userId }) => byRoot('removeMember', { tenantId, userId }, 'id')],
    ['is disabled', ({ userId }) => byRoot('disableUser', { userId }, 'user { id }')],
  ];

  it.each(ENDS)('is worth nothing once whoever made it %s', async (_end, end) => {
    const { role } = await memberHolding(world, tenantId, ['connectors.read']);
    const guest = await world.person('guest');
    const secret = await inviteBy(weak.client, { tenantId, email: `${guest.userId}@people.example`, role });
    await end(weak);
    expect(await outcomeOf(guest.client, ['acceptInvitation', { secret }])).toBe('CONFLICT');
  });

  it.each([['been revoked', keyOf], ['ended', keyThatEnds]])('is worth nothing once the key that made it has %s', async (_end, make) => {
    const guest = await world.person('guest');
    const { client, end } = await make(tenantId, ['member.manage']);
    const secret = await inviteBy(client, { tenantId, email: `${guest.userId}@people.example`, role: 'viewer' });
    await end();
    expect(await outcomeOf(guest.client, ['acceptInvitation', { secret }])).toBe('CONFLICT');
  });

  it('is not turned to oneself by taking the address that it went to', async () => {
    const mallory = await world.person('mallory');
    const email = `${world.unique('bob')}@people.example`;
    const before = await world.root.ask('query($id: ID!) { user(id: $id) { email } }', { id: mallory.userId });
    expect(await outcomeOf(mallory.client, ['updateUser', { userId: mallory.userId, email }])).toBe('FORBIDDEN');
    expect(await world.root.ask('query($id: ID!) { user(id: $id) { email } }', { id: mallory.userId })).toEqual(before);
  });
});

describe('an e-mail address', () => {
  it('that is taken is nothing that one learns by asking for it as one\'s own', async () => {
    const tries = { taken: `${victim.userId}@people.example`, free: `${world.unique('free')}@people.example` };
    for (const email of Object.values(tries)) expect(await outcomeOf(weak.client, ['updateUser', { userId: weak.userId, email }])).toBe('FORBIDDEN');
  });

  it('of one\'s own may be sent along unchanged', async () => {
    expect(await outcomeOf(weak.client, ['updateUser', { userId: weak.userId, name: 'Another', email: `${weak.userId}@people.example` }])).toBe('done');
  });

  it('of an account OWNER is changed by no platform key that manages users', async () => {
    const key = await world.key(null, ['platform.users']);
    const owner = await world.person('platform-owner', 'OWNER');
    expect(await outcomeOf(key, ['updateUser', { userId: owner.userId, email: `${world.unique('other')}@people.example` }])).toBe('ESCALATION');
    expect(await outcomeOf(key, ['updateUser', { userId: victim.userId, email: `${world.unique('other')}@people.example` }])).toBe('done');
  });
});

const isSignedIn = async ({ client }: Person): Promise<boolean> => (await client.codes('{ viewer { user { id } } }')).length === 0;

describe('the disabling of somebody', () => {
  it('ends their sign-ins, which do not come back when they are enabled again', async () => {
    for (const mutation of ['disableUser', 'enableUser']) {
      await byRoot(mutation, { userId: victim.userId }, 'user { id }');
      expect(await isSignedIn(victim)).toBe(false);
    }
  });
});

describe('removal from a tenant', () => {
  it('leaves nothing there of what a sign-in gave before, and the sign-in to the tenants that the person still belongs to', async () => {
    const elsewhere = (await world.tenant()).tenantId;
    await byRoot('addMember', { tenantId: elsewhere, userId: victim.userId, role: 'viewer' });
    await byRoot('removeMember', { tenantId, userId: victim.userId }, 'id');
    const document = `query($here: ID!, $there: ID!) { viewer { memberships { edges { node { tenant { id } } } } here: can(tenantId: $here, permission: "connectors.read")
      there: can(tenantId: $there, permission: "connectors.read") } }`;
    expect(await victim.client.ask(document, { here: tenantId, there: elsewhere })).toEqual({
      viewer: { memberships: { edges: [{ node: { tenant: { id: elsewhere } } }] }, here: false, there: true },
    });
    expect(await victim.client.codes('query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId })).toEqual(['FORBIDDEN']);
  });

  it('ends the sign-ins of somebody who belongs to no other tenant', async () => {
    await byRoot('removeMember', { tenantId, userId: victim.userId }, 'id');
    expect(await isSignedIn(victim)).toBe(false);
  });

  it('ends the sign-ins of an account ADMIN likewise, and none of an account OWNER, who belongs everywhere', async () => {
    const [admin, owner] = [await world.member(tenantId, 'viewer', { accountRole: 'ADMIN' }), await world.member(tenantId, 'viewer', { accountRole: 'OWNER' })];
    for (const { userId } of [admin, owner]) await byRoot('removeMember', { tenantId, userId }, 'id');
    expect([await isSignedIn(admin), await isSignedIn(owner)]).toEqual([false, true]);
  });

  it('from the last of several tenants ends the sign-ins, in whichever of them that is', async () => {
    const elsewhere = (await world.tenant()).tenantId;
    await byRoot('addMember', { tenantId: elsewhere, userId: victim.userId, role: 'viewer' });
    await Promise.all([tenantId, elsewhere].map((id) => byRoot('removeMember', { tenantId: id, userId: victim.userId }, 'id')));
    expect(await isSignedIn(victim)).toBe(false);
  });
});

describe('the deletion of a tenant', () => {
  it('ends nobody\'s sign-ins, not even those of the owner who deletes it', async () => {
    const { tenantId: deleted, owner } = await world.tenant();
    const member = await world.member(deleted, 'viewer');
    await must(owner.client.mutate('deleteTenant', { tenantId: deleted }, 'id'));
    expect(await Promise.all([owner, member].map(isSignedIn))).toEqual([true, true]);
  });
});
