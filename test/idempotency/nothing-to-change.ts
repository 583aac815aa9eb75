import type { Client, Variables } from '../support/client.js';
import { must, type World } from '../support/world.js';

/** A change that is asked for twice: the second time there is nothing left to change. */
export interface Setting {
  readonly mutation: string;
  readonly input: Variables;
  /** Who asks; the root key without one. */
  readonly by?: Client;
}

type Prepare = (world: World) => Promise<Setting | readonly Setting[]>;

const tomorrow = '2030-01-02T00:00:00.000Z';

/** By what is set; those of the tenant's parts first. */
export const SETTINGS: Readonly<Record<string, Prepare>> = {
  'updateTenant: name and plan': async (world) => {
    const { tenantId } = await world.tenant();
    return { mutation: 'updateTenant', input: { tenantId, name: 'Another name', plan: 'team' } };
  },
  'updateTenant: nothing at all': async (world) => {
    const { tenantId } = await world.tenant();
    return { mutation: 'updateTenant', input: { tenantId } };
  },
  suspendTenant: async (world) => ({ mutation: 'suspendTenant', input: { tenantId: (await world.tenant()).tenantId } }),
  'activateTenant: one that is active': async (world) => ({ mutation: 'activateTenant', input: { tenantId: (await world.tenant()).tenantId } }),
  'transferOwnership: to who owns it then': async (world) => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.member(tenantId, 'admin');
    return { mutation: 'transferOwnership', input: { tenantId, newOwnerId: userId } };
  },
  updateDepartment: async (world) => {
    const { tenantId } = await world.tenant({ departments: ['sales'] });
    return { mutation: 'updateDepartment', input: { tenantId, departmentId: 'sales', name: 'Sales' } };
  },
  updateCustomer: async (world) => {
    const { tenantId } = await world.tenant({ customers: ['shop'] });
    return { mutation: 'updateCustomer', input: { tenantId, customerId: 'shop', name: ' The shop ' } };
  },
  'updateRole: its permissions in another order': async (world) => {
    const { tenantId } = await world.tenant();
    const permissions = ['connectors.read', 'agents.run'];
    await must(world.root.mutate('createRole', { tenantId, key: 'tester', name: 'Tester', permissions }, 'revision'));
    const input = { tenantId, role: 'tester', name: 'Probe', description: 'Probes.' };
    return [
      { mutation: 'updateRole', input: { ...input, permissions: ['agents.run', 'tools.run'] } },
      { mutation: 'updateRole', input: { ...input, permissions: ['tools.run', 'agents.run'] } },
    ];
  },
  'updateRole: on a plan without custom roles': async (world) => {
    const { tenantId } = await world.tenant();
    const made = { name: 'Tester', description: 'Tests.', permissions: ['connectors.read'] };
    await must(world.root.mutate('createRole', { tenantId, key: 'tester', ...made }, 'revision'));
    await downgrade(world, tenantId);
    return { mutation: 'updateRole', input: { tenantId, role: 'tester', ...made } };
  },
  'updateRole: nothing at all': async (world) => {
    const { tenantId } = await world.tenant();
    await must(world.root.mutate('createRole', { tenantId, key: 'tester', name: 'Tester', permissions: [] }, 'revision'));
    await downgrade(world, tenantId);
    return { mutation: 'updateRole', input: { tenantId, role: 'tester' } };
  },
  'changeMemberRole: by an alias': (world) => ofMember(world, 'changeMemberRole', { role: 'tenant_admin' }),
  "changeMemberRole: the owner's": (world) => ofOwner(world, 'changeMemberRole', { role: 'owner' }),
  "changeMemberRole: the owner's, by an admin": async (world) => {
    const { input } = await ofOwner(world, 'changeMemberRole', { role: 'owner' });
    return { mutation: 'changeMemberRole', input, by: (await world.member(String(input['tenantId']), 'admin')).client };
  },
  changeMemberRole: (world) => ofMember(world, 'changeMemberRole', { role: 'operator' }),
  suspendMember: (world) => ofMember(world, 'suspendMember'),
  'suspendMember: an admin': (world) => ofMember(world, 'suspendMember', {}, 'admin'),
  'activateMember: one who is active': (world) => ofMember(world, 'activateMember'),
  'activateMember: the owner': (world) => ofOwner(world, 'activateMember'),
  'setDepartmentOverride: by an alias': (world) => ofMember(world, 'setDepartmentOverride', { departmentId: 'sales', role: 'tenant_admin' }),
  'setDepartmentOverride: on a plan without overrides': async (world) => {
    const held = await ofMember(world, 'setDepartmentOverride', { departmentId: 'sales', role: 'developer', expiresAt: tomorrow });
    await must(world.root.mutate(held.mutation, held.input, 'revision'));
    await downgrade(world, String(held.input['tenantId']));
    return held;
  },
  'setDepartmentOverride: for good': (world) => ofMember(world, 'setDepartmentOverride', { departmentId: 'sales', role: 'developer' }),
  'setDepartmentOverride: until tomorrow': (world) =>
    ofMember(world, 'setDepartmentOverride', { departmentId: 'sales', role: 'developer', expiresAt: tomorrow }),
  revokeInvitation: async (world) => {
    const { tenantId } = await world.tenant();
    const asked = { tenantId, email: 'guest@people.example', role: 'viewer' };
    const { data } = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', asked, 'invitation { id }'));
    return { mutation: 'revokeInvitation', input: { tenantId, invitationId: data!['inviteMember']!.invitation.id } };
  },
  "revokeApiKey: a tenant's": async (world) => revokeKey(world, (await world.tenant()).tenantId, 'member.read'),
  "revokeApiKey: the platform's": (world) => revokeKey(world, null, 'platform.users'),
  'updateUser: name and address': async (world) => {
    const { userId } = await world.person();
    return { mutation: 'updateUser', input: { userId, name: 'Another name', email: `${userId}@elsewhere.example` } };
  },
  setAccountRole: async (world) => ({ mutation: 'setAccountRole', input: { userId: (await world.person()).userId, accountRole: 'ADMIN' } }),
  'setAccountRole: OWNER': async (world) => ({
    mutation: 'setAccountRole',
    input: { userId: (await world.person('owner', 'OWNER')).userId, accountRole: 'OWNER' },
  }),
  disableUser: async (world) => ({ mutation: 'disableUser', input: { userId: (await world.person()).userId } }),
  'enableUser: one who is enabled': async (world) => ({ mutation: 'enableUser', input: { userId: (await world.person()).userId } }),
};

/** The mutations that have no state to set, and why the second time is not like the first. */
export const NOT_SETTINGS: Readonly<Record<string, string>> = {
  ...each('what it makes is there the second time, which is a CONFLICT', [
    'createTenant', 'createDepartment', 'createCustomer', 'createRole', 'duplicateRole', 'createUser', 'addMember',
  ]),
  ...each('what it removes is gone the second time, which is NOT_FOUND', [
    'deleteTenant', 'deleteDepartment', 'deleteCustomer', 'deleteRole', 'removeMember', 'removeDepartmentOverride',
  ]),
  ...each('it makes something new each time', ['createApiKey', 'inviteMember', 'resetPassword', 'signIn']),
  ...each('it uses a secret up', ['acceptInvitation', 'setPassword', 'bootstrap']),
};

function each(why: string, mutations: readonly string[]): Record<string, string> {
  return Object.fromEntries(mutations.map((mutation) => [mutation, why]));
}

async function ofMember(world: World, mutation: string, input: Variables = {}, role = 'viewer'): Promise<Setting> {
  const { tenantId } = await world.tenant({ departments: ['sales'] });
  const { userId } = await world.member(tenantId, role);
  return { mutation, input: { tenantId, userId, ...input } };
}

/** By the owner themselves. */
async function ofOwner(world: World, mutation: string, input: Variables = {}): Promise<Setting> {
  const { tenantId, owner } = await world.tenant();
  return { mutation, input: { tenantId, userId: owner.userId, ...input }, by: owner.client };
}

/** To a plan that has neither custom roles nor department overrides. */
async function downgrade(world: World, tenantId: string): Promise<void> {
  await must(world.root.mutate('updateTenant', { tenantId, plan: 'team' }, 'revision'));
}

async function revokeKey(world: World, tenantId: string | null, capability: string): Promise<Setting> {
  const asked = { tenantId, name: 'A key', capabilities: [capability] };
  const { data } = await must(world.root.mutate<{ apiKey: { id: string } }>('createApiKey', asked, 'apiKey { id }'));
  return { mutation: 'revokeApiKey', input: { tenantId, id: data!['createApiKey']!.apiKey.id } };
}
