import { getOperationAST, parse } from 'graphql';
import { pino } from 'pino';
import type { Principal } from '../../src/access/principal.js';
import { createGraphqlServer, type GraphqlServer } from '../../src/graphql/apollo.js';
import { KnownQueries } from '../../src/graphql/known-queries.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import { CompiledQuery, QueryCompiler } from '../../src/graphql/query-compiler.js';
import { requestParametersOf } from '../../src/graphql/request-parameters.js';
import type { HttpServer } from '../../src/http/server.js';
import { faultySchema } from './faulty-schema.js';
import { ask, serve } from './three-ways.js';

let url: string;
let server: HttpServer;
let graphql: GraphqlServer;
let principal: Principal | null;
let executed: string[];

beforeEach(async () => {
  principal = null;
  executed = [];
  graphql = createGraphqlServer(faultySchema((field) => executed.push(field)), { log: pino({ level: 'silent' }), compileAfter: 1 });
  await graphql.apollo.start();
  ({ url, server } = await serve(graphql, ({ requestId, address }) => ({ principal, requestId, address, loaders: new RequestLoaders() })));
});
afterEach(() => server.close());

const send = (query: string, more: Readonly<Record<string, unknown>> = {}) => ask(url, { query, ...more });
const user = (userId: string): Principal => ({ kind: 'user', userId, accountRole: 'MEMBER', signInId: null });

describe('the queries that are known', () => {
  it.each([
    ['white space', '{  int }', {}],
    ['a comment', '{ int } # again', {}],
    ['a comma', '{ int, }', {}],
    ['a byte order mark', '\ufeff{ int }', {}],
    ['the name of an operation', '{ int }', { operationName: 'Asked' }],
    ['an empty name of an operation', '{ int }', { operationName: '' }],
  ])('are the same by their text alone: %s makes another one', async (_difference, query, more) => {
    await send('{ int }');
    expect(graphql.known.find(requestParametersOf({ query: '{ int }' }))).not.toBeNull();
    expect(graphql.known.find(requestParametersOf({ query, ...more }))).toBeNull();
  });

  it('cannot be taken for another one by an operation whose name holds a line break', async () => {
    const query = '#\nquery Asked { int }';
    await send(query, { operationName: 'Asked' });
    expect(graphql.known.find(requestParametersOf({ query, operationName: 'Asked' }))).not.toBeNull();
    for (const line of ['Asked\n#', '5\nAsked', '\n']) {
      for (const text of ['query Asked { int }', query, `${line}${query}`]) expect(graphql.known.find(requestParametersOf({ query: text, operationName: line }))).toBeNull();
    }
  });

  it.each([
    ['a persisted query', { extensions: { persistedQuery: { version: 1, sha256Hash: '0' } } }],
    ['none, but names it', { extensions: { persistedQuery: null } }],
  ])('are left to Apollo where a request has %s', async (_what, more) => {
    await send('{ int }');
    expect(graphql.known.find(requestParametersOf({ query: '{ int }', ...more }))).toBeNull();
  });

  it.each([null, {}, { clientLibrary: { name: '@apollo/client', version: '4.0.0' } }])('are answered as such where a request has the extensions %j, on which nobody acts', async (extensions) => {
    await send('{ int }');
    expect(graphql.known.find(requestParametersOf({ query: '{ int }', extensions }))).not.toBeNull();
  });

  it.each(['mutation { bump }', 'query One { int } mutation Two { bump }'])('are no mutations, however often one comes: %s', async (query) => {
    const operationName = query.includes('Two') ? 'Two' : null;
    for (let i = 0; i < 3; i++) expect(await send(query, { operationName })).toMatchObject({ status: 200 });
    expect(executed).toEqual(['bump', 'bump', 'bump']);
    expect(graphql.known.find(requestParametersOf({ query, operationName }))).toBeNull();
  });

  it.each([
    ['a limit', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: int`).join(' ')} }`],
    ['validation', '{ nowhere }'],
    ['the parser', '{ int'],
    ['validation, for one of its operations', 'query One { int } query Two { nowhere }'],
  ])('are none that %s refuses, however often they come', async (_what, query) => {
    for (let i = 0; i < 3; i++) expect((await send(query, { operationName: query.includes('One') ? 'One' : null })).status).toBe(400);
    expect(graphql.known.find(requestParametersOf({ query, operationName: 'One' }))).toBeNull();
    expect(graphql.known.find(requestParametersOf({ query }))).toBeNull();
  });

  it.each(['{ int @skip(if: false) }', '{ a_b: int }', '{ __proto__: int }', '{ said(text: "(a text)") }', 'query ($at: DateTime = "2030-01-01T00:00:00Z") { said(at: $at) }', 'query ($i: Int) { said(ints: [1], shape: { id: "a", inner: { amount: $i } }) }'])(
    'are none that cannot be compiled, which graphql-js answers each time: %s',
    async (query) => {
      for (let i = 0; i < 3; i++) expect(await send(query)).toMatchObject({ status: 200 });
      expect(graphql.known.find(requestParametersOf({ query }))).toBeNull();
    },
  );

  it('hold nothing of their callers', async () => {
    const query = '{ caller }';
    for (const caller of [user('ann'), user('bob'), null, user('bob'), user('ann')]) {
      principal = caller;
      expect(JSON.parse((await send(query)).body)).toEqual({ data: { caller: caller === null ? null : 'userId' in caller ? caller.userId : null } });
    }
    expect(graphql.known.find(requestParametersOf({ query }))).not.toBeNull();
  });

  it('hold nothing of their variables', async () => {
    const query = 'query ($i: Int = 3) { saidOf(int: $i) }';
    for (const [variables, said] of [[{ i: 1 }, 1], [{ i: 2 }, 2], [undefined, 3], [{ i: 1 }, 1]] as const) {
      expect(JSON.parse((await send(query, { variables })).body)).toEqual({ data: { saidOf: `{colour: "GREEN", int: ${said}}` } });
    }
    expect((await send(query, { variables: { i: 'x' } })).status).toBe(400);
    expect(graphql.known.find(requestParametersOf({ query }))).not.toBeNull();
  });

  it.each(['application/json', 'application/graphql-response+json'])('wait for their turn, which lasts until the answer is a text (%s)', async (accept) => {
    await send('{ int }');
    const query = graphql.known.find(requestParametersOf({ query: '{ int }' }))!;
    const outcomes: unknown[] = [];
    query.inTurn = async (work) => {
      const outcome = await work();
      outcomes.push(outcome);
      return outcome;
    };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ query: '{ int }' }) });
    expect(outcomes).toEqual([{ status: 200, headers: [], body: await response.text() }]);
  });

  it('are executed by graphql-js once more where a compiled query cannot say what is wrong, and no more than that', async () => {
    await send('{ nothing }');
    executed.length = 0;
    expect((await send('{ nothing }')).status).toBe(500);
    expect(executed).toEqual(['nothing', 'nothing']);
  });

  it('are a thousand at most, of which the one asked for longest ago goes first', () => {
    const known = new KnownQueries((formatted) => formatted);
    const query = new CompiledQuery(() => ({ data: {} }));
    for (let i = 0; i < 1000; i++) known.remember(`{ a${i}: int }`, null, query);
    expect(known.find(requestParametersOf({ query: '{ a0: int }' }))).toBe(query);
    known.remember('{ a1000: int }', null, query);
    expect(known.find(requestParametersOf({ query: '{ a1: int }' }))).toBeNull();
    for (const i of [0, 2, 999, 1000]) expect(known.find(requestParametersOf({ query: `{ a${i}: int }` }))).toBe(query);
  });
});

describe('the compiler of queries', () => {
  const compiledAt = (times: number, source: string, compileAfter: number) => {
    const compiler = new QueryCompiler(faultySchema(), compileAfter);
    const document = parse(source);
    const results = Array.from({ length: times }, () => compiler.compiled(document, getOperationAST(document)!));
    return results.map((result) => result !== null);
  };

  it('compiles a query that has come often enough', () => {
    expect(compiledAt(4, '{ int }', 3)).toEqual([false, false, true, true]);
  });

  it.each(['mutation { bump }', 'subscription { int }', `{ int } # ${'long'.repeat(3000)}`])('never compiles %s', (source) => {
    expect(compiledAt(3, source.slice(0, 20_000), 1)).toEqual([false, false, false]);
  });
});
