import type { Capability } from '../../src/domain/capability.js';

/*
 * Who gets through to what, written from the design and not from the code. Whoever is not named is refused.
 * Keys are named by the capability that lets them through; the root key of the installation holds all of them.
 */

export const MATRICES = ['fastn', 'nanami'] as const;
export type MatrixKey = (typeof MATRICES)[number];

/** People, by what they are to the tenant asked about. */
export const PEOPLE = {
  fastn: ['owner', 'admin', 'developer', 'operator', 'viewer', 'end_user'],
  nanami: ['admin', 'member', 'viewer'],
  both: [
    'admin bound to a customer',
    'suspended admin',
    'expired admin',
    'viewer account that is an admin',
    'account ADMIN that is a viewer',
    'account ADMIN of another tenant',
    'account OWNER',
    'member of another tenant',
    'admin of another tenant',
    'nobody',
  ],
} as const;

export type Person = (typeof PEOPLE)[keyof typeof PEOPLE][number];

const VIEWER_ACCOUNT = 'viewer account that is an admin';
const ADMINS = ['admin', 'account ADMIN that is a viewer', 'account OWNER'] as const;
const ACTIVE = ['admin bound to a customer', VIEWER_ACCOUNT, ...ADMINS] as const;

/** Who holds the permissions to which `guards` of the two matrices map the capabilities. */
const HOLDERS = {
  fastn: {
    member: ['owner', 'developer', 'operator', 'viewer', 'end_user', ...ACTIVE],
    'membership.read': ['owner', 'developer', 'operator', VIEWER_ACCOUNT, ...ADMINS],
    'membership.manage': ['owner', ...ADMINS],
    'roles.read': ['owner', 'developer', 'operator', VIEWER_ACCOUNT, ...ADMINS],
    'roles.manage': ['owner', ...ADMINS],
    'customers.read': ['owner', 'developer', 'operator', 'viewer', VIEWER_ACCOUNT, ...ADMINS],
    'customers.manage': ['owner', 'developer', ...ADMINS],
    'settings.manage': ['owner', ...ADMINS],
    ownership: ['owner'],
  },
  nanami: {
    member: ['member', 'viewer', ...ACTIVE],
    'membership.read': ['member', VIEWER_ACCOUNT, ...ADMINS],
    'membership.manage': [...ADMINS],
    'roles.read': [VIEWER_ACCOUNT, ...ADMINS],
    'roles.manage': [...ADMINS],
    'departments.manage': [...ADMINS],
    'workspace.update': [...ADMINS],
    'audit.read': [VIEWER_ACCOUNT, ...ADMINS],
    // Without an owner role, what is reserved to the owner is the account OWNER's.
    ownership: ['account OWNER'],
  },
} as const satisfies Record<MatrixKey, Record<string, readonly Person[]>>;

export interface Row extends Readonly<Record<MatrixKey, readonly Person[]>> {
  /** Each of them alone lets a key through. */
  readonly keys: readonly Capability[];
}

type Holding<Key extends MatrixKey> = keyof (typeof HOLDERS)[Key];

function row(capability: Capability, fastn: Holding<'fastn'>, nanami: Holding<'nanami'>): Row {
  return { keys: [capability], fastn: HOLDERS.fastn[fastn], nanami: HOLDERS.nanami[nanami] };
}

function platform(capability: Capability): Row {
  return { keys: [capability], fastn: ['account OWNER'], nanami: ['account OWNER'] };
}

const others = row('decision.read', 'membership.read', 'membership.read');
const memberships = row('member.manage', 'membership.manage', 'membership.manage');
const members = row('member.read', 'membership.read', 'membership.read');
const departments = row('department.manage', 'settings.manage', 'departments.manage');
const customers = row('customer.manage', 'customers.manage', 'workspace.update');
const roles = row('role.manage', 'roles.manage', 'roles.manage');
const keys = row('apiKey.manage', 'settings.manage', 'workspace.update');

/** Fields that refuse somebody, when asked about a tenant and about people other than the caller. */
export const GUARDED: Readonly<Record<string, Row>> = {
  'Query.check': others,
  'Query.checks': others,
  'Query.checkPermissions': others,
  'Query.effectivePermissions': others,
  'Query.explain': others,
  'Query.usersWithPermission': others,
  'Query.tenant': { ...row('tenant.read', 'member', 'member'), keys: ['tenant.read', 'platform.tenants'] },
  'Query.user': platform('platform.users'),
  'Query.users': platform('platform.users'),

  'Subscription.permissionsChanged': row('tenant.read', 'member', 'member'),
  'PermissionsChange.userIds': members,

  'Tenant.owner': members,
  'Tenant.roles': row('role.read', 'roles.read', 'roles.read'),
  'Tenant.role': row('role.read', 'roles.read', 'roles.read'),
  'Tenant.departments': row('department.read', 'membership.read', 'membership.read'),
  'Tenant.customers': row('customer.read', 'customers.read', 'membership.read'),
  'Tenant.memberships': members,
  'Tenant.membership': members,
  'Tenant.invitations': members,
  'Tenant.apiKeys': keys,
  'Tenant.auditLog': row('audit.read', 'settings.manage', 'audit.read'),
  'User.memberships': platform('platform.users'),
  'Membership.effectivePermissions': others,

  'Mutation.createTenant': platform('platform.tenants'),
  'Mutation.updateTenant': row('tenant.update', 'settings.manage', 'workspace.update'),
  'Mutation.updateTenant by its plan': platform('platform.tenants'),
  'Mutation.suspendTenant': platform('platform.tenants'),
  'Mutation.activateTenant': platform('platform.tenants'),
  'Mutation.deleteTenant': row('tenant.delete', 'ownership', 'ownership'),
  'Mutation.transferOwnership': row('tenant.transfer', 'ownership', 'ownership'),
  'Mutation.createDepartment': departments,
  'Mutation.updateDepartment': departments,
  'Mutation.deleteDepartment': departments,
  'Mutation.createCustomer': customers,
  'Mutation.updateCustomer': customers,
  'Mutation.deleteCustomer': customers,
  'Mutation.createRole': roles,
  'Mutation.duplicateRole': roles,
  'Mutation.updateRole': roles,
  'Mutation.deleteRole': roles,
  'Mutation.createUser': platform('platform.users'),
  'Mutation.updateUser': platform('platform.users'),
  'Mutation.setAccountRole': platform('platform.users'),
  'Mutation.disableUser': platform('platform.users'),
  'Mutation.enableUser': platform('platform.users'),
  'Mutation.addMember': memberships,
  'Mutation.changeMemberRole': memberships,
  'Mutation.suspendMember': memberships,
  'Mutation.activateMember': memberships,
  'Mutation.removeMember': memberships,
  'Mutation.setDepartmentOverride': memberships,
  'Mutation.removeDepartmentOverride': memberships,
  'Mutation.inviteMember': memberships,
  'Mutation.revokeInvitation': memberships,
  'Mutation.createApiKey': keys,
  'Mutation.createApiKey of the platform': platform('platform.keys'),
  'Mutation.revokeApiKey': keys,
  'Mutation.revokeApiKey of the platform': platform('platform.keys'),
  // A workspace's admins are people: no tenant's key resets a password.
  'Mutation.resetPassword': { ...memberships, keys: ['platform.users'] },
};

/** Fields for everybody who is signed in, and every key. */
export const SIGNED_IN = ['Query.viewer', 'Query.roleMatrices', 'Query.roleMatrix', 'Query.tenants'] as const;

/** Fields that answer everybody alike, signed in or not: by the secret or the password that they are given. */
export const PUBLIC = ['Mutation.bootstrap', 'Mutation.acceptInvitation', 'Mutation.signIn', 'Mutation.setPassword'] as const;

/** Fields that whoever has reached the object may read. */
export const PLAIN: Readonly<Record<string, readonly string[]>> = {
  Tenant: ['id', 'name', 'status', 'plan', 'features', 'matrix', 'revision'],
  User: ['id', 'name', 'email', 'accountRole', 'status'],
  Membership: ['tenant', 'user', 'role', 'status', 'customer', 'expiresAt', 'departmentOverrides'],
  Viewer: ['user', 'memberships', 'can'],
  PermissionsChange: ['tenantId', 'revision', 'affectsViewer'],
};
