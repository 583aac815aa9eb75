import type { Capability } from '../../src/domain/capability.js';
import { Listener } from '../subscriptions/listener.js';
import type { Client, GraphqlAnswer, Variables } from '../support/client.js';
import { must } from '../support/world.js';
import type { Stage } from './stage.js';

/** How a field is asked for, about a tenant and about somebody who is not the caller. */
export interface Probe {
  /** Makes what is asked about, or done to, and says how to ask; the question may be put by any number of callers. */
  readonly prepare: (stage: Stage) => Promise<(client: Client) => Promise<GraphqlAnswer<unknown>>>;
  /** What a key needs to come as far as the field. */
  readonly reach: readonly Capability[];
  /** Whether the tenant is in no state for further questions afterwards. */
  readonly usesUpTenant: boolean;
}

type Prepare = Probe['prepare'];
type Input = (stage: Stage) => Variables | Promise<Variables>;

function query(prepare: Prepare, ...reach: Capability[]): Probe {
  return { prepare, reach, usesUpTenant: false };
}

function mutation(name: string, select: string, input: Input, usesUpTenant = false): Probe {
  const prepare: Prepare = async (stage) => {
    const prepared = await input(stage);
    return (client) => client.mutate(name, prepared, select);
  };
  return { prepare, reach: [], usesUpTenant };
}

/** A field of the tenant, selected as `text`. */
function ofTenant(text: (stage: Stage, userId: string) => string, ...reach: Capability[]): Probe {
  return query(async (stage) => {
    const { userId } = await stage.member();
    return (client) => client.send(`query($id: ID!) { tenant(id: $id) { ${text(stage, userId)} } }`, { id: stage.tenantId });
  }, 'tenant.read', ...reach);
}

/** The first that is heard of the tenant's changes, selected as `text`. */
function subscription(text: string, ...reach: Capability[]): Probe {
  const document = `subscription($tenantId: ID!, $after: String) { permissionsChanged(tenantId: $tenantId, after: $after) { ${text} } }`;
  return query(async ({ tenantId }) => async ({ url, token }) => {
    const listener = new Listener(url, tenantId, { token, after: '0', document });
    await listener.hears(1);
    listener.leave();
    const { data, errors = [] } = listener.heard[0]!;
    return { status: 200, headers: new Headers(), data, errors, text: JSON.stringify(listener.heard[0]) };
  }, ...reach);
}

/** A decision about a member of the tenant. */
function decision(name: string, type: string, select: string, more: (stage: Stage) => object): Probe {
  return query(async (stage) => {
    const { userId } = await stage.member();
    const input = { tenantId: stage.tenantId, userId, ...more(stage) };
    return (client) => client.send(`query($input: ${type}!) { ${name}(input: $input) { ${select} } }`, { input });
  });
}

const permission = ({ words }: Stage) => ({ permission: words.permission });
const checks: Probe = query(async (stage) => {
  const { userId } = await stage.member();
  const inputs = [{ tenantId: stage.tenantId, userId, ...permission(stage) }];
  return (client) => client.send('query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed } }', { inputs });
});
const usersWithPermission: Probe = query(async (stage) => {
  const input = { tenantId: stage.tenantId, ...permission(stage) };
  return (client) => client.send('query($input: UsersWithPermissionInput!) { usersWithPermission(input: $input) { totalCount } }', { input });
});

const tenant: Input = ({ tenantId }) => ({ tenantId });
const named: Input = ({ tenantId, world }) => ({ tenantId, name: world.unique('name') });
const somebody: Input = async ({ tenantId, world }) => ({ tenantId, userId: (await world.person()).userId });
const aMember: Input = async (stage) => ({ tenantId: stage.tenantId, userId: (await stage.member()).userId });
const aUser: Input = async (stage) => ({ userId: (await stage.member()).userId });
const with_ = (input: Input, more: (stage: Stage) => object): Input => async (stage) => ({ ...(await input(stage)), ...more(stage) });

/** Done by root to what a probe has made, so that there is something to undo. */
const after = (input: Input, name: string, more: (stage: Stage) => object = () => ({})): Input => async (stage) => {
  const made = await input(stage);
  await must(stage.world.root.mutate(name, { ...made, ...more(stage) }, name.endsWith('User') ? 'user { id }' : 'revision'));
  return made;
};

const aPart = (noun: string): Input => async ({ tenantId, world }) => {
  const id = world.unique(noun.toLowerCase());
  await must(world.root.mutate(`create${noun}`, { tenantId, id, name: id }, 'revision'));
  return { tenantId, [`${noun.toLowerCase()}Id`]: id };
};
const aRole: Input = async ({ tenantId, world, words }) => {
  const role = world.unique('role');
  await must(world.root.mutate('createRole', { tenantId, key: role, name: role, permissions: [words.permission] }, 'revision'));
  return { tenantId, role };
};
const anInvitation: Input = async ({ tenantId, world }) => {
  const input = { tenantId, email: `${world.unique('guest')}@people.example`, role: 'viewer' };
  const { data } = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', input, 'invitation { id }'));
  return { tenantId, invitationId: data!['inviteMember']!.invitation.id };
};
const aKey = (capability: Capability, tenantOf: (stage: Stage) => string | null): Input => async (stage) => {
  const input = { tenantId: tenantOf(stage), name: 'a key', capabilities: [capability] };
  const { data } = await must(stage.world.root.mutate<{ apiKey: { id: string } }>('createApiKey', input, 'apiKey { id }'));
  return { tenantId: input.tenantId, id: data!['createApiKey']!.apiKey.id };
};

const REVISION = 'revision';
const USER = 'user { id }';

/** By the name of the row in the authorization matrix. */
export const PROBES: Readonly<Record<string, Probe>> = {
  'Query.check': decision('check', 'CheckInput', 'allowed', permission),
  'Query.checks': checks,
  'Query.checkPermissions': decision('checkPermissions', 'CheckPermissionsInput', 'allowed', ({ words }) => ({ permissions: [words.permission] })),
  'Query.effectivePermissions': decision('effectivePermissions', 'EffectivePermissionsInput', 'keys', () => ({})),
  'Query.explain': decision('explain', 'CheckInput', 'decision { allowed }', permission),
  'Query.usersWithPermission': usersWithPermission,
  'Query.tenant': query(async ({ tenantId }) => (client) => client.send('query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId })),
  'Query.user': query(async (stage) => {
    const { userId } = await stage.member();
    return (client) => client.send('query($id: ID!) { user(id: $id) { name } }', { id: userId });
  }),
  'Query.users': query(async () => (client) => client.send('{ users { totalCount } }')),

  'Subscription.permissionsChanged': subscription('revision'),
  'PermissionsChange.userIds': subscription('userIds', 'tenant.read'),

  'Tenant.owner': ofTenant(() => 'owner { id }'),
  'Tenant.roles': ofTenant(() => 'roles { key }'),
  'Tenant.role': ofTenant(() => 'role(key: "viewer") { key }'),
  'Tenant.departments': ofTenant(() => 'departments { totalCount }'),
  'Tenant.customers': ofTenant(() => 'customers { totalCount }'),
  'Tenant.memberships': ofTenant(() => 'memberships { totalCount }'),
  'Tenant.membership': ofTenant((_stage, userId) => `membership(userId: "${userId}") { status }`),
  'Tenant.invitations': ofTenant(() => 'invitations { totalCount }'),
  'Tenant.apiKeys': ofTenant(() => 'apiKeys { totalCount }'),
  'Tenant.auditLog': ofTenant(() => 'auditLog { totalCount }'),
  'User.memberships': ofTenant((_stage, userId) => `membership(userId: "${userId}") { user { memberships { totalCount } } }`, 'member.read'),
  'Membership.effectivePermissions': ofTenant((_stage, userId) => `membership(userId: "${userId}") { effectivePermissions { keys } }`, 'member.read'),

  'Mutation.createTenant': mutation('createTenant', REVISION, async ({ world, matrix }) => ({
    id: world.unique('tenant'),
    name: 'New',
    matrix,
    ownerId: (await world.person()).userId,
  })),
  'Mutation.updateTenant': mutation('updateTenant', REVISION, named),
  'Mutation.updateTenant by its plan': mutation('updateTenant', REVISION, ({ tenantId }) => ({ tenantId, plan: 'team' }), true),
  'Mutation.suspendTenant': mutation('suspendTenant', REVISION, tenant, true),
  'Mutation.activateTenant': mutation('activateTenant', REVISION, after(tenant, 'suspendTenant'), true),
  'Mutation.deleteTenant': mutation('deleteTenant', REVISION, tenant, true),
  'Mutation.transferOwnership': mutation('transferOwnership', REVISION, async (stage) => ({ tenantId: stage.tenantId, newOwnerId: (await stage.member()).userId }), true),

  'Mutation.createDepartment': mutation('createDepartment', REVISION, named),
  'Mutation.updateDepartment': mutation('updateDepartment', REVISION, with_(aPart('Department'), () => ({ name: 'Renamed' }))),
  'Mutation.deleteDepartment': mutation('deleteDepartment', REVISION, aPart('Department')),
  'Mutation.createCustomer': mutation('createCustomer', REVISION, named),
  'Mutation.updateCustomer': mutation('updateCustomer', REVISION, with_(aPart('Customer'), () => ({ name: 'Renamed' }))),
  'Mutation.deleteCustomer': mutation('deleteCustomer', REVISION, aPart('Customer')),
  'Mutation.createRole': mutation('createRole', REVISION, with_(named, ({ world, words }) => ({ key: world.unique('role'), permissions: [words.permission] }))),
  'Mutation.duplicateRole': mutation('duplicateRole', REVISION, with_(named, ({ world }) => ({ key: world.unique('role'), sourceRole: 'viewer' }))),
  'Mutation.updateRole': mutation('updateRole', REVISION, with_(aRole, () => ({ name: 'Renamed' }))),
  'Mutation.deleteRole': mutation('deleteRole', REVISION, aRole),

  'Mutation.createUser': mutation('createUser', USER, () => ({ name: 'New' })),
  'Mutation.updateUser': mutation('updateUser', USER, with_(aUser, () => ({ name: 'Renamed' }))),
  'Mutation.setAccountRole': mutation('setAccountRole', USER, with_(aUser, () => ({ accountRole: 'VIEWER' }))),
  'Mutation.disableUser': mutation('disableUser', USER, aUser),
  'Mutation.enableUser': mutation('enableUser', USER, after(aUser, 'disableUser')),

  'Mutation.addMember': mutation('addMember', REVISION, with_(somebody, () => ({ role: 'viewer' }))),
  'Mutation.changeMemberRole': mutation('changeMemberRole', REVISION, with_(aMember, ({ words }) => ({ role: words.otherRole }))),
  'Mutation.suspendMember': mutation('suspendMember', REVISION, aMember),
  'Mutation.activateMember': mutation('activateMember', REVISION, after(aMember, 'suspendMember')),
  'Mutation.removeMember': mutation('removeMember', REVISION, aMember),
  'Mutation.setDepartmentOverride': mutation('setDepartmentOverride', REVISION, with_(aMember, ({ words }) => ({ departmentId: 'sales', role: words.otherRole }))),
  'Mutation.removeDepartmentOverride': mutation('removeDepartmentOverride', REVISION, after(
    with_(aMember, () => ({ departmentId: 'sales' })),
    'setDepartmentOverride',
    ({ words }) => ({ role: words.otherRole }),
  )),
  'Mutation.inviteMember': mutation('inviteMember', REVISION, ({ tenantId, world }) => ({ tenantId, email: `${world.unique('guest')}@people.example`, role: 'viewer' })),
  'Mutation.revokeInvitation': mutation('revokeInvitation', REVISION, anInvitation),

  'Mutation.createApiKey': mutation('createApiKey', 'apiKey { id }', with_(named, () => ({ capabilities: ['apiKey.manage'] }))),
  'Mutation.createApiKey of the platform': mutation('createApiKey', 'apiKey { id }', () => ({ name: 'a key', capabilities: ['platform.keys'] })),
  'Mutation.revokeApiKey': mutation('revokeApiKey', 'apiKey { id }', aKey('decision.read', ({ tenantId }) => tenantId)),
  'Mutation.revokeApiKey of the platform': mutation('revokeApiKey', 'apiKey { id }', aKey('decision.read', () => null)),
  // A key resets no member's password without being able to bring the member in.
  'Mutation.resetPassword': { ...mutation('resetPassword', 'expiresAt', aUser), reach: ['member.manage'] },
};
