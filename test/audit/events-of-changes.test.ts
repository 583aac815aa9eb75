import type { GraphQLObjectType } from 'graphql';
import { manyMembers } from '../api/many-rows.js';
import { attempt } from '../guard/attempts.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { AUDITED_CHANGES, NOT_AUDITED } from './events-of-changes.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

interface Written {
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly change: string | null;
}

const mutationType = (): GraphQLObjectType => test.gateway.parts.schema.getMutationType()!;
/** Of all chains, in the order in which they were written: ids are made by time. */
const written = (): Promise<Written[]> => test.gateway.database.dataSource.query('SELECT id, actor, action, target, change FROM audit_events ORDER BY id');
const people = async (): Promise<string[]> =>
  (await test.gateway.database.dataSource.query<{ id: string }[]>('SELECT id FROM users')).map(({ id }) => id);

describe('what the audit log keeps', () => {
  it.each(Object.entries(AUDITED_CHANGES))('of %s says who did it, and what changed', async (what, prepare) => {
    const mutation = what.split(':')[0]!;
    const { client = world.root, input, events } = await prepare(world, test);
    const before = new Set((await written()).map(({ id }) => id));
    await must(attempt(client, [mutation, input]));
    const left = (await written()).filter(({ id }) => !before.has(id));
    expect(left.map(({ action, actor, target, change }) => ({ action, actor, target, ...(JSON.parse(change!) as object) }))).toEqual(
      Object.entries(events).map(([action, event]) => ({ action, actor: 'key:root', before: null, after: null, ...event })),
    );
    const known = new Set(await people());
    const secrets = [input['secret'], input['password']].filter((secret) => secret !== undefined);
    for (const { actor, change } of left) {
      expect(change).toMatch(/^\{"before":(?!null,"after":null\})/);
      expect(actor.startsWith('key:') || known.has(actor)).toBe(true);
      expect(secrets.filter((secret) => change!.includes(String(secret)))).toEqual([]);
    }
  });
});

it('names the first thousand of those whose role was replaced, and counts them all', async () => {
  const { tenantId, userIds } = await manyMembers(test, world, 1001);
  await must(world.root.mutate('deleteRole', { tenantId, role: 'own', replacementRole: 'viewer' }, 'revision'));
  const { action, change } = (await written()).at(-1)!;
  const { members, departmentOverrides } = (JSON.parse(change!) as { after: Record<string, { count: number; first: unknown[] }> }).after;
  expect([action, members!.count, members!.first.length]).toEqual(['role.deleted', 500, 500]);
  const first = userIds.toSorted().slice(0, 1000).map((userId) => ({ userId, departmentId: 'sales' }));
  expect(departmentOverrides).toEqual({ count: 1001, first });
});

it('is looked at for every mutation', () => {
  const audited = Object.keys(AUDITED_CHANGES).map((name) => name.split(':')[0]!);
  expect([...new Set(audited), ...NOT_AUDITED].sort()).toEqual(Object.keys(mutationType().getFields()).sort());
});
