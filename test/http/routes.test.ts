import { connect } from 'node:net';
import { exchange, rawPost, startToy } from './toy-server.js';

const CLOSE = 'Connection: close';
const JSON_TYPE = 'Content-Type: application/json';

describe('routes', () => {
  it('answers a GraphQL request', async () => {
    const toy = await startToy();
    const answer = await toy.ask('{ hello }');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ data: { hello: 'world' } });
  });

  it.each(['//?query={hello}', '/graphql/', '/GRAPHQL', '/graphql;x', '/graphql;x?y', '/%67raphql', '/graphql%2f', '//graphql', '/./graphql',
    '/x/../graphql', '/graphql\\', '/x/graphql', '/graphqlx', '/graphql#x', 'http://gatehouse/graphql', '/', '*', '/livez/', '/metrics/x',
    '/graphiql/unknown.js', '/graphiqlx', '/.env'])('takes %s for no route of its own', async (path) => {
    const toy = await startToy();
    const answer = await exchange(toy.url, rawPost('{ hello }', [JSON_TYPE, CLOSE], path));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"code":"NOT_FOUND"');
    expect(answer).not.toContain('world');
  });

  it.each(['/graphql?', '/graphql?operation=hello', '/graphql?query={missing}', '/graphql?a?b'])('ignores the search of %s', async (path) => {
    const toy = await startToy();
    const answer = await exchange(toy.url, rawPost('{ hello }', [JSON_TYPE, CLOSE], path));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('world');
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('does not execute by %s', async (method) => {
    const toy = await startToy();
    const answer = await toy.get('/graphql?query={hello}', { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
    expect(answer.text).not.toContain('world');
  });

  it('lets no other origin in', async () => {
    const toy = await startToy();
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await toy.get('/graphql', { method: 'OPTIONS', headers });
    const answer = await toy.ask('{ hello }', {}, { origin: 'https://evil.example' });
    expect(preflight.status).toBe(204);
    for (const { headers: sent } of [preflight, answer]) {
      expect([...sent.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each(['/livez', '/readyz', '/metrics'])('answers %s to GET and HEAD alone', async (path) => {
    const toy = await startToy();
    expect((await toy.get(path)).status).toBe(200);
    expect(await toy.get(path, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect((await toy.get(path, { method: 'POST' })).status).toBe(405);
  });

  it.each(['/graphiql', '/graphiql/app.js', '/graphiql?tab=1'])('leaves %s to the pages', async (path) => {
    const toy = await startToy();
    expect((await toy.get(path)).text).toBe('a page');
  });

  it('says on every answer that it is not to be framed, sniffed or stored, under an id of its own making', async () => {
    const toy = await startToy();
    const ids = new Set<string>();
    for (const path of ['/graphql', '/livez', '/readyz', '/metrics', '/nothing']) {
      const { headers } = await toy.get(path, { headers: { 'x-request-id': 'mine' } });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      ids.add(headers.get('x-request-id') ?? '');
    }
    expect(ids.size).toBe(5);
  });

  it('gives the resolvers the id that the client sees, and the address of the peer, whatever headers claim', async () => {
    const toy = await startToy();
    const headers = { 'x-request-id': 'mine', 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' };
    const answer = await toy.ask('{ requestId address }', {}, headers);
    expect(answer.json.data).toEqual({ requestId: answer.headers.get('x-request-id'), address: '127.0.0.1' });
  });

  it('counts requests under names that no client chooses', async () => {
    const toy = await startToy();
    await toy.ask('query Chosen { hello }');
    await toy.get('/chosen-path?chosen=1');
    const { text } = await toy.get('/metrics');
    expect(text).toContain('http_requests_total{route="graphql",status="2xx"} 1');
    expect(text).toContain('http_requests_total{route="other",status="4xx"} 1');
    expect(text).toContain('http_request_duration_seconds_count{route="graphql",status="2xx"} 1');
    expect(text.toLowerCase()).not.toContain('chosen');
  });
});

describe('connections', () => {
  it('answers pipelined requests in their order', async () => {
    const toy = await startToy();
    const one = rawPost('{ echo(text: "first") }', [JSON_TYPE]);
    const answer = await exchange(toy.url, one + rawPost('{ echo(text: "second") }', [JSON_TYPE, CLOSE]));
    expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(answer.indexOf('first')).toBeLessThan(answer.indexOf('second'));
    expect(new Set(answer.match(/x-request-id: \S+/g)).size).toBe(2);
  });

  it('keeps a connection for the next request', async () => {
    const toy = await startToy();
    const { hostname, port } = new URL(toy.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const answers: string[] = [];
    const next = (): Promise<string> => new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    for (const text of ['one', 'two', 'three']) {
      socket.write(rawPost(`{ echo(text: "${text}") }`, [JSON_TYPE]));
      answers.push(await next());
    }
    socket.destroy();
    expect(answers.map((answer) => /"echo":"(\w+)"/.exec(answer)?.[1])).toEqual(['one', 'two', 'three']);
  });

  const malformed: readonly (readonly [string, string, RegExp])[] = [
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a request without a host', `GET /livez HTTP/1.1\r\n${CLOSE}\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['two lengths', rawPost('{ hello }', [JSON_TYPE, 'Content-Length: 3']), /^HTTP\/1\.1 400 /],
    ['a length and chunks', rawPost('{ hello }', [JSON_TYPE, 'Transfer-Encoding: chunked']), /^HTTP\/1\.1 400 /],
    ['a header that goes on in the next line', rawPost('{ hello }', ['X: a\r\n b : c\0']), /^HTTP\/1\.1 400 /],
    ['17 KiB of headers', rawPost('{ hello }', [JSON_TYPE, `X-Long: ${'x'.repeat(17 * 1024)}`]), /^HTTP\/1\.1 431 /],
    ['a broken chunk', `POST /graphql HTTP/1.1\r\nHost: g\r\n${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, /^HTTP\/1\.1 400 /],
  ];
  it.each(malformed)('refuses %s and closes', async (_name, bytes, status) => {
    const toy = await startToy();
    const answer = await exchange(toy.url, bytes);
    expect(answer).toMatch(status);
    expect(answer).not.toContain('world');
    expect(answer).not.toMatch(/<html|<!doctype/i);
  });

  it('answers what is malformed after a good request on the same connection', async () => {
    const toy = await startToy();
    const { hostname, port } = new URL(toy.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const next = (): Promise<string> => new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    socket.write(rawPost('{ hello }', [JSON_TYPE]));
    expect(await next()).toMatch(/^HTTP\/1\.1 200 /);
    socket.write('rubbish\r\n\r\n');
    expect(await next()).toMatch(/^HTTP\/1\.1 400 /);
    socket.destroy();
  });

  it('gives up on a client that does not finish its request', async () => {
    const toy = await startToy({ limits: { headersMs: 20, requestMs: 50 } });
    expect(await exchange(toy.url, 'POST /graphql HTTP/1.1\r\nHost: g\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });
});
