import { request as httpRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { readJsonObject, RequestAborted } from '../../src/http/request-body.js';
import { exchange, rawPost, startToy } from './toy-server.js';

const HELLO = JSON.stringify({ query: '{ hello }' });
const MEBIBYTE = 1024 * 1024;

interface Refusal {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** Sends it all, with its length or in chunks, as a client does that looks at the answer only then. */
function postMegabytes(url: string, megabytes: number, declared: boolean): Promise<Refusal> {
  const length = megabytes * MEBIBYTE;
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(declared ? { 'content-length': length } : { 'transfer-encoding': 'chunked' }) };
    const sending = httpRequest(`${url}/graphql`, { method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection, body }));
    });
    sending.on('error', reject);
    sending.end(Buffer.alloc(length, 'x'));
  });
}

describe('bodies', () => {
  const accepted: readonly string[] = [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'APPLICATION/JSON ; profile=x',
  ];
  it.each(accepted)('reads %s', async (contentType) => {
    const toy = await startToy();
    expect((await toy.post(HELLO, { 'content-type': contentType })).json).toEqual({ data: { hello: 'world' } });
  });

  const refused: readonly string[] = [
    'text/plain',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-patch+json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=x-user-defined',
    'application/json; charset',
    '',
    ';',
  ];
  it.each(refused)('refuses a body of type "%s" with 415', async (contentType) => {
    const toy = await startToy();
    const answer = await toy.post(HELLO, { 'content-type': contentType });
    expect(answer.status).toBe(415);
    expect(answer.json.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('refuses two content types, and none', async () => {
    const toy = await startToy();
    const two = ['Content-Type: application/json', 'Content-Type: application/json', 'Connection: close'];
    expect(await exchange(toy.url, rawPost('{ hello }', two))).toMatch(/^HTTP\/1\.1 415 /);
    expect(await exchange(toy.url, rawPost('{ hello }', ['Connection: close']))).toMatch(/^HTTP\/1\.1 415 /);
  });

  const encoded: readonly (readonly [string, Buffer])[] = [
    ['gzip', gzipSync(HELLO)],
    ['gzip', gzipSync(HELLO).subarray(0, 12)],
    ['deflate', Buffer.from(HELLO)],
    ['br', Buffer.from(HELLO)],
    ['identity, gzip', gzipSync(HELLO)],
  ];
  it.each(encoded)('unpacks nothing: %s is 415', async (encoding, body) => {
    const toy = await startToy();
    expect((await toy.post(new Uint8Array(body), { 'content-encoding': encoding })).status).toBe(415);
  });

  it('takes the encoding that is none', async () => {
    const toy = await startToy();
    expect((await toy.post(HELLO, { 'content-encoding': 'identity' })).status).toBe(200);
  });

  const malformed: readonly (readonly [string, string | Buffer])[] = [
    ['nothing', ''],
    ['half an object', '{"query": "{ hel'],
    ['text', 'query { hello }'],
    ['an array, which would be a batch', `[${HELLO},${HELLO}]`],
    ['a string', '"{ hello }"'],
    ['null', 'null'],
    ['a number', '1'],
    ['an empty object', '{}'],
    ['a query that is no text', '{"query": {"kind": "Document"}}'],
    ['variables that are no object', '{"query": "{ hello }", "variables": [1]}'],
    ['UTF-16', Buffer.from(HELLO, 'utf16le')],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from('{"query":"{ hello }","x":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    ['100,000 open brackets', '['.repeat(100_000)],
    ['a persisted query', '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}}'],
  ];
  it.each(malformed)('answers %s with JSON that is an error, and executes nothing', async (_name, body) => {
    const toy = await startToy();
    const answer = await toy.post(typeof body === 'string' ? body : new Uint8Array(body));
    expect(answer.json.data).toBeUndefined();
    expect(answer.json.errors).toHaveLength(1);
    expect(answer.status).toBe(answer.text.includes('PERSISTED_QUERY_NOT_SUPPORTED') ? 200 : 400);
    expect(answer.text).not.toContain('world');
  });

  it('says that it serves no batches', async () => {
    const toy = await startToy();
    expect((await toy.post(`[${HELLO}]`)).json.errors?.[0]?.message).toContain('Batches are not served');
  });

  it('reads a body of just the limit, and no byte more', async () => {
    const toy = await startToy();
    const largest = HELLO.padEnd(MEBIBYTE);
    expect((await toy.post(largest)).status).toBe(200);
    const answer = await toy.post(`${largest} `);
    expect(answer.status).toBe(413);
    expect(answer.json.errors?.[0]).toEqual({
      message: 'The request body has more than 1048576 bytes, the limit. Send several requests.',
      extensions: { code: 'LIMIT_EXCEEDED' },
    });
  });

  it.each([['by its length', true], ['by counting', false]])('lets the sender of 50 MB read the refusal, %s', async (_name, declared) => {
    const toy = await startToy();
    const answer = await postMegabytes(toy.url, 50, declared);
    expect(answer).toMatchObject({ status: 413, connection: 'close' });
    expect(answer.body).toContain('LIMIT_EXCEEDED');
    expect((await toy.ask('{ hello }')).status).toBe(200);
  });

  const inChunks: readonly (readonly [string, string, RegExp])[] = [
    ['of just the limit', '{"query":"{ hello }"}', /^HTTP\/1\.1 200 [^]*world/],
    ['of a byte more', '{"query":"{ hello }" }', /^HTTP\/1\.1 413 [^]*LIMIT_EXCEEDED/],
    ['of nothing', '', /^HTTP\/1\.1 400 [^]*not valid JSON/],
  ];
  it.each(inChunks)('counts a body %s that comes in one go with its head and without its length', async (_name, body, answer) => {
    const toy = await startToy({ limits: { bodyBytes: 21 } });
    const head = 'POST /graphql HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunks = [...body].map((byte) => `1\r\n${byte}\r\n`).join('');
    expect(await exchange(toy.url, `${head}${chunks}0\r\n\r\n`)).toMatch(answer);
  });

  it('does not read on for a client that has gone, though its request is complete', () => {
    const request = new IncomingMessage(new Socket());
    request.rawHeaders.push('content-type', 'application/json');
    request.push(HELLO);
    request.complete = true;
    request.destroy();
    expect(() => readJsonObject(request, new ServerResponse(request), MEBIBYTE)).toThrow(RequestAborted);
  });

  it('cuts off a sender that never ends', async () => {
    const toy = await startToy({ limits: { bodyBytes: 10, lingerMs: 1 } });
    const head = 'POST /graphql HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
    expect(await exchange(toy.url, head, 'x'.repeat(100))).toMatch(/^HTTP\/1\.1 413 [^]*LIMIT_EXCEEDED/);
  });

  it('does not ask for a body that it is going to refuse', async () => {
    const toy = await startToy({ limits: { lingerMs: 1 } });
    const head = 'POST /graphql HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    expect(await exchange(toy.url, `${head}Content-Length: 50000000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    const good = await exchange(toy.url, `${head}Connection: close\r\nContent-Length: ${HELLO.length}\r\n\r\n`, HELLO);
    expect(good).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it('serves others while a body is cut short', async () => {
    const toy = await startToy();
    const cut = httpRequest(`${toy.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': 500 } });
    cut.on('error', () => undefined);
    cut.write('{"query":');
    cut.destroy();
    expect((await toy.ask('{ hello }')).status).toBe(200);
    expect(toy.log.filter((line) => line.includes('masked'))).toEqual([]);
  });
});

describe('what the client accepts', () => {
  const RESPONSE = 'application/graphql-response+json';
  const cases: readonly (readonly [string, string])[] = [
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    [RESPONSE, RESPONSE],
    [`${RESPONSE}; charset=utf-8, application/json; charset=utf-8`, RESPONSE],
    [`application/json, ${RESPONSE}`, 'application/json'],
    [`application/json;q=0.5, ${RESPONSE};q=0.9`, RESPONSE],
    [`${RESPONSE};q=0, */*`, 'application/json'],
    [`application/json;q=0, */*`, RESPONSE],
    [`text/html, */*;q=0.1`, 'application/json'],
  ];
  it.each(cases)('answers Accept: %s as %s', async (accept, expected) => {
    const toy = await startToy();
    expect((await toy.ask('{ hello }', {}, { accept })).headers.get('content-type')).toBe(`${expected}; charset=utf-8`);
  });

  const unacceptable = ['text/html', 'multipart/mixed', 'application/json;q=0', 'image/*', ';', 'application/json;q=x'];
  it.each(unacceptable)('executes nothing for Accept: %s', async (accept) => {
    const toy = await startToy();
    const answer = await toy.ask('mutation { bump }', {}, { accept });
    expect(answer.status).toBe(406);
    expect(answer.json.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });
});
