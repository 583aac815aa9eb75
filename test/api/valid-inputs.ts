import type { RichTenant } from './rich-tenant.js';

/**
 * One input for every mutation: tests break one part of it at a time. Those that make something give it the id `fresh`;
 * those that end something name what there is not, so that the tenant outlives the tests.
 */
export function validInputs(
  { tenantId, developer, viewer, stranger, invitationId, keyId }: RichTenant,
  fresh: string,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { userId } = viewer;
  const password = 'a long enough password';
  const expiresAt = '2031-01-01T00:00:00Z';
  return {
    acceptInvitation: { secret: 'no-such-secret', name: 'Guest', password },
    activateMember: { tenantId, userId },
    activateTenant: { tenantId },
    addMember: { tenantId, userId: stranger.userId, role: 'viewer', customerId: 'initech', expiresAt },
    bootstrap: { secret: 'no-such-secret', id: 'first', name: 'First', email: 'first@people.example', password },
    changeMemberRole: { tenantId, userId, role: 'viewer' },
    createApiKey: { tenantId, name: 'a key', capabilities: ['decision.read'], expiresAt },
    createCustomer: { tenantId, id: fresh, name: 'Initech' },
    createDepartment: { tenantId, id: fresh, name: 'Sales' },
    createRole: { tenantId, key: fresh, name: 'Auditor', description: 'Reads.', permissions: ['roles.read'] },
    createTenant: { id: fresh, name: 'A tenant', matrix: 'fastn', plan: 'enterprise', ownerId: userId },
    createUser: { id: fresh, name: 'Somebody', email: `${fresh}@people.example`, accountRole: 'MEMBER' },
    deleteCustomer: { tenantId, customerId: 'nobody' },
    deleteDepartment: { tenantId, departmentId: 'nowhere' },
    deleteRole: { tenantId, role: 'auditor', replacementRole: 'nobody' },
    deleteTenant: { tenantId: 'nowhere' },
    disableUser: { userId: 'nobody' },
    duplicateRole: {
      tenantId,
      sourceRole: 'viewer',
      key: fresh,
      name: 'Copy',
      description: 'A copy.',
      add: ['roles.read'],
      remove: ['tools.read'],
    },
    enableUser: { userId },
    inviteMember: { tenantId, email: 'guest@people.example', role: 'viewer', customerId: 'initech', expiresAt },
    removeDepartmentOverride: { tenantId, userId, departmentId: 'nowhere' },
    removeMember: { tenantId, userId: 'nobody' },
    resetPassword: { userId: 'nobody' },
    revokeApiKey: { tenantId, id: `${keyId}x` },
    revokeInvitation: { tenantId, invitationId: `${invitationId}x` },
    setAccountRole: { userId, accountRole: 'MEMBER' },
    setDepartmentOverride: { tenantId, userId, departmentId: 'support', role: 'operator', expiresAt: null },
    setPassword: { secret: 'no-such-secret', password },
    signIn: { email: `${userId}@people.example`, password },
    suspendMember: { tenantId, userId: 'nobody' },
    suspendTenant: { tenantId: 'nowhere' },
    transferOwnership: { tenantId, newOwnerId: developer.userId },
    updateCustomer: { tenantId, customerId: 'initech', name: 'initech' },
    updateDepartment: { tenantId, departmentId: 'sales', name: 'sales' },
    updateRole: {
      tenantId,
      role: 'auditor',
      name: 'Auditor',
      description: 'Reads along.',
      permissions: ['activity.read', 'membership.read', 'roles.read'],
    },
    updateTenant: { tenantId, name: 'A tenant', plan: 'enterprise' },
    updateUser: { userId, name: 'viewer', email: `${userId}@people.example` },
  };
}
