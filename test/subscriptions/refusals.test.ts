import { type GatewayForTests, gatewayForTests, ROOT_KEY } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { FOLLOW, Listener } from './listener.js';

const FIELD = 'permissionsChanged(tenantId: $tenantId) { revision }';
const HEAD = 'subscription($tenantId: ID!)';

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

/** What is heard by somebody whose subscription is refused within the stream, as a whole and before any event. */
async function refusal(document: string, variables: object = {}, token: string | null = ROOT_KEY) {
  const listener = new Listener(test.url, tenantId, { token, document, variables: { ...variables } });
  await listener.over;
  expect(listener.heard).toHaveLength(1);
  expect(listener.revisions).toEqual([]);
  return listener.heard[0]!.errors![0]!;
}

function post(body: object, headers: Record<string, string>, method = 'POST'): Promise<Response> {
  const authorization = `Bearer ${ROOT_KEY}`;
  const sent = method === 'POST' ? { body: JSON.stringify(body) } : {};
  return fetch(`${test.url}/graphql`, { method, headers: { 'content-type': 'application/json', authorization, ...headers }, ...sent });
}
const STREAM = { accept: 'text/event-stream' };
const FOLLOWING = () => ({ query: FOLLOW, variables: { tenantId } });

describe('a subscription is refused', () => {
  it.each([
    ['nobody', () => null, 'UNAUTHENTICATED'],
    ['somebody of nowhere', async () => (await world.person()).client.token, 'FORBIDDEN'],
    ['the owner of another tenant', async () => (await world.tenant()).owner.client.token, 'FORBIDDEN'],
    ['a key of the tenant without tenant.read', async () => (await world.key(tenantId, ['decision.read'])).token, 'FORBIDDEN'],
    ['a key of another tenant', async () => (await world.key((await world.tenant()).tenantId, ['tenant.read'])).token, 'FORBIDDEN'],
  ])('to %s', async (_who, token, code) => {
    expect((await refusal(FOLLOW, {}, await token())).extensions.code).toBe(code);
  });

  it('alike where the tenant exists and where it does not', async () => {
    const { client } = await world.person();
    const [existing, absent] = [await refusal(FOLLOW, {}, client.token), await refusal(FOLLOW, { tenantId: 'no-such-tenant' }, client.token)];
    expect(existing).toEqual(absent);
  });

  it('with NOT_FOUND to the platform, where there is no such tenant', async () => {
    expect((await refusal(FOLLOW, { tenantId: 'no-such-tenant' })).extensions.code).toBe('NOT_FOUND');
  });

  it.each(['', ' ', '-1', '+1', '1.0', '1e3', '0x1', '1 ', '１', 'null', '1; DROP TABLE changes', '9'.repeat(19), '9'.repeat(100_000), '\u0000', '999999999999999999'])(
    'where after is %j',
    async (after) => {
      const { extensions } = await refusal(FOLLOW, { after });
      expect([extensions.code, extensions['field']]).toEqual(['BAD_USER_INPUT', 'after']);
    },
  );

  it.each([
    ['a tenant id that is none', FOLLOW, { tenantId: 'no tenant' }, 'BAD_USER_INPUT'],
    ['a tenant id of another type', FOLLOW, { tenantId: [1] }, 'BAD_USER_INPUT'],
    ['no tenant id', FOLLOW, { tenantId: null }, 'BAD_USER_INPUT'],
    ['a document that is none', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['two root fields', `${HEAD} { a: ${FIELD} b: ${FIELD} }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields by way of a fragment', `${HEAD} { a: ${FIELD} ...More } fragment More on Subscription { b: permissionsChanged(tenantId: "x") { revision } }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['an introspection field at its root', 'subscription { __typename }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown field', 'subscription { everythingChanged }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a root that is skipped', `${HEAD} { permissionsChanged(tenantId: $tenantId) @skip(if: true) { revision } }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a root that a variable may skip', 'subscription($tenantId: ID!, $s: Boolean!) { permissionsChanged(tenantId: $tenantId) @include(if: $s) { revision } }', { s: false }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a root in a fragment that is left out', `${HEAD} { ...F @include(if: false) } fragment F on Subscription { ${FIELD} }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a root skipped within fragments that spread one another', `${HEAD} { ...F } fragment F on Subscription { ... on Subscription { ...G } } fragment G on Subscription { permissionsChanged(tenantId: $tenantId) @skip(if: true) { revision } }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a fragment that spreads itself', `${HEAD} { ...F } fragment F on Subscription { ...F ${FIELD} }`, {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['31 aliases', `${HEAD} { permissionsChanged(tenantId: $tenantId) { ${Array.from({ length: 31 }, (_, i) => `a${i}: revision`).join(' ')} } }`, {}, 'LIMIT_EXCEEDED'],
    ['more tokens than the limit', `${HEAD} { permissionsChanged(tenantId: $tenantId) { ${'revision '.repeat(2000)} } }`, {}, 'LIMIT_EXCEEDED'],
    ['a document longer than the limit', `${HEAD} { ${FIELD} } # ${'x'.repeat(128 * 1024)}`, {}, 'LIMIT_EXCEEDED'],
    ['directives past the limit', `${HEAD} { permissionsChanged(tenantId: $tenantId) { revision ${'@include(if: true) '.repeat(6)} } }`, {}, 'LIMIT_EXCEEDED'],
  ])('for %s', async (_what, document, variables, code) => {
    expect((await refusal(document, variables)).extensions.code).toBe(code);
  });
});

describe('over HTTP, a subscription', () => {
  it.each([
    ['application/json', 406],
    ['application/graphql-response+json', 406],
    ['*/*', 406],
    ['text/event-stream, application/json', 406],
    ['text/event-stream;q=0', 406],
    ['text/html', 406],
  ])('that accepts %s is refused with 406 and what to send', async (accept, status) => {
    const response = await post(FOLLOWING(), { accept });
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringMatching(/json/)]);
    expect(text).toContain('text/event-stream');
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each(['text/event-stream', 'TEXT/Event-Stream', 'text/html, text/event-stream;q=0.5', 'text/event-stream; charset=utf-8'])('that accepts %s gets a stream', async (accept) => {
    const response = await post({ query: 'subscription {' }, { accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const usual = ['cache-control', 'x-content-type-options', 'x-request-id'].map((name) => response.headers.get(name));
    expect(usual).toEqual(['no-store', 'nosniff', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(await response.text()).toMatch(/^:\n\nevent: next\ndata: \{.*\}\n\nevent: complete\ndata: \n\n$/);
  });

  it('by GET is refused, as every GET is', async () => {
    expect((await post({}, STREAM, 'GET')).status).toBe(405);
  });

  it('with a credential that does not count is refused by status, as every request is', async () => {
    const response = await post(FOLLOWING(), { ...STREAM, authorization: 'Bearer gh_nobody' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each([
    ['a body that is too long', { query: 'x'.repeat(1024 * 1024) }, {}, 413],
    ['another media type', FOLLOWING(), { 'content-type': 'text/plain' }, 415],
  ])('with %s is refused by status', async (_what, body, headers, status) => {
    expect((await post(body, { ...STREAM, ...headers })).status).toBe(status);
  });
});

describe('a query or a mutation that accepts a stream of events alone', () => {
  it.each([
    ['a query', { query: '{ viewer { user { id } } }' }],
    ['a mutation', { query: 'mutation { createUser(input: { id: "by-stream", name: "Nobody" }) { user { id } } }' }],
    ['the query of a document that has a subscription too', { query: `query A { viewer { user { id } } } ${FOLLOW.replace('subscription', 'subscription B')}`, operationName: 'A' }],
  ])('is refused with 406 and not carried out: %s', async (_what, body) => {
    const response = await post(body, { ...STREAM, 'idempotency-key': 'a-key' });
    expect([response.status, await response.json()]).toEqual([406, { errors: [{ message: expect.stringContaining('application/json'), extensions: { code: 'BAD_USER_INPUT' } }] }]);
    expect(await world.root.ask('{ user(id: "by-stream") { id } }')).toEqual({ user: null });
  });
});

it('one caller has at most 100 streams at a time, and may open another once one has ended', async () => {
  const leaving = Array.from({ length: 100 }, () => new AbortController());
  await Promise.all(leaving.map(async ({ signal }) => {
    const response = await fetch(`${test.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.client.token}`, ...STREAM },
      body: JSON.stringify(FOLLOWING()),
      signal,
    });
    expect(response.status).toBe(200);
  }));
  const further = await post(FOLLOWING(), { ...STREAM, authorization: `Bearer ${owner.client.token}` });
  expect([further.status, await further.json()]).toEqual([400, { errors: [{ message: expect.stringContaining('100'), extensions: { code: 'LIMIT_EXCEEDED' } }] }]);
  const other = new Listener(test.url, tenantId, { token: ROOT_KEY });
  await other.accepted;
  leaving[0]!.abort();
  const end = performance.now() + 20_000;
  let again = new Listener(test.url, tenantId, { token: owner.client.token });
  while (!(await again.accepted.then(() => true, () => false)) && performance.now() < end) again = new Listener(test.url, tenantId, { token: owner.client.token });
  await must(world.root.mutate('createDepartment', { tenantId, name: 'department' }, 'revision'));
  await again.hears(1);
  for (const controller of leaving.slice(1)) controller.abort();
  again.leave();
  other.leave();
});
