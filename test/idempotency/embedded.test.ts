import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { effects, newKey, outcome, send } from './keyed.js';
import { MUTATIONS } from './mutations.js';

let test: GatewayForTests;
let world: World;

beforeAll(async () => {
  test = await gatewayForTests({ kind: 'embedded' });
  world = new World(test);
});
afterAll(() => test.close());

it.each(['createApiKey', 'transferOwnership'])('carries %s out once on the embedded database, however many ask at once', async (mutation) => {
  const { client, request } = await MUTATIONS[mutation]!(world);
  const before = await effects(test);
  const key = newKey();
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(client, request, key)));
  expect(answers[0]!.errors).toEqual([]);
  expect(new Set(answers.map((answer) => JSON.stringify(outcome(answer)))).size).toBe(1);
  expect((await effects(test)) - before).toBe(1);
});
