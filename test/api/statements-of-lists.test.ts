import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { StatementLog } from '../support/statements.js';
import { must, World } from '../support/world.js';
import { pageIn } from './lists.js';
import { manyMembers, manyTenants } from './many-rows.js';

let test: GatewayForTests;
let world: World;
let statements: StatementLog;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  statements = new StatementLog(test);
});
afterAll(() => test.close());

const ROLE = 'role { key name kind surface permissions permissionCount duplicatedFrom }';
const TENANT = `id name status plan features revision matrix { key } owner { id name } roles { key permissions } role(key: "own") { key }`;
const COUNTS = [2, 20, 100] as const;

interface NestedList {
  readonly name: string;
  readonly document: string;
  /** Makes `count` rows and says what names them. */
  readonly seed: (count: number) => Promise<object>;
  /** Statements in all; 12 where it does not say. */
  readonly atMost?: number;
}

const members = async (count: number) => ({ tenantId: (await manyMembers(test, world, count)).tenantId });

const NESTED: readonly NestedList[] = [
  {
    name: 'memberships with user, role, customer, overrides and tenant',
    document: `query($count: Int!, $tenantId: ID!) { tenant(id: $tenantId) { memberships(first: $count) { totalCount edges { node {
      status expiresAt user { id name email } ${ROLE} customer { id name } departmentOverrides { department { id name } ${ROLE} expiresAt } tenant { ${TENANT} } } } } } }`,
    seed: members,
  },
  {
    name: 'users of a search',
    document:
      'query($count: Int!, $search: String!) { users(first: $count, search: $search) { totalCount edges { node { id name email accountRole status } } } }',
    seed: async (count) => ({ search: (await manyMembers(test, world, count)).tenantId }),
  },
  {
    name: 'users with a permission',
    document:
      'query($count: Int!, $input: UsersWithPermissionInput!) { usersWithPermission(input: $input, first: $count) { edges { node { id name } } } }',
    seed: async (count) => ({ input: { ...(await members(count)), permission: 'connectors.read', customerId: 'c1' } }),
  },
  {
    name: "a user's memberships with tenant, owner, roles, role and user",
    document: `query($count: Int!, $userId: ID!) { user(id: $userId) { memberships(first: $count) { totalCount edges { node {
      status user { id name } ${ROLE} departmentOverrides { department { id } } tenant { ${TENANT} } } } } } }`,
    seed: async (count) => ({ userId: (await manyTenants(test, world, count)).userId }),
  },
  {
    name: 'tenants with owner, matrix and roles',
    document: `query($count: Int!) { tenants(first: $count) { totalCount edges { node { ${TENANT} } } } }`,
    seed: async (count) => {
      await manyTenants(test, world, count);
      return {};
    },
  },
  {
    name: 'tenants with a page of each list of their own',
    // Of each of the six lists a page and its totals, and some for what hangs on their rows.
    atMost: 18,
    document: `query($count: Int!) { tenants(first: $count) { edges { node {
      departments(first: 2) { totalCount edges { node { name } } } customers(first: 2) { totalCount edges { node { name } } }
      memberships(first: 2) { totalCount edges { node { status user { name } ${ROLE} } } } membership(userId: "nobody") { status }
      invitations(first: 2) { totalCount edges { node { email } } } apiKeys(first: 2) { totalCount edges { node { name } } }
      auditLog(first: 2) { totalCount edges { node { action } } } } } } }`,
    seed: async (count) => {
      await manyTenants(test, world, count);
      return {};
    },
  },
  {
    name: 'users of a search with a page of their memberships',
    document: `query($count: Int!, $search: String!) { users(first: $count, search: $search) { edges { node {
      name memberships(first: 2) { totalCount edges { node { status tenant { name } ${ROLE} } } } } } } }`,
    seed: async (count) => ({ search: (await manyMembers(test, world, count)).tenantId }),
  },
  {
    name: 'invitations with role and customer',
    document: `query($count: Int!, $tenantId: ID!) { tenant(id: $tenantId) { invitations(first: $count) { totalCount edges { node {
      id email status expiresAt ${ROLE} customer { id name } } } } } }`,
    seed: async (count) => {
      const { tenantId } = await manyMembers(test, world, 0);
      for (let i = 0; i < count; i++) {
        const input = {
          tenantId,
          email: `guest-${i}@people.example`,
          role: i % 2 === 0 ? 'own' : 'viewer',
          customerId: `c${i % 3}`,
        };
        await must(world.root.mutate('inviteMember', input, 'revision'));
      }
      return { tenantId };
    },
  },
];

describe.each(NESTED)('$name', ({ document, seed, atMost = 12 }) => {
  it('take the same statements, be they 2, 20 or 100', async () => {
    const taken: Record<number, readonly string[]> = {};
    for (const count of COUNTS) {
      const variables = { ...(await seed(count)), count };
      let rows = 0;
      taken[count] = await statements.during(async () => {
        rows = pageIn(await world.root.ask(document, variables)).edges.length;
      });
      expect(rows).toBeGreaterThanOrEqual(count / 3);
    }
    const kinds = (count: number) => taken[count]!.map((statement) => /FROM "?(\w+)"?/.exec(statement)?.[1]).toSorted();
    expect(kinds(2).length).toBeGreaterThan(0);
    expect(kinds(2).length).toBeLessThanOrEqual(atMost);
    expect(kinds(20)).toEqual(kinds(2));
    expect(kinds(100)).toEqual(kinds(2));
  });
});

describe('a list', () => {
  const document = 'query($id: ID!) { tenant(id: $id) { departments { edges { node { id } } } } }';

  it('is not counted unless its count is asked for', async () => {
    const { tenantId } = await world.tenant({ departments: ['a'] });
    const without = await statements.during(() => world.root.ask(document, { id: tenantId }));
    const counted = await statements.during(() =>
      world.root.ask(document.replace('edges', 'totalCount edges'), { id: tenantId }),
    );
    expect(without.some((statement) => /count\(/i.test(statement))).toBe(false);
    expect(counted).toHaveLength(without.length + 1);
  });
});
