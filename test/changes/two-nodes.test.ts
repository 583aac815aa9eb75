import { Installation, query } from '../start/nodes.js';
import { Client } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';

const CHECK = 'query($input: CheckInput!) { check(input: $input) { allowed reason } }';
/** Real milliseconds: a bound for a notification that does come, not for how fast. */
const PATIENCE_MS = 20_000;

/** By a clock that stands still, with a staleness of a minute: what is at hand never grows old. */
describe('a change on one node', () => {
  let site: Installation;
  let here: GatewayForTests;
  let there: GatewayForTests;
  let world: World;
  let tenantId: string;
  let member: Person;
  beforeEach(async () => {
    site = await Installation.make();
    [here, there] = [await site.start({ env: { STALENESS_MS: '60000' } }), await site.start({ env: { STALENESS_MS: '60000' } })];
    world = new World(here);
    ({ tenantId } = await world.tenant());
    member = await world.member(tenantId, 'developer');
  });
  afterEach(() => site.end());

  const mayPublish = async (node: GatewayForTests): Promise<boolean> => {
    const variables = { input: { tenantId, userId: member.userId, permission: 'connectors.publish' } };
    const { check } = await new World(node).root.ask<{ check: { allowed: boolean } }>(CHECK, variables);
    return check.allowed;
  };
  const changeRole = (role: string) => must(world.root.mutate('changeMemberRole', { tenantId, userId: member.userId, role }, 'revision'));

  async function becomes<T>(ask: () => Promise<T>, expected: T): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (let answer = await ask(); ; answer = await ask()) {
      if (JSON.stringify(answer) === JSON.stringify(expected)) return;
      if (performance.now() > end) throw new Error(`it is still ${JSON.stringify(answer)}`);
    }
  }

  const FEEDS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse changes'`;
  const feeds = async () => (await query<{ pid: number }>(here, `SELECT pid ${FEEDS} ORDER BY pid`)).map(({ pid }) => pid);

  it('counts on the other at once', async () => {
    expect(await mayPublish(there)).toBe(true);
    await changeRole('viewer');
    await becomes(() => mayPublish(there), false);
    await changeRole('developer');
    await becomes(() => mayPublish(there), true);
  });

  it('ends sign-ins on the other at once', async () => {
    const elsewhere = new Client(there.url, await world.signIn(member.userId));
    expect(await elsewhere.codes('{ viewer { user { id } } }')).toEqual([]);
    await must(world.root.mutate('disableUser', { userId: member.userId }, 'user { id }'));
    await becomes(() => elsewhere.codes('{ viewer { user { id } } }'), ['UNAUTHENTICATED']);
  });

  it('counts on the other also where it heard nothing of it, and the next one is heard again', async () => {
    expect(await mayPublish(there)).toBe(true);
    const before = await feeds();
    expect(before).toHaveLength(2);
    await query(here, `SELECT pg_terminate_backend(pid) ${FEEDS}`);
    await changeRole('viewer');
    await becomes(() => mayPublish(there), false);
    await becomes(async () => (await feeds()).filter((pid) => !before.includes(pid)).length, 2);
    await changeRole('developer');
    await becomes(() => mayPublish(there), true);
  });
});
