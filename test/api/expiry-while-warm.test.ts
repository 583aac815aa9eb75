import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { StatementLog } from '../support/statements.js';
import { must, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
let statements: StatementLog;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  statements = new StatementLog(test);
});
afterAll(() => test.close());

const CHECK = 'query($input: CheckInput!) { check(input: $input) { reason } }';
/** For every caller that there is. */
const MATRIX = '{ roleMatrix(key: "fastn") { key } }';
/** Well within the bound of staleness: nothing is read anew because it is old. */
const LIFE_MS = 600;

const soon = (): string => new Date(test.clock.now() + LIFE_MS).toISOString();

async function reasonOf(input: object): Promise<string> {
  return (await world.root.ask<{ check: { reason: string } }>(CHECK, { input })).check.reason;
}

interface Expiring {
  readonly ask: () => Promise<string>;
  readonly before: string;
  readonly after: string;
}

const EXPIRING: readonly (readonly [string, () => Promise<Expiring>])[] = [
  [
    'a membership',
    async () => {
      const { tenantId } = await world.tenant();
      const { userId } = await world.member(tenantId, 'developer', { expiresAt: soon() });
      return { ask: () => reasonOf({ tenantId, userId, permission: 'connectors.publish' }), before: 'GRANTED_BY_ROLE', after: 'MEMBERSHIP_EXPIRED' };
    },
  ],
  [
    'an override',
    async () => {
      const { tenantId } = await world.tenant({ departments: ['sales'] });
      const { userId } = await world.member(tenantId, 'viewer');
      await must(world.root.mutate('setDepartmentOverride', { tenantId, userId, departmentId: 'sales', role: 'developer', expiresAt: soon() }, 'revision'));
      const input = { tenantId, userId, departmentId: 'sales', permission: 'connectors.publish' };
      return { ask: () => reasonOf(input), before: 'GRANTED_BY_DEPARTMENT_OVERRIDE', after: 'NOT_GRANTED' };
    },
  ],
  [
    'the caller\'s own membership, by which the guard lets them in,',
    async () => {
      const { tenantId, owner } = await world.tenant();
      const { client } = await world.member(tenantId, 'admin', { expiresAt: soon() });
      const input = { tenantId, userId: owner.userId, permission: 'connectors.publish' };
      return { ask: () => codeOf(client.codes(CHECK, { input })), before: 'OK', after: 'FORBIDDEN' };
    },
  ],
  [
    'a key',
    async () => {
      const input = { tenantId: null, name: 'A key', capabilities: ['decision.read'], expiresAt: soon() };
      const { data } = await must(world.root.mutate<{ secret: string }>('createApiKey', input, 'secret'));
      const client = world.anonymous.as(data!['createApiKey']!.secret);
      return { ask: () => codeOf(client.codes(MATRIX)), before: 'OK', after: 'UNAUTHENTICATED' };
    },
  ],
  [
    'a sign-in, though its token says nothing of that,',
    async () => {
      const { userId, client } = await world.person();
      await test.gateway.database.dataSource.query('UPDATE sign_ins SET expires_at = $1 WHERE user_id = $2', [soon(), userId]);
      return { ask: () => codeOf(client.codes(MATRIX)), before: 'OK', after: 'UNAUTHENTICATED' };
    },
  ],
];

async function codeOf(codes: Promise<readonly string[]>): Promise<string> {
  return (await codes)[0] ?? 'OK';
}

/** What is said, and how many statements read anything for it. */
async function answered(ask: () => Promise<string>): Promise<{ said: string; factsRead: number }> {
  let said = '';
  const made = await statements.during(async () => {
    said = await ask();
  });
  return { said, factsRead: made.filter((statement) => statement.includes('SELECT')).length };
}

describe('with everything at hand and nothing read anew,', () => {
  it.each(EXPIRING)('%s ends at its very millisecond', async (_what, make) => {
    const { ask, before, after } = await make();
    expect(await ask()).toBe(before);
    test.clock.advance(LIFE_MS - 1);
    expect(await answered(ask)).toEqual({ said: before, factsRead: 0 });
    test.clock.advance(1);
    expect(await answered(ask)).toEqual({ said: after, factsRead: 0 });
  });
});
