import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { type ListCase, LISTS, pageIn, type Seeded } from './lists.js';

interface Change {
  readonly list: string;
  readonly add: (id: string, seeded: Seeded) => Promise<unknown>;
  readonly remove: (id: string, seeded: Seeded) => Promise<unknown>;
}

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const change = (mutation: string, input: object, select: string) => must(world.root.mutate(mutation, { ...input }, select));
const addMember = async (userId: string, role: string, tenant: object) => {
  await change('createUser', { id: userId, name: 'Newcomer' }, 'user { id }');
  await change('addMember', { ...tenant, userId, role }, 'revision');
};

const CHANGES: readonly Change[] = [
  {
    list: 'Tenant.departments',
    add: (id, { variables }) => change('createDepartment', { ...variables, id, name: id }, 'revision'),
    remove: (departmentId, { variables }) => change('deleteDepartment', { ...variables, departmentId }, 'id'),
  },
  {
    list: 'Tenant.customers',
    add: (id, { variables }) => change('createCustomer', { ...variables, id, name: id }, 'revision'),
    remove: (customerId, { variables }) => change('deleteCustomer', { ...variables, customerId }, 'id'),
  },
  {
    list: 'Tenant.memberships',
    add: (userId, { variables }) => addMember(userId, 'viewer', variables),
    remove: (userId, { variables }) => change('removeMember', { ...variables, userId }, 'id'),
  },
  {
    list: 'Query.usersWithPermission',
    add: (userId, { variables }) => addMember(userId, 'operator', { tenantId: tenantIn(variables) }),
    remove: (userId, { variables }) => change('removeMember', { tenantId: tenantIn(variables), userId }, 'id'),
  },
];

function tenantIn(variables: Seeded['variables']): string {
  return (variables['input'] as { tenantId: string }).tenantId;
}

describe.each(CHANGES)('whoever walks $list while it changes', ({ list: name, add, remove }) => {
  const list: ListCase = LISTS.find((known) => known.name === name)!;

  /** Walks by two; after each page, `between` may change the list. Returns the keys met, in order. */
  async function walk(seeded: Seeded, between: (met: readonly string[]) => Promise<unknown>): Promise<string[]> {
    const met: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page = pageIn(await seeded.client.ask(list.document, { ...seeded.variables, first: 2, after }));
      met.push(...page.edges.map(({ node }) => list.key(node)));
      if (!page.pageInfo.hasNextPage) return met;
      after = page.pageInfo.endCursor;
      await between(met);
    }
  }

  it('meets everything that stays, once, though something is added before and behind them at every page', async () => {
    const seeded = await list.seed(world);
    const added: string[] = [];
    const met = await walk(seeded, async (sofar) => {
      if (added.length >= 6) return;
      for (const id of [`${sofar.at(-1)}+`, `${sofar[0]}!`]) {
        if (added.includes(id)) continue;
        added.push(id);
        await add(id, seeded);
      }
    });
    expect(met).toEqual(met.toSorted());
    expect(new Set(met).size).toBe(met.length);
    expect(met.filter((key) => !added.includes(key))).toEqual(seeded.keys);
    expect(added.filter((id) => met.includes(id))).toEqual(added.filter((id) => id.endsWith('+')));
  });

  it('meets everything that stays, once, though what they have just met is removed at every page', async () => {
    const seeded = await list.seed(world);
    const met = await walk(seeded, async (sofar) => {
      const last = sofar.at(-1)!;
      if (!last.includes('owner')) await remove(last, seeded);
    });
    expect(met).toEqual(seeded.keys);
  });
});

describe('whoever walks the audit log while it grows', () => {
  it('meets each event that there was at the start, once, newest first', async () => {
    const list = LISTS.find((known) => known.name === 'Tenant.auditLog')!;
    const { client, variables, keys } = await list.seed(world);
    const met: string[] = [];
    let after: string | null = null;
    for (let i = 0; ; i++) {
      const page = pageIn(await client.ask(list.document, { ...variables, first: 3, after }));
      met.push(...page.edges.map(({ node }) => list.key(node)));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
      await change('createDepartment', { ...variables, id: `later-${i}`, name: 'Later' }, 'revision');
    }
    expect(met).toEqual(keys);
  });
});
