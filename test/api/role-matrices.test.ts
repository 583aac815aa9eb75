import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

interface Permission {
  readonly key: string;
  readonly title: string;
  readonly category: string;
  readonly access: string;
  readonly scope: string;
}

interface Matrix {
  readonly key: string;
  readonly title: string;
  readonly version: number;
  readonly categories: readonly {
    readonly key: string;
    readonly title: string;
    readonly permissionCount: number;
    readonly permissions: readonly Permission[];
  }[];
  readonly roles: readonly {
    readonly key: string;
    readonly name: string;
    readonly description: string;
    readonly kind: string;
    readonly surface: string;
    readonly permissions: readonly string[];
    readonly permissionCount: number;
    readonly duplicatedFrom: string | null;
  }[];
  readonly counts: readonly { readonly role: string; readonly category: string; readonly count: number }[];
}

const MATRIX = `key title version categories { key title permissionCount permissions { key title category access scope } }
  roles { key name description kind surface permissions permissionCount duplicatedFrom } counts { role category count }`;

const EXPECTED = [
  {
    key: 'fastn',
    title: 'Integration platform',
    roles: { owner: 39, admin: 39, developer: 34, operator: 18, viewer: 7, end_user: 9 },
    categories: {
      connectors: 6,
      connections: 6,
      workflows: 7,
      agents: 5,
      tools: 5,
      customers: 2,
      activity: 1,
      membership: 2,
      roles: 2,
      billing: 2,
      settings: 1,
    },
    reads: 10,
    widgetRoles: ['end_user'],
    global: [],
  },
  {
    key: 'nanami',
    title: 'Networks and agents',
    roles: { admin: 14, member: 6, viewer: 4 },
    categories: {
      network: 2,
      gateway: 2,
      agents: 2,
      membership: 2,
      roles: 2,
      departments: 1,
      workspace: 2,
      audit: 1,
      platform: 4,
    },
    reads: 7,
    widgetRoles: [],
    global: ['platform.bootstrap', 'platform.sso', 'platform.billing', 'platform.workspaces'],
  },
] as const;

async function matrixOf(key: string): Promise<Matrix> {
  const { roleMatrix } = await world.root.ask<{ roleMatrix: Matrix }>(
    `query($key: ID!) { roleMatrix(key: $key) { ${MATRIX} } }`,
    { key },
  );
  return roleMatrix;
}

describe.each(EXPECTED)('the role matrix $key', ({ key, title, roles, categories, reads, widgetRoles, global }) => {
  let matrix: Matrix;
  beforeAll(async () => {
    matrix = await matrixOf(key);
  });
  const permissions = (): Permission[] => matrix.categories.flatMap((category) => category.permissions);

  it('has a title and a version', () => {
    expect(matrix).toMatchObject({ key, title, version: 1 });
  });

  it('has its system roles in order, each with its number of permissions', () => {
    expect(matrix.roles.map((role) => [role.key, role.permissionCount])).toEqual(Object.entries(roles));
    for (const role of matrix.roles) {
      expect(role).toMatchObject({
        kind: 'SYSTEM',
        duplicatedFrom: null,
        surface: (widgetRoles as readonly string[]).includes(role.key) ? 'WIDGET_ONLY' : 'ALL',
      });
      expect(role.permissions).toHaveLength(role.permissionCount);
      expect(role.permissions).toEqual([...new Set(role.permissions)].toSorted());
      expect(role.name).toMatch(/^[A-Z]/);
      expect(role.description).toMatch(/\.$/);
    }
  });

  it('has its categories in order, each with its permissions', () => {
    expect(matrix.categories.map((category) => [category.key, category.permissionCount])).toEqual(Object.entries(categories));
    for (const category of matrix.categories) {
      expect(category.permissions).toHaveLength(category.permissionCount);
      for (const permission of category.permissions) {
        expect(permission.category).toBe(category.key);
        expect(permission.key.startsWith(`${category.key}.`)).toBe(true);
        expect(permission.title).not.toBe('');
      }
    }
    expect(new Set(permissions().map((permission) => permission.key)).size).toBe(permissions().length);
  });

  it('says which permissions only read, and which are global', () => {
    expect(permissions().filter(({ access }) => access === 'READ')).toHaveLength(reads);
    expect(
      permissions()
        .filter(({ scope }) => scope === 'GLOBAL')
        .map((permission) => permission.key),
    ).toEqual(global);
    expect(new Set(permissions().map(({ access }) => access))).toEqual(new Set(['READ', 'WRITE']));
  });

  it('holds no global permission by a role', () => {
    expect(
      matrix.roles.flatMap((role) => role.permissions).filter((held) => (global as readonly string[]).includes(held)),
    ).toEqual([]);
  });

  it('counts the permissions of each role in each category', () => {
    expect(matrix.counts).toHaveLength(Object.keys(roles).length * Object.keys(categories).length);
    for (const { role, category, count } of matrix.counts) {
      const held = matrix.roles.find((known) => known.key === role)!.permissions;
      expect([role, category, count]).toEqual([
        role,
        category,
        held.filter((permission) => permission.startsWith(`${category}.`)).length,
      ]);
    }
    for (const [role, total] of Object.entries(roles)) {
      expect(matrix.counts.filter((entry) => entry.role === role).reduce((sum, entry) => sum + entry.count, 0)).toBe(total);
    }
  });

  it('is the same in the list of all, and by way of a tenant', async () => {
    const { tenantId } = await world.tenant({ matrix: key });
    const all = await world.root.ask<{ roleMatrices: Matrix[]; tenant: { matrix: Matrix } }>(
      `query($id: ID!) { roleMatrices { ${MATRIX} } tenant(id: $id) { matrix { ${MATRIX} } } }`,
      { id: tenantId },
    );
    expect(all.roleMatrices.map((one) => one.key)).toEqual(['fastn', 'nanami']);
    expect(all.roleMatrices.find((one) => one.key === key)).toEqual(matrix);
    expect(all.tenant.matrix).toEqual(matrix);
  });
});

describe('a role matrix', () => {
  it.each(['FASTN', 'fast', 'constructor', '__proto__', 'nobody'])('of the unknown key %s is null', async (key) => {
    expect(await matrixOf(key)).toBeNull();
  });

  it('is for anybody signed in, and for nobody else', async () => {
    const stranger = await world.person();
    expect(await stranger.client.ask('{ roleMatrix(key: "fastn") { key } }')).toEqual({ roleMatrix: { key: 'fastn' } });
    expect(await world.anonymous.codes('{ roleMatrix(key: "fastn") { key } roleMatrices { key } }')).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
  });
});

describe('what the system roles of fastn may do', () => {
  const MAY_NOT: readonly (readonly [string, readonly string[]])[] = [
    ['owner', []],
    ['admin', []],
    ['developer', ['membership.manage', 'roles.manage', 'billing.read', 'billing.manage', 'settings.manage']],
  ];
  it.each(MAY_NOT)('is everything for the %s but %j', async (key, but) => {
    const { categories, roles } = await matrixOf('fastn');
    const all = categories.flatMap((category) => category.permissions.map((permission) => permission.key));
    expect(roles.find((role) => role.key === key)!.permissions).toEqual(
      all.filter((permission) => !but.includes(permission)).toSorted(),
    );
  });

  it('is to look for the viewer, and the widget for the end user', async () => {
    const { roles } = await matrixOf('fastn');
    expect(roles.find((role) => role.key === 'viewer')!.permissions).toEqual(
      ['activity', 'agents', 'connections', 'connectors', 'customers', 'tools', 'workflows'].map(
        (category) => `${category}.read`,
      ),
    );
    expect(roles.find((role) => role.key === 'end_user')!.permissions).toEqual([
      'activity.read',
      'connections.create',
      'connections.delete',
      'connections.read',
      'connections.reauthorize',
      'connections.sync',
      'connections.update',
      'connectors.read',
      'workflows.read',
    ]);
  });
});
