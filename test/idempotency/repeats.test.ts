import { request as httpRequest } from 'node:http';
import type { GraphqlAnswer } from '../support/client.js';
import { type GatewayForTests, gatewayForTests, ROOT_KEY } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { codesOf, createUser, DAY_MS, effects, isRepeat, newKey, outcome, send } from './keyed.js';
import { MUTATIONS } from './mutations.js';

const AT_ONCE = 8;
const ROUNDS = 10;
/** What is told of a key that cannot be one. */
const UNUSABLE = { code: 'BAD_USER_INPUT', field: 'Idempotency-Key' };

let test: GatewayForTests;
let world: World;

beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const claims = (): Promise<Record<string, unknown>[]> => test.gateway.database.dataSource.query('SELECT * FROM idempotency_keys');

describe.each(Object.entries(MUTATIONS))('%s, sent many times at once under one key', (_mutation, prepare) => {
  it('has one effect and one answer', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { client, request } = await prepare(world);
      const before = await effects(test);
      const key = newKey();
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(client, request, key)));
      const later = await send(client, request, key);
      expect(answers[0]!.errors).toEqual([]);
      expect(new Set([...answers, later].map((answer) => JSON.stringify(outcome(answer)))).size).toBe(1);
      expect(answers.filter(isRepeat)).toHaveLength(AT_ONCE - 1);
      expect((await effects(test)) - before).toBe(1);
    }
  });
});

describe('a key', () => {
  it.each([
    ['other variables', { variables: { input: { id: 'somebody-else', name: 'Somebody' } } }],
    ['another document', { query: 'mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }' }],
  ])('that stands for one request is refused for %s', async (_difference, other) => {
    const key = newKey();
    const first = createUser(world.unique('user'));
    await must(send(world.root, first, key));
    const before = await effects(test);
    const answer = await send(world.root, { ...first, ...other }, key);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['CONFLICT']]);
    expect(answer.errors[0]!.extensions['retryable']).toBeUndefined();
    expect(await effects(test)).toBe(before);
  });

  it('knows its request by another order of its variables', async () => {
    const key = newKey();
    const id = world.unique('user');
    const { query } = createUser(id);
    await must(send(world.root, { query, variables: { input: { id, name: 'Somebody' } } }, key));
    expect(isRepeat(await send(world.root, { query, variables: { input: { name: 'Somebody', id } } }, key))).toBe(true);
  });

  it("is nothing to another caller's key of the same name", async () => {
    const key = newKey();
    const [first, second] = [createUser(world.unique('user')), createUser(world.unique('user'))];
    const other = await world.key(null, ['platform.users']);
    await must(send(world.root, first, key));
    const answer = await must(send(other, second, key));
    expect(isRepeat(answer)).toBe(false);
    expect(codesOf(await send(world.anonymous, first, key))).toEqual(['UNAUTHENTICATED']);
  });

  it('is looked at only where the caller is known', async () => {
    const key = newKey();
    await must(send(world.root, createUser(world.unique('user')), key));
    const before = await claims();
    const answer = await send(world.anonymous.as('not-the-root-key'), createUser(world.unique('user')), key);
    expect([answer.status, isRepeat(answer)]).toEqual([401, false]);
    expect(await claims()).toEqual(before);
  });

  it('is forgotten after a day, and not before', async () => {
    const key = newKey();
    const request = createUser(world.unique('user'));
    const first = await must(send(world.root, request, key));
    test.clock.advance(DAY_MS - 1);
    expect(outcome(await send(world.root, request, key))).toEqual(outcome(first));
    test.clock.advance(1);
    expect(codesOf(await send(world.root, request, key))).toEqual(['CONFLICT']);
    expect(codesOf(await send(world.root, createUser(world.unique('user')), key))).toEqual(['CONFLICT']);
  });

  it('leaves nothing behind for long once it is forgotten', async () => {
    await must(send(world.root, createUser(world.unique('user')), newKey()));
    test.clock.advance(DAY_MS);
    for (let i = 0; i < 60; i++) await send(world.root, createUser('no id at all'), newKey());
    const oldest = Math.min(...(await claims()).map((row) => (row['claimed_at'] as Date).getTime()));
    expect(oldest).toBe(test.clock.now());
  });

  it('is no concern of a query', async () => {
    const before = await claims();
    for (const key of [newKey(), 'has a blank']) {
      const answer = await world.root.send('query($input: ID!) { user(id: $input) { id } }', { input: 'nobody' }, { 'idempotency-key': key });
      expect([answer.status, isRepeat(answer)]).toEqual([200, false]);
    }
    expect(await claims()).toEqual(before);
  });

  it('is no concern of a document that cannot be read', async () => {
    const before = await claims();
    for (const query of ['mutation {', 'mutation A { a } mutation B { b }', `mutation { ${'a '.repeat(3000)} }`]) {
      expect((await send(world.root, { query, variables: {} }, newKey())).status).toBe(400);
    }
    expect(await claims()).toEqual(before);
  });

  it.each([['empty', ''], ['blank', ' '], ['with a blank', 'one two'], ['too long', 'k'.repeat(256)], ['beyond ASCII', 'schlüssel']])(
    'is refused where it is %s',
    async (_flaw, key) => {
      const before = await effects(test);
      const answer = await send(world.root, createUser(world.unique('user')), key);
      expect([answer.status, answer.errors.map(({ extensions }) => extensions)]).toEqual([400, [UNUSABLE]]);
      expect(await effects(test)).toBe(before);
    },
  );

  it('may have 255 characters', async () => {
    const request = createUser(world.unique('user'));
    const key = newKey().padEnd(255, '~');
    expect(outcome(await must(send(world.root, request, key)))).toEqual(outcome(await send(world.root, request, key)));
  });

  it('is refused where there are two', async () => {
    const before = await effects(test);
    expect(await sendWithTwoKeys(createUser(world.unique('user')))).toEqual({ status: 400, extensions: UNUSABLE });
    expect(await effects(test)).toBe(before);
  });

  it('is refused with variables that nest without end', async () => {
    const { query } = createUser('nobody');
    const input: unknown = JSON.parse('['.repeat(1000) + ']'.repeat(1000));
    const answer = await send(world.root, { query, variables: { input } }, newKey());
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  });
});

describe('a refusal', () => {
  it('is repeated as it was, though the reason is gone', async () => {
    const key = newKey();
    const { tenantId, owner } = await world.tenant();
    const { userId } = await world.person();
    const query = 'mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { revision } }';
    const request = { query, variables: { input: { tenantId, userId, role: 'admin' } } };
    const first = await send(owner.client, request, key);
    expect([first.status, codesOf(first)]).toEqual([404, ['NOT_FOUND']]);
    await must(world.root.mutate('addMember', { tenantId, userId, role: 'viewer' }, 'revision'));
    const second = await send(owner.client, request, key);
    expect([outcome(second), isRepeat(second)]).toEqual([outcome(first), true]);
    expect(codesOf(await send(owner.client, request, newKey()))).toEqual([]);
  });

  it('repeats the header that goes with its status', async () => {
    const query = 'mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    const request = { query, variables: { input: { email: 'nobody@people.example', password: 'a wrong password' } } };
    const key = newKey();
    const answers: GraphqlAnswer<unknown>[] = [await send(world.anonymous, request, key), await send(world.anonymous, request, key)];
    expect(answers.map((answer) => [answer.status, answer.headers.get('www-authenticate'), isRepeat(answer)])).toEqual([
      [401, 'Bearer', false],
      [401, 'Bearer', true],
    ]);
  });
});

it('does not carry out again what took effect, where the answer could not be kept', async () => {
  const { dataSource } = test.gateway.database;
  await dataSource.query(`CREATE FUNCTION lose_replies() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''lost''; END'`);
  await dataSource.query('CREATE TRIGGER lose_replies BEFORE UPDATE OF reply ON idempotency_keys FOR EACH ROW WHEN (NEW.reply IS NOT NULL) EXECUTE FUNCTION lose_replies()');
  const { client, request } = await MUTATIONS['createApiKey']!(world);
  const before = await effects(test);
  const key = newKey();
  expect(codesOf(await send(client, request, key))).toEqual([]);
  await dataSource.query('DROP FUNCTION lose_replies CASCADE');
  test.clock.advance(60_000);
  const again = await send(client, request, key);
  expect([again.status, codesOf(again)]).toEqual([409, ['CONFLICT']]);
  expect(again.errors[0]!.message).toMatch(/carried out, but its answer was lost/);
  expect((await effects(test)) - before).toBe(1);
});

describe('an operation of several mutations', () => {
  it('is repeated as a whole', async () => {
    const [first, second] = [world.unique('user'), world.unique('user')];
    const query = `mutation($a: CreateUserInput!, $b: CreateUserInput!) {
      a: createUser(input: $a) { user { id } } again: createUser(input: $a) { user { id } } b: createUser(input: $b) { user { id } } }`;
    const request = { query, variables: { a: { id: first, name: 'A' }, b: { id: second, name: 'B' } } };
    const before = await effects(test);
    const key = newKey();
    const answers = [await send(world.root, request, key), await send(world.root, request, key)];
    expect(answers[0]!.data).toEqual({ a: { user: { id: first } }, again: null, b: { user: { id: second } } });
    expect(outcome(answers[1]!)).toEqual(outcome(answers[0]!));
    expect((await effects(test)) - before).toBe(2);
  });
});

describe('a secret that is shown once', () => {
  it.each(['createApiKey', 'inviteMember', 'resetPassword', 'signIn'])('is the same in the repeat of %s, and not to be found in the database', async (mutation) => {
    const { client, request } = await MUTATIONS[mutation]!(world);
    const key = newKey();
    const { data, text } = await must(send(client, request, key));
    expect((await send(client, request, key)).text).toBe(text);
    const { secret, accessToken } = data![mutation] as { secret?: string; accessToken?: string };
    const shown = (secret ?? accessToken)!;
    expect(shown.length).toBeGreaterThan(20);
    const stored = await everyByteOfClaims();
    expect(stored).toContain('key:root');
    for (const sought of [shown, shown.slice(-20), key]) expect(stored).not.toContain(sought);
  });
});

/** One character for each byte. */
async function everyByteOfClaims(): Promise<string> {
  const values = (await claims()).flatMap((row) => Object.values(row));
  return values.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))).join('\n');
}

/** fetch would send the two as one, with a comma between them. */
function sendWithTwoKeys(body: object): Promise<{ status: number | undefined; extensions: object }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ROOT_KEY}`, 'idempotency-key': ['one', 'two'] };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${test.url}/graphql`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const { errors } = JSON.parse(text) as { errors: { extensions: object }[] };
        resolve({ status: response.statusCode, extensions: errors[0]!.extensions });
      });
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}
