import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { manyMembers } from './many-rows.js';

/** Three nodes on one database; changes come in at the first. */
let one: GatewayForTests;
let others: readonly [GatewayForTests, GatewayForTests];
let world: World;
let elsewhere: World;
let farther: World;
beforeAll(async () => {
  one = await gatewayForTests();
  const env = { DATABASE_URL: one.config.databaseUrl! };
  others = [await gatewayForTests({ env }), await gatewayForTests({ env })];
  [world, elsewhere, farther] = [one, ...others].map((node) => new World(node)) as [World, World, World];
});
afterAll(async () => {
  for (const node of others) await node.close();
  await one.close();
});

interface Answer {
  readonly allowed: boolean;
  readonly revision: string;
}

const CHECKS =
  'query($inputs: [CheckInput!]!, $consistency: ConsistencyInput) { checks(inputs: $inputs, consistency: $consistency) { allowed revision } }';
const PERMISSION = 'agents.run';
const ROUNDS = 25;

/** Toggles a permission of the custom role that every other member holds; says at which revision it was held. */
async function toggle(tenantId: string, heldAt: Map<string, boolean>): Promise<void> {
  for (let i = 0; i < ROUNDS; i++) {
    const held = i % 2 === 0;
    const permissions = held ? ['agents.read', PERMISSION] : ['agents.read'];
    const { data } = await must(
      world.root.mutate<{ revision: string }>('updateRole', { tenantId, role: 'own', permissions }, 'revision'),
    );
    heldAt.set(data!['updateRole']!.revision, held);
  }
}

async function revisionOf(tenantId: string): Promise<string> {
  const { tenant } = await world.root.ask<{ tenant: { revision: string } }>('query($id: ID!) { tenant(id: $id) { revision } }', {
    id: tenantId,
  });
  return tenant.revision;
}

describe('a list about members of whom a node knows one and not the other', () => {
  it('is answered at one revision, the newer', async () => {
    const { tenantId, userIds } = await manyMembers(one, world, 4);
    const [, known, , unknown] = userIds;
    const ask = async (...asked: (string | undefined)[]) => {
      const inputs = asked.map((userId) => ({
        tenantId,
        userId,
        permission: PERMISSION,
        customerId: userId === known ? 'c2' : 'c1',
      }));
      return (await elsewhere.root.ask<{ checks: Answer[] }>(CHECKS, { inputs })).checks;
    };
    const [before] = await ask(known);
    const role = { tenantId, role: 'own', permissions: ['agents.read', PERMISSION] };
    const { data } = await must(world.root.mutate<{ revision: string }>('updateRole', role, 'revision'));
    const { revision } = data!['updateRole']!;
    expect(revision).not.toBe(before!.revision);
    expect(await ask(known, unknown)).toEqual([
      { allowed: true, revision },
      { allowed: true, revision },
    ]);
  });
});

describe('while a role changes again and again, the answers of one list about one tenant', () => {
  it.each([
    ['on the node of the writer', () => [world], {}],
    ['on the node of the writer, read for each question', () => [world], { mode: 'FULL' }],
    ['on another node, read for each question', () => [elsewhere], { mode: 'FULL' }],
    ['on all nodes at a time', () => [world, elsewhere, farther], {}],
    ['on all nodes at a time, read for each question', () => [world, elsewhere, farther], { mode: 'FULL' }],
  ] as const)('carry one revision, and are right at it, %s', async (_name, at, consistency) => {
    const { tenantId, userIds } = await manyMembers(one, world, 40);
    // Every second member holds the custom role; bound members act for their own customer alone.
    const holders = userIds.filter((_userId, i) => i % 2 === 1);
    const inputs = holders.map((userId, i) => ({ tenantId, userId, permission: PERMISSION, customerId: `c${(i * 2 + 2) % 3}` }));
    const heldAt = new Map([[await revisionOf(tenantId), false]]);
    const lists: (readonly Answer[])[] = [];
    let writing = true;
    const writer = toggle(tenantId, heldAt).finally(() => {
      writing = false;
    });
    const ask = async ({ root }: World): Promise<void> => {
      while (writing) lists.push((await root.ask<{ checks: Answer[] }>(CHECKS, { inputs, consistency })).checks);
    };
    await Promise.all([writer, ...at().map(ask)]);
    for (const answers of lists) {
      expect(answers).toHaveLength(holders.length);
      expect(new Set(answers.map((answer) => `${answer.revision} ${answer.allowed}`)).size).toBe(1);
      const [{ revision, allowed }] = answers as [Answer];
      expect([revision, allowed]).toEqual([revision, heldAt.get(revision)]);
    }
    expect(new Set(lists.map(([answer]) => answer!.revision)).size).toBeGreaterThan(2);
    expect(new Set(lists.map(([answer]) => answer!.allowed))).toEqual(new Set([true, false]));
  });
});
