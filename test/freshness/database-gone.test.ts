import type { Pool } from 'pg';
import { endAll, startGatehouse } from '../start/command.js';
import { DatabaseProxy } from '../start/database-proxy.js';
import { Client } from '../support/client.js';
import { ROOT_KEY } from '../support/gateway.js';
import { openPool } from '../support/postgres.js';
import { must } from '../support/world.js';
import { type Place, PLACES, print } from './site.js';

const CHECK = 'query($input: CheckInput!, $consistency: ConsistencyInput) { check(input: $input, consistency: $consistency) { allowed reason } }';
const LOW_LATENCY = {};
const BACK_WITHIN_MS = 5_000;
/** Milliseconds of asking without a database, past the bound. */
const GONE_MS = 1_500;

/** One answer, or the code of the error that came in its place. */
interface Answer {
  readonly place: Place;
  readonly consistency: object;
  readonly sentAt: number;
  readonly said: string;
}

const input = { tenantId: 'cut-off', userId: 'dora', permission: 'connectors.publish' };
const STALENESS_MS = 1_000;

/** Three processes of their own, the way from them to the database, and one past it. */
let proxy: DatabaseProxy;
let db: Pool;
let clients: readonly Client[];
beforeEach(async () => {
  proxy = await DatabaseProxy.make();
  await proxy.open();
  db = openPool(proxy.directUrl, 2);
  const env = { DATABASE_URL: proxy.url, GATEHOUSE_ROOT_KEY: ROOT_KEY, STALENESS_MS: String(STALENESS_MS) };
  const urls: string[] = [];
  for (const _place of PLACES) urls.push(await startGatehouse(env).ready());
  clients = urls.map((url) => new Client(url, ROOT_KEY));
  const root = clients[0]!;
  for (const id of ['olga', 'dora']) await must(root.mutate('createUser', { id, name: id }, 'user { id }'));
  await must(root.mutate('createTenant', { id: input.tenantId, name: 'Cut off', matrix: 'fastn', ownerId: 'olga' }, 'revision'));
  await must(root.mutate('addMember', { tenantId: input.tenantId, userId: input.userId, role: 'developer' }, 'revision'));
}, 120_000);
afterEach(async () => {
  await endAll();
  await db.end();
  await proxy.close();
  await proxy.drop();
});

async function ask(place: Place, consistency: object = LOW_LATENCY): Promise<Answer> {
  const sentAt = performance.now();
  const { data, errors, status } = await clients[place]!.send<{ check: { reason: string } }>(CHECK, { input, consistency });
  const said = errors.length > 0 ? `${status} ${errors.map((error) => error.extensions.code).join()}` : data!.check.reason;
  return { place, consistency, sentAt, said };
}

/** Asks the node one question after the other, as long as told. */
async function asking(place: Place, goesOn: () => boolean): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; goesOn(); i += 1) answers.push(await ask(place, i % 3 === 2 ? { mode: 'FULL' } : LOW_LATENCY));
  return answers;
}

async function readiness(place: Place): Promise<number> {
  const response = await fetch(`${clients[place]!.url}/readyz`);
  await response.text();
  return response.status;
}

/** Milliseconds from `since` until it is so. */
async function becomes<T>(what: () => Promise<T>, wanted: T, since: number): Promise<number> {
  while ((await what()) !== wanted && performance.now() - since < 4 * BACK_WITHIN_MS) continue;
  return performance.now() - since;
}

it('without the database, no node decides anything past the bound, and all are right and ready again soon after it is back', async () => {
  expect((await Promise.all(PLACES.map((place) => ask(place)))).map(({ said }) => said)).toEqual(PLACES.map(() => 'GRANTED_BY_ROLE'));
  let isGone = true;
  const asked = PLACES.map((place) => asking(place, () => isGone));
  await proxy.close();
  const goneAt = performance.now();
  // Nodes hear nothing of this before the database is back for them.
  await db.query(`UPDATE memberships SET role_key = 'viewer' WHERE tenant_id = $1 AND user_id = $2`, [input.tenantId, input.userId]);
  await db.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [input.tenantId]);
  const red = await Promise.all(PLACES.map((place) => becomes(() => readiness(place), 503, goneAt)));
  while (performance.now() - goneAt < STALENESS_MS + GONE_MS) await ask(0);
  isGone = false;
  const answers = (await Promise.all(asked)).flat();

  await proxy.open();
  const backAt = performance.now();
  const right = await Promise.all(PLACES.map((place) => becomes(async () => (await ask(place)).said, 'NOT_GRANTED', backAt)));
  const green = await Promise.all(PLACES.map((place) => becomes(() => readiness(place), 200, backAt)));
  await must(clients[1]!.mutate('changeMemberRole', { tenantId: input.tenantId, userId: input.userId, role: 'developer' }, 'revision'));
  print('database gone', { answers: answers.length, redAfter: red.map(Math.round), rightAfter: right.map(Math.round), readyAfter: green.map(Math.round) });

  const answersFrom = (from: number) => answers.filter(({ sentAt }) => sentAt >= goneAt + from);
  expect(new Set(answersFrom(STALENESS_MS).map(({ said }) => said))).toEqual(new Set(['503 UNAVAILABLE']));
  for (const place of PLACES) expect(answersFrom(STALENESS_MS).some((answer) => answer.place === place)).toBe(true);
  // Within the bound there may be what was at hand, and never anything for whoever asks for the present.
  const within = answersFrom(0).filter(({ consistency }) => consistency === LOW_LATENCY);
  expect(new Set(within.map(({ said }) => said))).toEqual(new Set(['GRANTED_BY_ROLE', '503 UNAVAILABLE']));
  expect(new Set(answersFrom(0).filter(({ consistency }) => consistency !== LOW_LATENCY).map(({ said }) => said))).toEqual(new Set(['503 UNAVAILABLE']));
  expect(Math.max(...right, ...green)).toBeLessThan(BACK_WITHIN_MS);
}, 120_000);

it('with a way to the database that is cut for a moment again and again, a revocation still counts on every node within the bound', async () => {
  const answers: Promise<Answer[]>[] = [];
  let isOver = false;
  for (const place of PLACES) answers.push(asking(place, () => !isOver));
  for (let i = 0; i < 3; i += 1) {
    await proxy.close();
    await proxy.open();
    await Promise.all(PLACES.map((place) => becomes(async () => (await ask(place, { mode: 'FULL' })).said, 'GRANTED_BY_ROLE', performance.now())));
  }
  await must(clients[2]!.mutate('changeMemberRole', { tenantId: input.tenantId, userId: input.userId, role: 'viewer' }, 'revision'));
  const revokedAt = performance.now();
  while (performance.now() - revokedAt < STALENESS_MS * 1.5) await ask(1);
  isOver = true;
  const said = (await Promise.all(answers)).flat();
  const expected = new Set(['GRANTED_BY_ROLE', 'NOT_GRANTED', '503 UNAVAILABLE']);
  expect(said.filter((answer) => !expected.has(answer.said))).toEqual([]);
  expect(said.filter((answer) => answer.said === 'GRANTED_BY_ROLE' && answer.sentAt > revokedAt + STALENESS_MS)).toEqual([]);
  expect(PLACES.map((place) => said.findLast((answer) => answer.place === place)!.said)).toEqual(PLACES.map(() => 'NOT_GRANTED'));
}, 120_000);
