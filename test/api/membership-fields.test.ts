import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { richTenant, type RichTenant } from './rich-tenant.js';

let test: GatewayForTests;
let world: World;
let rich: RichTenant;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  rich = await richTenant(world);
});
afterAll(() => test.close());

const MEMBERSHIP = `tenant { id } user { id name email accountRole status } role { key kind } status customer { id name } expiresAt
  departmentOverrides { department { id name } role { key kind } expiresAt }`;

const membershipOf = async (userId: string, client = rich.owner.client) =>
  (
    await client.ask<{ tenant: { membership: object | null } }>(
      `query($id: ID!, $userId: ID!) { tenant(id: $id) { membership(userId: $userId) { ${MEMBERSHIP} } } }`,
      { id: rich.tenantId, userId },
    )
  ).tenant.membership;

describe('a membership', () => {
  const person = (userId: string, name: string) => ({
    id: userId,
    name,
    email: `${userId}@people.example`,
    accountRole: 'MEMBER',
    status: 'ACTIVE',
  });

  it('of the staff has a role, no customer, and perhaps an end', async () => {
    const { userId } = rich.developer;
    expect(await membershipOf(userId)).toEqual({
      tenant: { id: rich.tenantId },
      user: person(userId, 'developer'),
      role: { key: 'developer', kind: 'SYSTEM' },
      status: 'ACTIVE',
      customer: null,
      expiresAt: '2031-01-01T00:00:00.000Z',
      departmentOverrides: [],
    });
  });

  it('of an end user is bound to a customer', async () => {
    expect(await membershipOf(rich.endUser.userId)).toMatchObject({
      role: { key: 'end_user' },
      customer: { id: 'initech', name: 'initech' },
      expiresAt: null,
    });
  });

  it('has its overrides by department, with roles of both kinds', async () => {
    expect(await membershipOf(rich.viewer.userId)).toMatchObject({
      role: { key: 'viewer', kind: 'SYSTEM' },
      departmentOverrides: [
        {
          department: { id: 'sales', name: 'sales' },
          role: { key: 'auditor', kind: 'CUSTOM' },
          expiresAt: '2031-02-03T04:05:06.789Z',
        },
        { department: { id: 'support', name: 'support' }, role: { key: 'operator', kind: 'SYSTEM' }, expiresAt: null },
      ],
    });
    expect(await membershipOf(rich.auditor.userId)).toMatchObject({ role: { key: 'auditor', kind: 'CUSTOM' } });
  });

  it('that there is not is null', async () => {
    const { userId } = await world.person();
    expect(await membershipOf(userId)).toBeNull();
    expect(await membershipOf('nobody')).toBeNull();
  });

  it('is the same for the member themselves', async () => {
    for (const { userId, client } of [rich.endUser, rich.viewer])
      expect(await membershipOf(userId, client)).toEqual(await membershipOf(userId));
  });

  const places: readonly (readonly [string, string, string, number])[] = [
    ['for a viewer anywhere', 'viewer', '', 7],
    ['for a viewer where they are an operator', 'viewer', '(departmentId: "support")', 18],
    ['for a viewer where they are an auditor', 'viewer', '(departmentId: "sales")', 9],
    ['for an end user on the platform', 'endUser', '(customerId: "initech")', 0],
    ['for an end user in the widget of their customer', 'endUser', '(customerId: "initech", surface: WIDGET)', 9],
    ['for an end user in the widget of another', 'endUser', '(customerId: "hooli", surface: WIDGET)', 0],
    ['for an owner', 'owner', '', 39],
  ];
  it.each(places)('has the effective permissions %s', async (_name, who, place, count) => {
    const { userId } = rich[who as 'viewer'];
    const { tenant } = await world.root.ask<{
      tenant: { membership: { effectivePermissions: { keys: string[]; categories: { held: number }[] } } };
    }>(
      `query($id: ID!, $userId: ID!) { tenant(id: $id) { membership(userId: $userId) { effectivePermissions${place} { keys categories { held } } } } }`,
      { id: rich.tenantId, userId },
    );
    const { keys, categories } = tenant.membership.effectivePermissions;
    expect(keys).toHaveLength(count);
    expect(categories.reduce((sum, { held }) => sum + held, 0)).toBe(count);
  });
});

describe('the memberships of a tenant', () => {
  const FILTERED = `query($id: ID!, $role: ID, $departmentId: ID, $customerId: ID) {
    tenant(id: $id) { memberships(role: $role, departmentId: $departmentId, customerId: $customerId) { totalCount edges { node { user { id } } } } } }`;
  const everybody = ['owner', 'admin', 'developer', 'viewer', 'endUser', 'auditor'];
  const filters: readonly (readonly [string, object, readonly string[]])[] = [
    ['without a filter', {}, everybody],
    ['with filters that are null', { role: null, departmentId: null, customerId: null }, everybody],
    ['of a system role', { role: 'viewer' }, ['viewer']],
    ['of a custom role, not of the one whose key differs by case', { role: 'auditor' }, ['auditor']],
    ['of a role that nobody holds', { role: 'operator' }, []],
    ['of a role that there is not', { role: 'nobody' }, []],
    ['with an override in a department', { departmentId: 'support' }, ['viewer']],
    ['with an override in a department that there is not', { departmentId: 'nowhere' }, []],
    ['bound to a customer', { customerId: 'initech' }, ['endUser']],
    ['bound to a customer to whom nobody is bound', { customerId: 'hooli' }, []],
    ['of a role and in a department', { role: 'viewer', departmentId: 'sales' }, ['viewer']],
    ['of another role and in a department', { role: 'auditor', departmentId: 'sales' }, []],
    ['of a role and bound to a customer', { role: 'end_user', customerId: 'initech' }, ['endUser']],
    ['of everything at once', { role: 'end_user', departmentId: 'sales', customerId: 'initech' }, []],
  ];
  it.each(filters)('%s are those, and are counted so', async (_name, filter, who) => {
    const { tenant } = await rich.owner.client.ask<{
      tenant: { memberships: { totalCount: number; edges: { node: { user: { id: string } } }[] } };
    }>(FILTERED, { id: rich.tenantId, ...filter });
    const expected = who.map((name) => rich[name as 'owner'].userId).toSorted();
    expect(tenant.memberships).toEqual({
      totalCount: expected.length,
      edges: expected.map((id) => ({ node: { user: { id } } })),
    });
  });

  it('of one tenant are not those of another who has the same departments, customers and people', async () => {
    const other = await world.tenant({ departments: ['support'], customers: ['initech'] });
    const input = { tenantId: other.tenantId, userId: rich.viewer.userId, role: 'viewer', customerId: 'initech' };
    await must(world.root.mutate('addMember', input, 'revision'));
    const { tenant } = await world.root.ask<{ tenant: object }>(FILTERED, { id: other.tenantId, departmentId: 'support' });
    expect(tenant).toEqual({ memberships: { totalCount: 0, edges: [] } });
    const { tenant: here } = await world.root.ask<{ tenant: object }>(FILTERED, { id: rich.tenantId, customerId: 'initech' });
    expect(here).toEqual({ memberships: { totalCount: 1, edges: [{ node: { user: { id: rich.endUser.userId } } }] } });
  });
});
