import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { StatementLog } from '../support/statements.js';
import { type Person, World } from '../support/world.js';
import { manyMembers } from './many-rows.js';

let test: GatewayForTests;
let world: World;
let statements: StatementLog;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  statements = new StatementLog(test);
});
afterAll(() => test.close());

const CHECKS = 'query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed reason revision } }';

interface Question {
  readonly name: string;
  readonly document: string;
  readonly variables: (tenantId: string, userId: string) => object;
}

const permission = 'connectors.publish';
const ABOUT_ONE: readonly Question[] = [
  {
    name: 'check',
    document: 'query($input: CheckInput!) { check(input: $input) { allowed reason role revision } }',
    variables: (tenantId, userId) => ({ input: { tenantId, userId, permission, departmentId: 'sales', customerId: 'initech' } }),
  },
  {
    name: 'checks',
    document: CHECKS,
    variables: (tenantId, userId) => ({
      inputs: [permission, 'billing.manage', 'nothing.at-all'].map((key) => ({ tenantId, userId, permission: key })),
    }),
  },
  {
    name: 'checkPermissions',
    document: 'query($input: CheckPermissionsInput!) { checkPermissions(input: $input) { allowed revision } }',
    variables: (tenantId, userId) => ({ input: { tenantId, userId, permissions: [permission, 'billing.manage'] } }),
  },
  {
    name: 'effectivePermissions',
    document: 'query($input: EffectivePermissionsInput!) { effectivePermissions(input: $input) { keys role reason revision } }',
    variables: (tenantId, userId) => ({ input: { tenantId, userId, departmentId: 'sales' } }),
  },
  {
    name: 'explain',
    document: 'query($input: CheckInput!) { explain(input: $input) { decision { allowed } steps { detail } } }',
    variables: (tenantId, userId) => ({ input: { tenantId, userId, permission } }),
  },
];

const CAN: Question = {
  name: 'viewer.can',
  document: 'query($tenantId: ID!) { viewer { can(tenantId: $tenantId, permission: "connectors.publish") } }',
  variables: (tenantId) => ({ tenantId }),
};

describe('what is known already', () => {
  const places = { departments: ['sales'], customers: ['initech'] };

  it.each([...ABOUT_ONE, CAN])('answers $name about the caller without a statement', async ({ document, variables }) => {
    const { tenantId } = await world.tenant(places);
    const { userId, client }: Person = await world.member(tenantId, 'developer');
    const ask = () => client.ask(document, { ...variables(tenantId, userId) });
    expect((await statements.during(ask)).length).toBeGreaterThan(0);
    expect(await statements.during(ask)).toEqual([]);
  });

  it.each(ABOUT_ONE)('answers $name about others without a statement', async ({ document, variables }) => {
    const { tenantId, owner } = await world.tenant(places);
    const { userId } = await world.member(tenantId, 'developer');
    const service = await world.key(tenantId, ['decision.read']);
    const ask = (client: Person['client']) => () => client.ask(document, { ...variables(tenantId, userId) });
    for (const client of [owner.client, service, world.root]) {
      await ask(client)();
      // The first use of a key is noted behind its caller's back, at some moment soon after.
      const asked = (await statements.during(ask(client))).filter((statement) => !statement.startsWith('UPDATE "api_keys"'));
      expect(asked).toEqual([]);
    }
  });

  it('answers about somebody unknown, or in a tenant unknown, with at most one statement', async () => {
    const { tenantId } = await world.tenant();
    const asked: readonly (readonly [string, string, number])[] = [
      [tenantId, 'nobody', 1],
      ['nowhere', 'nobody', 1],
    ];
    for (const [tenant, userId, most] of asked) {
      const ask = () => world.root.ask(CHECKS, { inputs: [{ tenantId: tenant, userId, permission }] });
      await ask();
      expect((await statements.during(ask)).length).toBeLessThanOrEqual(most);
    }
  });

  it('is read anew, by one statement, once it is older than the bound', async () => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.member(tenantId, 'developer');
    const ask = () => world.root.ask(CHECKS, { inputs: [{ tenantId, userId, permission }] });
    await ask();
    test.clock.advance(test.config.stalenessMs);
    expect(await statements.during(ask)).toEqual([]);
    test.clock.advance(1);
    expect(await statements.during(ask)).toHaveLength(1);
    expect(await statements.during(ask)).toEqual([]);
  });

  it('is read anew, by one statement, for FULL', async () => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.member(tenantId, 'developer');
    const full = 'query($input: CheckInput!) { check(input: $input, consistency: { mode: FULL }) { allowed } }';
    const ask = () => world.root.ask(full, { input: { tenantId, userId, permission } });
    await ask();
    expect(await statements.during(ask)).toHaveLength(1);
  });
});

describe('a batch about members of whom nothing is known takes one statement', () => {
  it.each([1, 2, 100])('where it is about %d of one tenant', async (count) => {
    const { tenantId, userIds } = await manyMembers(test, world, count);
    const inputs = userIds.map((userId) => ({ tenantId, userId, permission }));
    expect(await statements.during(() => world.root.ask(CHECKS, { inputs }))).toHaveLength(1);
    expect(await statements.during(() => world.root.ask(CHECKS, { inputs }))).toEqual([]);
  });

  it('where it asks 1,000 questions', async () => {
    const { tenantId, userIds } = await manyMembers(test, world, 100);
    const inputs = Array.from({ length: 1000 }, (_, i) => ({ tenantId, userId: userIds[i % 100]!, permission }));
    expect(await statements.during(() => world.root.ask(CHECKS, { inputs }))).toHaveLength(1);
  });

  it('where it is about members of two tenants, one of them at hand', async () => {
    const [known, unknown] = [await manyMembers(test, world, 2), await manyMembers(test, world, 1)];
    const about = ({ tenantId, userIds }: typeof known, i: number) => ({ tenantId, userId: userIds[i]!, permission });
    await world.root.ask(CHECKS, { inputs: [about(known, 0)] });
    const ask = () => world.root.ask(CHECKS, { inputs: [about(known, 0), about(known, 1), about(unknown, 0)] });
    expect(await statements.during(ask)).toHaveLength(1);
  });

  it('where it arrives at once as 30 fields of one request', async () => {
    const { tenantId, userIds } = await manyMembers(test, world, 30);
    const fields = userIds.map(
      (userId, i) =>
        `c${i}: check(input: { tenantId: "${tenantId}", userId: "${userId}", permission: "${permission}" }) { allowed }`,
    );
    expect(await statements.during(() => world.root.ask(`{ ${fields.join(' ')} }`))).toHaveLength(1);
  });
});
