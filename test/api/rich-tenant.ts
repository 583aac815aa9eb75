import { must, type Person, type World } from '../support/world.js';

/** A tenant under fastn that has something of everything. */
export interface RichTenant {
  readonly tenantId: string;
  readonly owner: Person;
  readonly admin: Person;
  readonly developer: Person;
  readonly viewer: Person;
  readonly endUser: Person;
  /** Holds the custom role `auditor`. */
  readonly auditor: Person;
  /** Belongs to no tenant. */
  readonly stranger: Person;
  readonly invitationId: string;
  readonly keyId: string;
}

export const AUDITOR = {
  key: 'auditor',
  name: 'Auditor',
  description: 'Reads along.',
  permissions: ['roles.read', 'activity.read', 'membership.read'],
} as const;

export async function richTenant(world: World): Promise<RichTenant> {
  const { tenantId, owner } = await world.tenant({ departments: ['sales', 'support'], customers: ['initech', 'hooli'] });
  await must(world.root.mutate('createRole', { tenantId, ...AUDITOR }, 'revision'));
  const copy = { tenantId, key: 'Auditor', name: 'Auditor too', sourceRole: 'auditor', remove: ['roles.read'] };
  await must(world.root.mutate('duplicateRole', copy, 'revision'));
  const admin = await world.member(tenantId, 'admin');
  const developer = await world.member(tenantId, 'developer', { expiresAt: '2031-01-01T00:00:00.000Z' });
  const viewer = await world.member(tenantId, 'viewer');
  const endUser = await world.member(tenantId, 'end_user', { customerId: 'initech' });
  const auditor = await world.member(tenantId, 'auditor');
  const stranger = await world.person('stranger');
  const inSupport = { tenantId, userId: viewer.userId, departmentId: 'support', role: 'operator' };
  const inSales = {
    tenantId,
    userId: viewer.userId,
    departmentId: 'sales',
    role: 'auditor',
    expiresAt: '2031-02-03T04:05:06.789Z',
  };
  for (const override of [inSupport, inSales]) await must(world.root.mutate('setDepartmentOverride', override, 'revision'));
  const guest = { tenantId, email: 'guest@people.example', role: 'end_user', customerId: 'hooli' };
  const invited = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', guest, 'invitation { id }'));
  const key = { tenantId, name: 'a service', capabilities: ['tenant.read', 'decision.read'], expiresAt: '2032-01-01T00:00:00Z' };
  const made = await must(world.root.mutate<{ apiKey: { id: string } }>('createApiKey', key, 'apiKey { id }'));
  return {
    tenantId,
    owner,
    admin,
    developer,
    viewer,
    endUser,
    auditor,
    stranger,
    invitationId: invited.data!['inviteMember']!.invitation.id,
    keyId: made.data!['createApiKey']!.apiKey.id,
  };
}
