import type { Client, Variables } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';
import { must, type World } from '../support/world.js';

/** A mutation that somebody sends, and what the audit log must keep of it. */
export interface AuditedChange {
  /** The root key without one. */
  readonly client?: Client;
  readonly input: Variables;
  /** By action: who did it, and what changed. */
  readonly events: Readonly<Record<string, AuditedEvent>>;
}

export interface AuditedEvent {
  /** `key:root` without one. */
  readonly actor?: string;
  readonly target: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Prepare = (world: World, test: GatewayForTests) => Promise<AuditedChange>;

const PASSWORD = 'correct horse battery staple';
const TOMORROW = '2030-01-02T00:00:00.000Z';
const ANY_ID: unknown = expect.any(String);
const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
const byRoot = (input: Variables, action: string, event: AuditedEvent): AuditedChange => ({ input, events: { [action]: event } });
const member = (role: string, more: object = {}) => ({ role, status: 'ACTIVE', customerId: null, expiresAt: null, ...more });
const account = (name: string, email: string, more: object = {}) => ({ name, email, accountRole: 'MEMBER', status: 'ACTIVE', ...more });
const tester = (more: object = {}) =>
  ({ key: 'tester', name: 'Tester', description: null, surface: 'ALL', permissions: ['agents.run'], duplicatedFrom: null, ...more });

/** By mutation and case. None of them is refused, and none finds everything as it is asked for. */
export const AUDITED_CHANGES: Readonly<Record<string, Prepare>> = {
  createTenant: async (world) => {
    const [id, { userId }] = [world.unique('tenant'), await world.person()];
    const asked = { id, name: 'A tenant' };
    const after = { ...asked, matrixKey: 'fastn', planKey: 'team', ownerId: userId };
    return byRoot({ ...asked, matrix: 'fastn', plan: 'team', ownerId: userId }, 'tenant.created', { target: id, after });
  },
  updateTenant: async (world) => {
    const { tenantId } = await world.tenant({ plan: 'team' });
    const before = { name: 'A tenant', plan: 'team', status: 'ACTIVE' };
    return byRoot({ tenantId, name: 'Renamed' }, 'tenant.updated', { target: tenantId, before, after: { ...before, name: 'Renamed' } });
  },
  suspendTenant: async (world) => {
    const { tenantId } = await world.tenant();
    return byRoot({ tenantId }, 'tenant.suspended', { target: tenantId, before: { status: 'ACTIVE' }, after: { status: 'SUSPENDED' } });
  },
  activateTenant: async (world) => {
    const { tenantId } = await world.tenant();
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    return byRoot({ tenantId }, 'tenant.activated', { target: tenantId, before: { status: 'SUSPENDED' }, after: { status: 'ACTIVE' } });
  },
  deleteTenant: async (world) => {
    const { tenantId, owner } = await world.tenant({ plan: 'team' });
    const before = { name: 'A tenant', plan: 'team', status: 'ACTIVE' };
    const events = { 'tenant.deleted': { actor: owner.userId, target: tenantId, before } };
    return { client: owner.client, input: { tenantId }, events };
  },
  'transferOwnership: to somebody whose membership would have ended': async (world) => {
    const { tenantId, owner } = await world.tenant();
    const heir = await world.member(tenantId, 'developer', { expiresAt: TOMORROW });
    const people = (old: object, next: object) => [{ userId: owner.userId, ...old }, { userId: heir.userId, ...next }];
    const before = { owner: owner.userId, members: people(member('owner'), member('developer', { expiresAt: TOMORROW })) };
    const after = { owner: heir.userId, members: people(member('admin'), member('owner')) };
    const events = { 'tenant.ownership-transferred': { actor: owner.userId, target: tenantId, before, after } };
    return { client: owner.client, input: { tenantId, newOwnerId: heir.userId }, events };
  },
  createDepartment: async (world) => {
    const { tenantId } = await world.tenant();
    return byRoot({ tenantId, id: 'sales', name: 'Sales' }, 'department.created', { target: 'sales', after: { name: 'Sales' } });
  },
  updateDepartment: async (world) => {
    const { tenantId } = await world.tenant({ departments: ['sales'] });
    const event = { target: 'sales', before: { name: 'sales' }, after: { name: 'Sales' } };
    return byRoot({ tenantId, departmentId: 'sales', name: 'Sales' }, 'department.renamed', event);
  },
  deleteDepartment: async (world) => {
    const { tenantId } = await world.tenant({ departments: ['sales'] });
    return byRoot({ tenantId, departmentId: 'sales' }, 'department.deleted', { target: 'sales', before: { name: 'sales' } });
  },
  createCustomer: async (world) => {
    const { tenantId } = await world.tenant();
    return byRoot({ tenantId, id: 'shop', name: 'Shop' }, 'customer.created', { target: 'shop', after: { name: 'Shop' } });
  },
  updateCustomer: async (world) => {
    const { tenantId } = await world.tenant({ customers: ['shop'] });
    const event = { target: 'shop', before: { name: 'shop' }, after: { name: 'Shop' } };
    return byRoot({ tenantId, customerId: 'shop', name: 'Shop' }, 'customer.renamed', event);
  },
  deleteCustomer: async (world) => {
    const { tenantId } = await world.tenant({ customers: ['shop'] });
    return byRoot({ tenantId, customerId: 'shop' }, 'customer.deleted', { target: 'shop', before: { name: 'shop' } });
  },
  createRole: async (world) => {
    const { tenantId } = await world.tenant();
    return byRoot({ tenantId, key: 'tester', name: 'Tester', permissions: ['agents.run'] }, 'role.created', { target: 'tester', after: tester() });
  },
  duplicateRole: async (world) => {
    const tenantId = await withTester(world);
    const input = { tenantId, sourceRole: 'tester', key: 'copy', name: 'Copy' };
    return byRoot(input, 'role.created', { target: 'copy', after: tester({ key: 'copy', name: 'Copy', duplicatedFrom: 'tester' }) });
  },
  updateRole: async (world) => {
    const tenantId = await withTester(world);
    const event = { target: 'tester', before: tester(), after: tester({ permissions: ['tools.run'] }) };
    return byRoot({ tenantId, role: 'tester', permissions: ['tools.run'] }, 'role.updated', event);
  },
  'deleteRole: one that nobody holds': async (world) => {
    const tenantId = await withTester(world);
    return byRoot({ tenantId, role: 'tester' }, 'role.deleted', { target: 'tester', before: tester(), after: { replacementRole: null } });
  },
  'deleteRole: with a replacement for its holders': async (world) => {
    const tenantId = await withTester(world);
    const [one, other] = [await world.member(tenantId, 'tester'), await world.member(tenantId, 'tester')];
    const aside = await world.member(tenantId, 'viewer');
    const override = { departmentId: 'sales', userId: aside.userId };
    await must(world.root.mutate('setDepartmentOverride', { tenantId, ...override, role: 'tester' }, 'revision'));
    const id = await invite(world, tenantId, 'tester');
    const after = {
      replacementRole: 'operator',
      members: { count: 2, first: [one.userId, other.userId].toSorted() },
      departmentOverrides: { count: 1, first: [override] },
      invitations: { count: 1, first: [id] },
    };
    return byRoot({ tenantId, role: 'tester', replacementRole: 'operator' }, 'role.deleted', { target: 'tester', before: tester(), after });
  },
  createUser: async (world) => {
    const id = world.unique('user');
    const email = `${id}@people.example`;
    return byRoot({ id, name: 'Ada', email }, 'user.created', { target: id, after: account('Ada', email) });
  },
  updateUser: async (world) => {
    const { userId, client } = await world.person('ada');
    const email = `${userId}@people.example`;
    const event = { actor: userId, target: userId, before: account('ada', email), after: account('Ada', email) };
    return { client, ...byRoot({ userId, name: 'Ada' }, 'user.updated', event) };
  },
  setAccountRole: async (world) => {
    const { userId } = await world.person();
    const event = { target: userId, before: { accountRole: 'MEMBER' }, after: { accountRole: 'VIEWER' } };
    return byRoot({ userId, accountRole: 'VIEWER' }, 'user.account-role-changed', event);
  },
  disableUser: async (world) => {
    const { userId } = await world.person();
    return byRoot({ userId }, 'user.disabled', { target: userId, before: { status: 'ACTIVE' }, after: { status: 'DISABLED' } });
  },
  enableUser: async (world) => {
    const { userId } = await world.person();
    await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    return byRoot({ userId }, 'user.enabled', { target: userId, before: { status: 'DISABLED' }, after: { status: 'ACTIVE' } });
  },
  'resetPassword: where there was one': async (world, { clock }) => {
    const { userId } = await world.person();
    const changedAt = isoOf(clock.now());
    await must(world.anonymous.mutate('setPassword', await newPassword(world, userId), 'expiresAt'));
    clock.advance(1000);
    const expiresAt = isoOf(clock.now() + 24 * 60 * 60 * 1000);
    return byRoot({ userId }, 'password.reset', { target: userId, before: { changedAt }, after: { changedAt: null, expiresAt } });
  },
  'resetPassword: where there was none': async (world, { clock }) => {
    const { userId } = await world.person();
    const expiresAt = isoOf(clock.now() + 24 * 60 * 60 * 1000);
    return byRoot({ userId }, 'password.reset', { target: userId, before: { changedAt: null }, after: { changedAt: null, expiresAt } });
  },
  setPassword: async (world, { clock }) => {
    const { userId } = await world.person();
    const event = { actor: userId, target: userId, after: { changedAt: isoOf(clock.now()) } };
    return { client: world.anonymous, ...byRoot(await newPassword(world, userId), 'password.set', event) };
  },
  bootstrap: async (world, { gateway }) => {
    const secret = (await gateway.parts.bootstrap.mintSecret())!;
    const id = world.unique('first');
    const person = { id, name: 'First', email: `${id}@people.example` };
    const event = { actor: id, target: id, after: account(person.name, person.email, { accountRole: 'OWNER' }) };
    return { client: world.anonymous, ...byRoot({ ...person, secret, password: PASSWORD }, 'user.created', event) };
  },
  addMember: async (world) => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.person();
    return byRoot({ tenantId, userId, role: 'viewer' }, 'membership.added', { target: userId, after: member('viewer') });
  },
  changeMemberRole: (world) =>
    ofViewer(world, 'membership.role-changed', { role: 'operator' }, { before: member('viewer'), after: member('operator') }),
  suspendMember: (world) =>
    ofViewer(world, 'membership.suspended', {}, { before: member('viewer'), after: member('viewer', { status: 'SUSPENDED' }) }),
  activateMember: async (world) => {
    const change = await ofViewer(world, 'membership.activated', {}, { before: member('viewer', { status: 'SUSPENDED' }), after: member('viewer') });
    await must(world.root.mutate('suspendMember', change.input, 'revision'));
    return change;
  },
  removeMember: (world) => ofViewer(world, 'membership.removed', {}, { before: member('viewer') }),
  setDepartmentOverride: (world) => {
    const override = { departmentId: 'sales', role: 'operator', expiresAt: TOMORROW };
    return ofViewer(world, 'override.set', override, { after: override });
  },
  removeDepartmentOverride: async (world) => {
    const before = { departmentId: 'sales', role: 'operator', expiresAt: null };
    const change = await ofViewer(world, 'override.removed', { departmentId: 'sales' }, { before });
    await must(world.root.mutate('setDepartmentOverride', { ...change.input, role: 'operator' }, 'revision'));
    return change;
  },
  inviteMember: async (world) => {
    const { tenantId } = await world.tenant();
    const after = { email: 'guest@people.example', role: 'viewer', customerId: null, expiresAt: TOMORROW };
    const { customerId: _none, ...asked } = after;
    return byRoot({ tenantId, ...asked }, 'invitation.created', { target: ANY_ID, after });
  },
  revokeInvitation: async (world) => {
    const { tenantId } = await world.tenant();
    const invitationId = await invite(world, tenantId, 'viewer');
    const event = { target: invitationId, before: { status: 'PENDING' }, after: { status: 'REVOKED' } };
    return byRoot({ tenantId, invitationId }, 'invitation.revoked', event);
  },
  'acceptInvitation: by somebody who has no account yet': async (world) => {
    const { tenantId } = await world.tenant();
    const email = `${world.unique('guest')}@people.example`;
    const { data } = await must(world.root.mutate<{ secret: string }>('inviteMember', { tenantId, email, role: 'viewer' }, 'secret'));
    const events = {
      'user.created': { actor: ANY_ID as string, target: ANY_ID, after: account('Guest', email) },
      'invitation.accepted': { actor: ANY_ID as string, target: ANY_ID, after: member('viewer', { invitation: ANY_ID }) },
    };
    return { client: world.anonymous, input: { secret: data!['inviteMember']!.secret, name: 'Guest', password: PASSWORD }, events };
  },
  createApiKey: async (world) => {
    const { tenantId } = await world.tenant();
    const asked = { tenantId, name: 'A key', capabilities: ['member.read'] };
    return byRoot(asked, 'api-key.created', { target: ANY_ID, after: { ...asked, expiresAt: null, revokedAt: null } });
  },
  "revokeApiKey: a tenant's": async (world, { clock }) => revokeKey(world, (await world.tenant()).tenantId, 'member.read', clock.now()),
  "revokeApiKey: the platform's": (world, { clock }) => revokeKey(world, null, 'platform.users', clock.now()),
};

/** What leaves no event: whoever signs in changes nothing. */
export const NOT_AUDITED: readonly string[] = ['signIn'];

async function withTester(world: World): Promise<string> {
  const { tenantId } = await world.tenant({ departments: ['sales'] });
  await must(world.root.mutate('createRole', { tenantId, key: 'tester', name: 'Tester', permissions: ['agents.run'] }, 'revision'));
  return tenantId;
}

async function invite(world: World, tenantId: string, role: string): Promise<string> {
  const asked = { tenantId, email: 'guest@people.example', role };
  const { data } = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', asked, 'invitation { id }'));
  return data!['inviteMember']!.invitation.id;
}

async function newPassword(world: World, userId: string): Promise<Variables> {
  const { data } = await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
  return { secret: data!['resetPassword']!.secret, password: PASSWORD };
}

async function ofViewer(world: World, action: string, input: Variables, change: Omit<AuditedEvent, 'target'>): Promise<AuditedChange> {
  const { tenantId } = await world.tenant({ departments: ['sales'] });
  const { userId } = await world.member(tenantId, 'viewer');
  return byRoot({ tenantId, userId, ...input }, action, { target: userId, ...change });
}

async function revokeKey(world: World, tenantId: string | null, capability: string, now: number): Promise<AuditedChange> {
  const asked = { tenantId, name: 'A key', capabilities: [capability] };
  const { data } = await must(world.root.mutate<{ apiKey: { id: string } }>('createApiKey', asked, 'apiKey { id }'));
  const { id } = data!['createApiKey']!.apiKey;
  const before = { ...asked, expiresAt: null, revokedAt: null };
  return byRoot({ tenantId, id }, 'api-key.revoked', { target: `key:${id}`, before, after: { ...before, revokedAt: isoOf(now) } });
}
