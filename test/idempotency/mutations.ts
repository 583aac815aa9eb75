import type { Client } from '../support/client.js';
import { must, type World } from '../support/world.js';
import type { KeyedRequest } from './keyed.js';

/** Somebody with something to do, which nobody has done yet. */
export interface Errand {
  readonly client: Client;
  readonly request: KeyedRequest;
}

const PASSWORD = 'correct horse battery staple';

/** Mutations of every kind: those that make, change, remove, and those whose answer is a secret shown once. */
export const MUTATIONS: Readonly<Record<string, (world: World) => Promise<Errand>>> = {
  createUser: async (world) => byRoot(world, 'createUser', 'CreateUserInput', { name: 'Somebody' }, 'user { id }'),
  createTenant: async (world) => {
    const { userId } = await world.person();
    return byRoot(world, 'createTenant', 'CreateTenantInput', { name: 'A tenant', matrix: 'fastn', ownerId: userId }, 'tenant { id } revision');
  },
  createApiKey: async (world) => {
    const { tenantId, owner } = await world.tenant();
    const input = { tenantId, name: 'A key', capabilities: ['member.read'] };
    return { client: owner.client, request: request('createApiKey', 'CreateApiKeyInput', input, 'apiKey { id } secret') };
  },
  inviteMember: async (world) => {
    const { tenantId, owner } = await world.tenant();
    const input = { tenantId, email: 'guest@people.example', role: 'viewer' };
    return { client: owner.client, request: request('inviteMember', 'InviteMemberInput', input, 'invitation { id } secret revision') };
  },
  acceptInvitation: async (world) => {
    const { tenantId, owner } = await world.tenant();
    const guest = await world.person('guest');
    const input = { tenantId, email: `${guest.userId}@people.example`, role: 'viewer' };
    const { data } = await must(owner.client.mutate<{ secret: string }>('inviteMember', input, 'secret'));
    const { secret } = data!['inviteMember']!;
    return { client: guest.client, request: request('acceptInvitation', 'AcceptInvitationInput', { secret }, 'revision') };
  },
  transferOwnership: async (world) => {
    const { tenantId, owner } = await world.tenant();
    const heir = await world.member(tenantId, 'admin');
    const input = { tenantId, newOwnerId: heir.userId };
    return { client: owner.client, request: request('transferOwnership', 'TransferOwnershipInput', input, 'tenant { owner { id } } revision') };
  },
  removeMember: async (world) => {
    const { tenantId, owner } = await world.tenant();
    const { userId } = await world.member(tenantId, 'viewer');
    return { client: owner.client, request: request('removeMember', 'MemberInput', { tenantId, userId }, 'id revision') };
  },
  resetPassword: async (world) => {
    const { userId } = await world.person();
    return byRoot(world, 'resetPassword', 'UserInput', { userId }, 'secret expiresAt');
  },
  signIn: async (world) => {
    const { userId } = await world.person();
    const { data } = await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
    await must(world.anonymous.mutate('setPassword', { secret: data!['resetPassword']!.secret, password: PASSWORD }, 'user { id }'));
    const input = { email: `${userId}@people.example`, password: PASSWORD };
    return { client: world.anonymous, request: request('signIn', 'SignInInput', input, 'accessToken') };
  },
};

function byRoot(world: World, mutation: string, type: string, input: object, select: string): Errand {
  return { client: world.root, request: request(mutation, type, input, select) };
}

function request(mutation: string, type: string, input: object, select: string): KeyedRequest {
  return { query: `mutation($input: ${type}!) { ${mutation}(input: $input) { ${select} } }`, variables: { input } };
}
