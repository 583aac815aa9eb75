import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  ({ tenantId, owner } = await world.tenant());
});
afterAll(() => test.close());

const times = (count: number, part: (i: number) => string): string => Array.from({ length: count }, (_, i) => part(i)).join(' ');

describe('documents that ask for too much', () => {
  it.each([
    ['a flood of aliases', `{ ${times(31, (i) => `a${i}: tenants { totalCount }`)} }`],
    ['a flood of attempts to sign in', `mutation { ${times(11, (i) => `a${i}: signIn(input: { email: "a@b", password: "${i}" }) { accessToken }`)} }`],
    ['a bomb of fragments', `{ ...F0 } ${times(20, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F20 on Query { viewer { user { id } } }`],
    ['a round trip without end', `{ viewer { ${'memberships { edges { node { tenant { memberships { edges { node { user { '.repeat(2)} id ${'} } } } } } } } '.repeat(2)} } }`],
    ['a flood of directives', `{ viewer { user { id ${'@include(if: true) '.repeat(6)} } } }`],
  ])('%s is refused as a whole, before anything is done', async (_what, query) => {
    for (const client of [owner.client, world.anonymous, world.root]) {
      const { status, data, errors } = await client.send(query);
      expect([status, data, errors.map((error) => error.extensions.code)]).toEqual([400, undefined, ['LIMIT_EXCEEDED']]);
    }
  });

  it.each([101, 100_000, -1])('a page of %i is refused', async (first) => {
    const { errors } = await owner.client.send('query($id: ID!, $first: Int) { tenant(id: $id) { memberships(first: $first) { totalCount } } }', { id: tenantId, first });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'first' } }]);
  });

  it('a list of 1,001 checks is refused', async () => {
    const inputs = Array.from({ length: 1001 }, () => ({ tenantId, userId: owner.userId, permission: 'connectors.read' }));
    expect(await owner.client.codes('query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed } }', { inputs })).toEqual(['LIMIT_EXCEEDED']);
  });

  it('the whole schema is told to anybody, and holds no data', async () => {
    const { data, errors } = await world.anonymous.send<IntrospectionQuery>(getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(printSchema(buildClientSchema(data!))).toContain('type Tenant {');
    expect(JSON.stringify(data)).not.toContain(tenantId);
  });
});

describe('requests of another shape', () => {
  const post = async (body: string, headers: Record<string, string> = {}) =>
    fetch(`${test.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('are refused as a batch, whatever is in it', async () => {
    const one = { query: '{ __typename }' };
    for (const batch of [[one], [one, one], []]) {
      const response = await post(JSON.stringify(batch));
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('Batches are not served')]);
    }
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('are refused by %s, for queries and mutations', async (method) => {
    const mutation = `mutation { updateTenant(input: { tenantId: "${tenantId}", name: "Hacked" }) { revision } }`;
    for (const query of ['{ __typename }', mutation]) {
      const response = await fetch(`${test.url}/graphql?query=${encodeURIComponent(query)}`, { method, headers: { authorization: 'Bearer root-key-of-the-tests' } });
      expect([400, 405]).toContain(response.status);
    }
    const { tenant } = await world.root.ask<{ tenant: object }>('query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId });
    expect(tenant).toEqual({ name: 'A tenant' });
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])('are refused as %s, which a page of another site could send', async (type) => {
    expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(415);
  });
});

describe('credentials of the wrong kind', () => {
  it.each([
    ['the id of a key without its secret', async () => `gh_${'0'.repeat(24)}`],
    ['a key of the right form that nobody made', async () => `gh_${'0'.repeat(24)}_${'0'.repeat(64)}`],
    ['the root key in capitals', async () => 'ROOT-KEY-OF-THE-TESTS'],
    ['the root key and a bit', async () => 'root-key-of-the-tests0'],
    ["a user's id", async () => owner.userId],
    ['an invitation secret', async () => {
      const { data } = await must(owner.client.mutate<{ secret: string }>('inviteMember', { tenantId, email: 'x@people.example', role: 'viewer' }, 'secret'));
      return data!['inviteMember']!.secret;
    }],
    ['a token without its signature', async () => (await world.signIn(owner.userId)).split('.').slice(0, 2).join('.')],
    ['a token with an empty signature', async () => `${(await world.signIn(owner.userId)).split('.').slice(0, 2).join('.')}.`],
    ['a token with a word changed', async () => (await world.signIn(owner.userId)).replace(/.(?=\.[^.]*$)/, (letter) => (letter === 'A' ? 'B' : 'A'))],
    ['a token that says it needs no signature', async () => {
      const [, claims] = (await world.signIn(owner.userId)).split('.');
      return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${claims}.`;
    }],
  ])('%s is refused, and never taken for nobody', async (_what, make) => {
    const { status, errors, data } = await world.anonymous.as(await make()).send('{ __typename viewer { user { id } } }');
    expect([status, data, errors.map((error) => error.extensions.code)]).toEqual([401, undefined, ['UNAUTHENTICATED']]);
  });

  it('two at once are refused, though both are right', async () => {
    const token = await world.signIn(owner.userId);
    const { status } = await world.anonymous.as(token).send('{ __typename }', {}, { 'x-api-key': 'root-key-of-the-tests' });
    expect(status).toBe(401);
  });

  it('a token outlives neither its sign-in nor its user', async () => {
    const { userId, client } = await world.person();
    await must(client.send('{ viewer { user { id } } }'));
    await must(world.root.mutate('resetPassword', { userId }, 'expiresAt'));
    expect(await client.codes('{ viewer { user { id } } }')).toEqual(['UNAUTHENTICATED']);
    const again = world.anonymous.as(await world.signIn(userId));
    await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    expect(await again.codes('{ viewer { user { id } } }')).toEqual(['UNAUTHENTICATED']);
  });
});

describe('variables', () => {
  const raw = async (variables: string) => {
    const query = 'query($input: CheckInput!) { check(input: $input) { allowed reason } }';
    const response = await fetch(`${test.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await world.signIn(owner.userId)}` },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    return { status: response.status, json: (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] } };
  };
  const input = () => `"tenantId":"${tenantId}","permission":"connectors.read"`;

  it.each(['__proto__', 'constructor', 'prototype'])('lend no user id by way of %s', async (key) => {
    const { status, json } = await raw(`{"input":{${input()},"${key}":{"userId":"${owner.userId}"}}}`);
    expect([status, json.errors?.map((error) => error.extensions.code)]).toEqual([400, expect.arrayContaining(['BAD_USER_INPUT'])]);
    expect(Reflect.get({}, 'userId')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('that are called %s lend no input', async (key) => {
    const { status } = await raw(`{"${key}":{"input":{${input()},"userId":"${owner.userId}"}}}`);
    expect(status).toBe(400);
    const own = await raw(`{"input":{${input()},"userId":"${owner.userId}"},"${key}":{"input":null}}`);
    expect(own.json).toEqual({ data: { check: { allowed: true, reason: 'GRANTED_BY_ROLE' } } });
  });

  it.each([
    ['a list', '["x"]'],
    ['an object', '{"toString":"x"}'],
    ['a truth', 'true'],
    ['a fraction', '1.5'],
    ['nothing', 'null'],
  ])('give %s for no id', async (_what, value) => {
    const { status, json } = await raw(`{"input":{${input()},"userId":${value}}}`);
    expect([status, json.errors?.map((error) => error.extensions.code)]).toEqual([400, ['BAD_USER_INPUT']]);
  });

  it('say the same to a guard and to what stands behind it, where an id is given as a number', async () => {
    const { client } = await world.person();
    const document = 'query($id: ID!) { user(id: $id) { name } tenant(id: $id) { name } }';
    expect(await client.codes(document, { id: 12_345 })).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});

describe('a fault', () => {
  it('tells nothing of the code, the database or other people', async () => {
    const hostile = ["'; DROP TABLE users; --", '%', '\\', '\u0000', '\ud800', '${7*7}', '../../etc/passwd'];
    for (const text of hostile) {
      const answers = [
        await world.root.send('query($s: String) { users(search: $s) { totalCount } }', { s: text }),
        await world.root.send('query($id: ID!) { tenant(id: $id) { name } user(id: $id) { name } roleMatrix(key: $id) { key } }', { id: text }),
        await world.anonymous.mutate('signIn', { email: text, password: text }, 'accessToken'),
        await world.anonymous.mutate('acceptInvitation', { secret: text }, 'revision'),
        await world.root.mutate('createUser', { name: text, id: text }, 'user { id }'),
      ];
      for (const { status, text: body } of answers) {
        expect([text, status]).not.toEqual([text, 500]);
        expect(body).not.toMatch(/select |insert |"INTERNAL"|node_modules|\.ts:|\.js:|invalid byte/i);
      }
    }
  });
});
