import { anyOf, args, asks, type Demand, everyone, may, mayOnPlatform, own, reached, scoped, self, signedIn } from './demand.js';

const tenantOfInput = args('input.tenantId');
const edges = reached('edges pageInfo totalCount');
const edge = reached('node cursor');

/**
 * Every field of the schema and what it demands of its caller. Start-up fails, and so does a test, where a field of the
 * schema is missing here or an entry has no field.
 */
export const SURFACE: Readonly<Record<string, Readonly<Record<string, Demand>>>> = {
  Query: {
    viewer: signedIn,
    check: asks(args('input')),
    checks: asks(args('inputs')),
    checkPermissions: asks(args('input')),
    effectivePermissions: asks(args('input')),
    explain: asks(args('input')),
    usersWithPermission: may('decision.read', tenantOfInput),
    roleMatrices: signedIn,
    roleMatrix: signedIn,
    tenant: anyOf(may('tenant.read', args('id')), mayOnPlatform('platform.tenants')),
    tenants: signedIn,
    user: anyOf(self(args('id')), mayOnPlatform('platform.users')),
    users: mayOnPlatform('platform.users'),
  },

  Mutation: {
    bootstrap: everyone,
    createTenant: mayOnPlatform('platform.tenants'),
    // Of the two, the service asks for the one that what is changed demands.
    updateTenant: anyOf(may('tenant.update', tenantOfInput), mayOnPlatform('platform.tenants')),
    suspendTenant: mayOnPlatform('platform.tenants'),
    activateTenant: mayOnPlatform('platform.tenants'),
    deleteTenant: may('tenant.delete', tenantOfInput),
    transferOwnership: may('tenant.transfer', tenantOfInput),

    createDepartment: may('department.manage', tenantOfInput),
    updateDepartment: may('department.manage', tenantOfInput),
    deleteDepartment: may('department.manage', tenantOfInput),

    createCustomer: may('customer.manage', tenantOfInput),
    updateCustomer: may('customer.manage', tenantOfInput),
    deleteCustomer: may('customer.manage', tenantOfInput),

    createRole: may('role.manage', tenantOfInput),
    duplicateRole: may('role.manage', tenantOfInput),
    updateRole: may('role.manage', tenantOfInput),
    deleteRole: may('role.manage', tenantOfInput),

    createUser: mayOnPlatform('platform.users'),
    updateUser: anyOf(self(args('input.userId')), mayOnPlatform('platform.users')),
    setAccountRole: mayOnPlatform('platform.users'),
    disableUser: mayOnPlatform('platform.users'),
    enableUser: mayOnPlatform('platform.users'),

    addMember: may('member.manage', tenantOfInput),
    changeMemberRole: may('member.manage', tenantOfInput),
    suspendMember: may('member.manage', tenantOfInput),
    activateMember: may('member.manage', tenantOfInput),
    removeMember: may('member.manage', tenantOfInput),
    setDepartmentOverride: may('member.manage', tenantOfInput),
    removeDepartmentOverride: may('member.manage', tenantOfInput),

    inviteMember: may('member.manage', tenantOfInput),
    revokeInvitation: may('member.manage', tenantOfInput),
    acceptInvitation: everyone,

    createApiKey: scoped(tenantOfInput, 'apiKey.manage', 'platform.keys'),
    revokeApiKey: scoped(tenantOfInput, 'apiKey.manage', 'platform.keys'),

    signIn: everyone,
    resetPassword: signedIn,
    setPassword: everyone,
  },

  Subscription: {
    permissionsChanged: may('tenant.read', args('tenantId')),
  },
  PermissionsChange: {
    ...reached('tenantId revision affectsViewer'),
    userIds: may('member.read', own('tenantId')),
  },

  Viewer: reached('user memberships can'),

  Tenant: {
    ...reached('id name status plan features matrix revision'),
    owner: may('member.read', own('id')),
    roles: may('role.read', own('id')),
    role: may('role.read', own('id')),
    departments: may('department.read', own('id')),
    customers: may('customer.read', own('id')),
    memberships: may('member.read', own('id')),
    membership: anyOf(self(args('userId')), may('member.read', own('id'))),
    invitations: may('member.read', own('id')),
    apiKeys: may('apiKey.manage', own('id')),
    auditLog: may('audit.read', own('id')),
  },

  User: {
    ...reached('id name email accountRole status'),
    memberships: anyOf(self(own('id')), mayOnPlatform('platform.users')),
  },

  Membership: {
    ...reached('tenant user role status customer expiresAt departmentOverrides'),
    effectivePermissions: anyOf(self(own('userId')), may('decision.read', own('tenantId'))),
  },

  Decision: reached('allowed reason role revision'),
  PermissionsDecision: reached('allowed revision'),
  EffectivePermissions: reached('keys categories role departmentRoles reason revision'),
  CategoryPermissions: reached('category held total keys'),
  DepartmentRole: reached('departmentId role'),
  Explanation: reached('decision steps'),
  ExplanationStep: reached('rule passed detail'),

  RoleMatrix: reached('key title version categories roles counts'),
  PermissionCategory: reached('key title permissionCount permissions'),
  Permission: reached('key title category access scope'),
  RoleCategoryCount: reached('role category count'),
  Role: reached('key name description kind surface permissions permissionCount duplicatedFrom'),

  Department: reached('id name'),
  Customer: reached('id name'),
  DepartmentOverride: reached('department role expiresAt'),
  Invitation: reached('id email role status expiresAt customer'),
  ApiKey: reached('id name capabilities createdAt lastUsedAt expiresAt revokedAt'),
  AuditEvent: reached('id revision at actor action target change hash'),

  PageInfo: reached('hasNextPage hasPreviousPage startCursor endCursor'),
  TenantConnection: edges,
  TenantEdge: edge,
  UserConnection: edges,
  UserEdge: edge,
  DepartmentConnection: edges,
  DepartmentEdge: edge,
  CustomerConnection: edges,
  CustomerEdge: edge,
  MembershipConnection: edges,
  MembershipEdge: edge,
  InvitationConnection: edges,
  InvitationEdge: edge,
  ApiKeyConnection: edges,
  ApiKeyEdge: edge,
  AuditEventConnection: edges,
  AuditEventEdge: edge,

  TenantPayload: reached('tenant revision'),
  DepartmentPayload: reached('department revision'),
  CustomerPayload: reached('customer revision'),
  RolePayload: reached('role revision'),
  UserPayload: reached('user'),
  MembershipPayload: reached('membership revision'),
  InvitationPayload: reached('invitation secret revision'),
  ApiKeyPayload: reached('apiKey secret'),
  ResetPasswordPayload: reached('secret expiresAt'),
  SignInPayload: reached('accessToken expiresAt user'),
  DeletedPayload: reached('id revision'),
};
