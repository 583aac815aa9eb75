import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { AUDITOR, richTenant, type RichTenant } from './rich-tenant.js';

let test: GatewayForTests;
let world: World;
let rich: RichTenant;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  rich = await richTenant(world);
});
afterAll(() => test.close());

const TENANT = 'query($id: ID!) { tenant(id: $id) { id name status plan features revision owner { id } matrix { key } } }';

describe('a tenant', () => {
  const plans: readonly (readonly [string, string, readonly string[]])[] = [
    ['fastn', 'enterprise', ['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS']],
    ['fastn', 'team', ['VIEWER_ACCOUNTS']],
    ['fastn', 'community', []],
    ['nanami', 'enterprise', ['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS']],
  ];
  it.each(plans)('under %s on the plan %s says so', async (matrix, plan, features) => {
    const { tenantId, owner } = await world.tenant({ matrix, plan });
    expect(await owner.client.ask(TENANT, { id: tenantId })).toEqual({
      tenant: {
        id: tenantId,
        name: 'A tenant',
        status: 'ACTIVE',
        plan,
        features,
        revision: '2',
        owner: matrix === 'nanami' ? null : { id: owner.userId },
        matrix: { key: matrix },
      },
    });
  });

  it('that there is not is null for the platform', async () => {
    expect(await world.root.ask(TENANT, { id: 'nowhere' })).toEqual({ tenant: null });
  });

  it('that is suspended still answers the platform', async () => {
    const { tenantId } = await world.tenant();
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    expect(await world.root.ask(TENANT, { id: tenantId })).toMatchObject({ tenant: { status: 'SUSPENDED', revision: '3' } });
  });
});

describe('the roles of a tenant', () => {
  const SYSTEM = ['owner', 'admin', 'developer', 'operator', 'viewer', 'end_user'];
  // Capitals come before small letters.
  const CUSTOM = ['Auditor', 'auditor'];
  const kinds: readonly (readonly [string, object, readonly string[]])[] = [
    ['all of them without a kind', {}, [...SYSTEM, ...CUSTOM]],
    ['all of them with null', { kind: null }, [...SYSTEM, ...CUSTOM]],
    ['system roles in the order of the matrix', { kind: 'SYSTEM' }, SYSTEM],
    ['custom roles by key', { kind: 'CUSTOM' }, CUSTOM],
  ];
  it.each(kinds)('are %s', async (_name, kind, keys) => {
    const document = 'query($id: ID!, $kind: RoleKind) { tenant(id: $id) { roles(kind: $kind) { key } } }';
    expect(await rich.owner.client.ask(document, { id: rich.tenantId, ...kind })).toEqual({
      tenant: { roles: keys.map((key) => ({ key })) },
    });
  });

  const ROLE =
    'query($id: ID!, $key: ID!) { tenant(id: $id) { role(key: $key) { key name description kind surface permissions permissionCount duplicatedFrom } } }';
  const roleOf = async (key: string, id = rich.tenantId) =>
    (await world.root.ask<{ tenant: { role: object | null } }>(ROLE, { id, key })).tenant.role;

  it('that are custom have all that they were made with', async () => {
    const { permissions, ...rest } = AUDITOR;
    expect(await roleOf('auditor')).toEqual({
      ...rest,
      kind: 'CUSTOM',
      surface: 'ALL',
      permissions: permissions.toSorted(),
      permissionCount: 3,
      duplicatedFrom: null,
    });
    expect(await roleOf('Auditor')).toEqual({
      key: 'Auditor',
      name: 'Auditor too',
      description: null,
      kind: 'CUSTOM',
      surface: 'ALL',
      permissions: ['activity.read', 'membership.read'],
      permissionCount: 2,
      duplicatedFrom: 'auditor',
    });
  });

  it('are found by key and by alias, and are null where there is none', async () => {
    expect(await roleOf('end_user')).toMatchObject({
      key: 'end_user',
      kind: 'SYSTEM',
      surface: 'WIDGET_ONLY',
      permissionCount: 9,
    });
    expect(await roleOf('tenant_admin')).toMatchObject({ key: 'admin', permissionCount: 39 });
    for (const key of ['AUDITOR', 'nobody', 'constructor', '__proto__']) expect(await roleOf(key)).toBeNull();
  });

  it('that are custom are not those of another tenant', async () => {
    const other = await world.tenant();
    expect(await roleOf('auditor', other.tenantId)).toBeNull();
  });
});

describe('departments, customers, invitations and keys of a tenant', () => {
  it('have all their fields', async () => {
    const { tenant } = await rich.owner.client.ask<{ tenant: object }>(
      `query($id: ID!) { tenant(id: $id) { departments { edges { node { id name } } } customers { edges { node { id name } } }
         invitations { edges { node { id email role { key } status expiresAt customer { id name } } } }
         apiKeys { edges { node { id name capabilities createdAt lastUsedAt expiresAt revokedAt } } } } }`,
      { id: rich.tenantId },
    );
    const edges = (...nodes: object[]) => ({ edges: nodes.map((node) => ({ node })) });
    expect(tenant).toEqual({
      departments: edges({ id: 'sales', name: 'sales' }, { id: 'support', name: 'support' }),
      customers: edges({ id: 'hooli', name: 'hooli' }, { id: 'initech', name: 'initech' }),
      invitations: edges({
        id: rich.invitationId,
        email: 'guest@people.example',
        role: { key: 'end_user' },
        status: 'PENDING',
        expiresAt: '2030-01-08T00:00:00.000Z',
        customer: { id: 'hooli', name: 'hooli' },
      }),
      apiKeys: edges({
        id: rich.keyId,
        name: 'a service',
        capabilities: ['decision.read', 'tenant.read'],
        createdAt: '2030-01-01T00:00:00.000Z',
        lastUsedAt: null,
        expiresAt: '2032-01-01T00:00:00.000Z',
        revokedAt: null,
      }),
    });
  });
});

describe('the audit log of a tenant', () => {
  it('tells who did what to whom, newest first, with what was before and after', async () => {
    const { tenantId, owner } = await world.tenant();
    await must(owner.client.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales' }, 'revision'));
    test.clock.advance(1500);
    await must(world.root.mutate('updateDepartment', { tenantId, departmentId: 'sales', name: 'Sales & co' }, 'revision'));
    const { tenant } = await owner.client.ask<{ tenant: { auditLog: { edges: { node: Record<string, string> }[] } } }>(
      'query($id: ID!) { tenant(id: $id) { auditLog { edges { node { id revision at actor action target change hash } } } } }',
      { id: tenantId },
    );
    const events = tenant.auditLog.edges.map(({ node }) => node);
    const made = test.clock.now() - 1500;
    expect(events.map(({ id: _id, hash: _hash, change, ...rest }) => ({ ...rest, change: JSON.parse(change!) }))).toEqual([
      {
        revision: '4',
        at: new Date(made + 1500).toISOString(),
        actor: 'key:root',
        action: 'department.renamed',
        target: 'sales',
        change: { before: { name: 'Sales' }, after: { name: 'Sales & co' } },
      },
      {
        revision: '3',
        at: new Date(made).toISOString(),
        actor: owner.userId,
        action: 'department.created',
        target: 'sales',
        change: { before: null, after: { name: 'Sales' } },
      },
      expect.objectContaining({ revision: '2', actor: 'key:root', action: 'tenant.created', target: tenantId }),
    ]);
    for (const { id, hash } of events) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
