import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { type ListCase, LISTS, pageIn, type PageOf, type Seeded } from './lists.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

describe.each(LISTS)('$name', (list: ListCase) => {
  let seeded: Seeded;
  beforeAll(async () => {
    seeded = await list.seed(world);
  });

  const read = async (first?: number | null, after?: string | null): Promise<PageOf> =>
    pageIn(
      await seeded.client.ask(list.document, {
        ...seeded.variables,
        ...(first === undefined ? {} : { first }),
        ...(after === undefined ? {} : { after }),
      }),
    );
  const keysOf = (page: PageOf): string[] => page.edges.map(({ node }) => list.key(node));

  it.each([1, 2, 3, 5])('gives each item once and in order to who walks it by %d', async (first) => {
    const walked: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages <= seeded.keys.length; pages++) {
      const page = await read(first, after);
      walked.push(...keysOf(page));
      expect(page.totalCount).toBe(seeded.keys.length);
      expect(page.pageInfo).toEqual({
        hasNextPage: walked.length < seeded.keys.length,
        hasPreviousPage: pages > 0,
        startCursor: page.edges[0]?.cursor,
        endCursor: page.edges.at(-1)?.cursor,
      });
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(walked).toEqual(seeded.keys);
  });

  it.each([
    ['without first', undefined],
    ['with first null', null],
    ['with first as many as there are', 'all'],
    ['with first 100', 100],
  ] as const)('gives everything at once %s', async (_name, first) => {
    const page = await read(first === 'all' ? seeded.keys.length : first);
    expect(keysOf(page)).toEqual(seeded.keys);
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  it('gives nothing but the count with first 0', async () => {
    expect(await read(0)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: seeded.keys.length,
    });
  });

  it('is at its end behind the last item', async () => {
    const { pageInfo } = await read(100);
    expect(await read(100, pageInfo.endCursor)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
      totalCount: seeded.keys.length,
    });
  });
});
