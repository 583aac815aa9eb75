import { WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { RoleMatrix } from '../../src/domain/matrix.js';
import { buildMatrix } from '../../src/policy/matrix-source.js';
import { type Policy, loadPolicyFolder } from '../../src/policy/policy-folder.js';

interface Shipped {
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** The permissions of each system role by category, `<category> <action> <action> …`. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly global: readonly string[];
}

const FASTN: Shipped = {
  categories: {
    connectors: ['read', 'create', 'update', 'delete', 'publish', 'test'],
    connections: ['read', 'create', 'update', 'delete', 'reauthorize', 'sync'],
    workflows: ['read', 'create', 'update', 'delete', 'publish', 'run', 'pause'],
    agents: ['read', 'create', 'update', 'delete', 'run'],
    tools: ['read', 'create', 'update', 'delete', 'run'],
    customers: ['read', 'manage'],
    activity: ['read'],
    membership: ['read', 'manage'],
    roles: ['read', 'manage'],
    billing: ['read', 'manage'],
    settings: ['manage'],
  },
  roles: {
    operator: [
      'connectors read test',
      'connections read create update reauthorize sync',
      'workflows read run pause',
      'agents read run',
      'tools read run',
      'customers read',
      'activity read',
      'membership read',
      'roles read',
    ],
    viewer: [
      'connectors read', 'connections read', 'workflows read', 'agents read', 'tools read', 'customers read', 'activity read',
    ],
    end_user: ['connectors read', 'connections read create update delete reauthorize sync', 'workflows read', 'activity read'],
  },
  counts: { owner: 39, admin: 39, developer: 34, operator: 18, viewer: 7, end_user: 9 },
  global: [],
};

const NANAMI: Shipped = {
  categories: {
    network: ['read', 'write'],
    gateway: ['read', 'write'],
    agents: ['read', 'update'],
    membership: ['read', 'manage'],
    roles: ['read', 'manage'],
    departments: ['manage'],
    workspace: ['read', 'update'],
    audit: ['read'],
    platform: ['bootstrap', 'sso', 'billing', 'workspaces'],
  },
  roles: {
    member: ['network read', 'gateway read', 'agents read update', 'membership read', 'workspace read'],
    viewer: ['network read', 'gateway read', 'agents read', 'workspace read'],
  },
  counts: { admin: 14, member: 6, viewer: 4 },
  global: ['platform.bootstrap', 'platform.sso', 'platform.billing', 'platform.workspaces'],
};

let policy: Policy;
beforeAll(async () => {
  policy = await loadPolicyFolder('policy');
});

function matrixOf(key: string): RoleMatrix {
  return policy.matrices.find(({ matrix }) => matrix.key === key)!.matrix;
}

function heldBy(matrix: RoleMatrix, role: string): string[] {
  return matrix.keysOf(matrix.findRole(role)!.permissions);
}

it('ships exactly fastn and nanami', () => {
  expect(policy.matrices.map(({ matrix }) => matrix.key)).toEqual(['fastn', 'nanami']);
});

describe.each([['fastn', FASTN], ['nanami', NANAMI]])('the matrix %s', (key, shipped) => {
  it('has the permissions of the design, category by category', () => {
    const categories = matrixOf(key).categories.map((category) => [category.key, category.permissions.map((p) => p.key)]);
    const listed = Object.entries(shipped.categories).map(([category, actions]) => {
      return [category, actions.map((action) => `${category}.${action}`)];
    });
    expect(categories).toEqual(listed);
  });

  it('gives each role as many permissions as the design counts', () => {
    const roles = [...matrixOf(key).roles.values()];
    expect(Object.fromEntries(roles.map((role) => [role.key, role.permissions.size]))).toEqual(shipped.counts);
  });

  it.each(Object.entries(shipped.roles))('gives the role %s what the design lists', (role, listed) => {
    const keys = listed.flatMap((line) => {
      const [category, ...actions] = line.split(' ');
      return actions.map((action) => `${category}.${action}`);
    });
    expect(heldBy(matrixOf(key), role)).toEqual(keys);
  });

  it('lets exactly the permissions read that are named so, and keeps the global ones apart', () => {
    const matrix = matrixOf(key);
    const reading = matrix.permissions.map((permission) => permission.key).filter((name) => name.endsWith('.read'));
    expect(matrix.keysOf(matrix.readPermissions)).toEqual(reading);
    expect(matrix.keysOf(matrix.all.difference(matrix.workspacePermissions))).toEqual(shipped.global);
  });

  it('tells people in words what each category, permission and role is', () => {
    const { matrix } = policy.matrices.find((loaded) => loaded.matrix.key === key)!;
    const named = [...matrix.categories, ...matrix.permissions].filter(({ key: k, title }) => title === k);
    expect([matrix.title === key, named]).toEqual([false, []]);
    for (const role of matrix.roles.values()) expect(role).toMatchObject({ description: expect.stringMatching(/\.$/) });
    expect(new Set(matrix.permissions.map((permission) => permission.title)).size).toBe(matrix.permissions.length);
  });

  it('states all of its counts itself', () => {
    const { source } = policy.matrices.find(({ matrix }) => matrix.key === key)!;
    const sizes = Object.entries(shipped.categories).map(([category, actions]) => [category, actions.length]);
    expect(source.expect).toEqual({ roles: shipped.counts, categories: Object.fromEntries(sizes) });
  });

  it('builds the same matrix from the source that a database hands back', () => {
    const { matrix, source } = policy.matrices.find((loaded) => loaded.matrix.key === key)!;
    expect(buildMatrix(JSON.parse(JSON.stringify(source)))).toEqual(matrix);
  });
});

describe('fastn', () => {
  it('keeps membership, roles, billing and settings from developers, and nothing else', () => {
    const developer = new Set(heldBy(matrixOf('fastn'), 'developer'));
    expect(heldBy(matrixOf('fastn'), 'owner').filter((key) => !developer.has(key))).toEqual([
      'membership.manage', 'roles.manage', 'billing.read', 'billing.manage', 'settings.manage',
    ]);
  });

  it('has an owner role, counts owner and admin as admins, and shows end users the widget only', () => {
    const matrix = matrixOf('fastn');
    expect(matrix.ownerRole).toBe('owner');
    expect([...matrix.adminRoles]).toEqual(['owner', 'admin']);
    expect(matrix.firstAdminRole?.key).toBe('admin');
    const embedded = [...matrix.roles.values()].filter((role) => role.surface === 'WIDGET_ONLY');
    expect(embedded.map((role) => role.key)).toEqual(['end_user']);
    expect(matrix.findRole('tenant_admin')?.key).toBe('admin');
  });

  it('demands its permissions for the capabilities of the gateway', () => {
    expect(guardsOf('fastn')).toEqual({
      'decision.read': 'membership.read', 'tenant.read': 'member', 'tenant.update': 'settings.manage',
      'role.read': 'roles.read', 'role.manage': 'roles.manage',
      'member.read': 'membership.read', 'member.manage': 'membership.manage',
      'department.read': 'membership.read', 'department.manage': 'settings.manage',
      'customer.read': 'customers.read', 'customer.manage': 'customers.manage',
      'apiKey.manage': 'settings.manage', 'audit.read': 'settings.manage',
    });
  });
});

describe('nanami', () => {
  it('has no owner role, one admin role, and knows it by its old name too', () => {
    const matrix = matrixOf('nanami');
    expect([matrix.ownerRole, [...matrix.adminRoles], matrix.firstAdminRole?.key]).toEqual([null, ['admin'], 'admin']);
    expect(matrix.findRole('tenant_admin')?.key).toBe('admin');
  });

  it('gives global permissions by the account role alone', () => {
    const matrix = matrixOf('nanami');
    expect(matrix.keysOf(matrix.permissionsOfAccountRole('ADMIN')!)).toEqual(['platform.sso', 'platform.billing']);
    expect(matrix.permissionsOfAccountRole('MEMBER')).toBeUndefined();
    expect(matrix.permissionsOfAccountRole('VIEWER')).toBeUndefined();
    for (const role of matrix.roles.values()) expect(matrix.workspacePermissions.isSupersetOf(role.permissions)).toBe(true);
  });

  it('demands its permissions for the capabilities of the gateway', () => {
    expect(guardsOf('nanami')).toEqual({
      'decision.read': 'membership.read', 'tenant.read': 'member', 'tenant.update': 'workspace.update',
      'role.read': 'roles.read', 'role.manage': 'roles.manage',
      'member.read': 'membership.read', 'member.manage': 'membership.manage',
      'department.read': 'membership.read', 'department.manage': 'departments.manage',
      'customer.read': 'membership.read', 'customer.manage': 'workspace.update',
      'apiKey.manage': 'workspace.update', 'audit.read': 'audit.read',
    });
  });
});

function guardsOf(key: string): Record<string, string> {
  const guards = WORKSPACE_CAPABILITIES.flatMap((capability) => {
    const guard = matrixOf(key).guardOf(capability);
    return guard === undefined ? [] : [[capability, guard === 'member' ? guard : guard.permission]];
  });
  return Object.fromEntries(guards);
}

describe('the plans', () => {
  it('switch on what the design says, enterprise by default', () => {
    const plans = [...policy.plans.plans.values()].map((plan) => [plan.key, [...plan.features]]);
    expect(plans).toEqual([
      ['community', []],
      ['team', ['VIEWER_ACCOUNTS']],
      ['enterprise', ['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS']],
    ]);
    expect(policy.plans.defaultPlan).toBe('enterprise');
  });
});
