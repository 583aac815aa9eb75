import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, gunzipSync } from 'node:zlib';
import { GraphiqlFiles } from '../../src/http/graphiql.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const SCRIPT = '/graphiql/assets/a-1.js';
let dir: string;
let server: Server;

/** Serves a build directory with the path as the client wrote it, dots and all; 299 stands for "left to the next". */
function serve(buildDir: string): Promise<Server> {
  const files = new GraphiqlFiles(buildDir);
  const started = createServer((incoming, response) => {
    if (!files.handle(incoming, response, incoming.url ?? '')) response.writeHead(299).end();
  });
  return new Promise((resolve) => started.listen(0, '127.0.0.1', () => resolve(started)));
}

function close(running: Server): Promise<void> {
  return new Promise((resolve) => running.close(() => resolve()));
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', running = server): Promise<Answer> {
  const { port } = running.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject).end();
  });
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'graphiql-'));
  const built = join(dir, 'built');
  mkdirSync(join(built, 'assets'), { recursive: true });
  writeFileSync(join(dir, 'secret.js'), 'secret');
  writeFileSync(join(built, 'index.html'), '<p>page</p>');
  writeFileSync(join(built, '.inputs'), 'secret');
  writeFileSync(join(built, 'assets', 'a-1.js'), 'let a;');
  writeFileSync(join(built, 'assets', 'a-1.js.gz'), gzipSync('let a;'));
  symlinkSync(join(dir, 'secret.js'), join(built, 'assets', 'linked.js'));
  server = await serve(built);
});
afterAll(async () => {
  await close(server);
  rmSync(dir, { recursive: true });
});

it.each(['/graphiql', '/graphiql/', '/graphiql/index.html'])('%s is the page, revalidated on each visit', async (path) => {
  const { status, headers, body } = await ask(path);
  expect(body.toString()).toBe('<p>page</p>');
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
});

it('lets an asset be kept for ever, because its name holds the hash of its content', async () => {
  const { status, headers } = await ask(SCRIPT);
  expect([status, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

it.each([
  ['climbs out', '/graphiql/../secret.js'],
  ['climbs out, encoded', '/graphiql/%2e%2e/secret.js'],
  ['climbs out of a folder', '/graphiql/assets/../../secret.js'],
  ['starts at the root', '/graphiql//etc/passwd'],
  ['is a link to a file elsewhere', '/graphiql/assets/linked.js'],
  ['is a folder', '/graphiql/assets'],
  ['is a file that is no part of the page', '/graphiql/.inputs'],
  ['is the name of a compressed copy', `${SCRIPT}.gz`],
  ['every object has', '/graphiql/constructor'],
])('answers 404 to a path that %s: %s', async (_, path) => {
  const { status, body } = await ask(path);
  expect([status, body.toString()]).toEqual([404, 'There is no such file.']);
});

it.each(['/graphql', '/', '/graphiqlx', '/x/graphiql'])('leaves %s to the rest of the server', async (path) => {
  expect((await ask(path)).status).toBe(299);
});

it.each([
  ['gzip, deflate, br', 'gzip'],
  ['br;q=1.0, GZIP;q=0.8', 'gzip'],
  ['br', undefined],
  ['gzip;q=0', undefined],
  ['', undefined],
])('answers "accept-encoding: %s" with the encoding %s', async (accepted, encoding) => {
  const { headers, body } = await ask(SCRIPT, { 'accept-encoding': accepted });
  expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding']);
  expect((encoding === undefined ? body : gunzipSync(body)).toString()).toBe('let a;');
});

it('answers 304 without a body to a client that has the file', async () => {
  const { etag } = (await ask(SCRIPT)).headers;
  const again = await ask(SCRIPT, { 'if-none-match': `"other", ${String(etag)}` });
  expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
  expect((await ask(SCRIPT, { 'if-none-match': '"other"' })).status).toBe(200);
});

it('answers HEAD as GET, without the body', async () => {
  const { status, headers, body } = await ask(SCRIPT, {}, 'HEAD');
  expect([status, headers['content-length'], body.length]).toEqual([200, '6', 0]);
});

it('refuses every other method', async () => {
  const { status, headers } = await ask('/graphiql', {}, 'POST');
  expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
});

it.each([
  ['the page', '/graphiql', 200],
  ['a script', SCRIPT, 200],
  ['a missing file', '/graphiql/none', 404],
])('forbids other hosts, frames and sniffing on %s', async (_, path, expected) => {
  const { status, headers } = await ask(path);
  const policy = String(headers['content-security-policy']);
  expect(status).toBe(expected);
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  expect([headers['x-content-type-options'], headers['referrer-policy']]).toEqual(['nosniff', 'no-referrer']);
});

it('says how to build the page where it was not built', async () => {
  const unbuilt = await serve(join(dir, 'none'));
  const { status, body } = await ask('/graphiql', {}, 'GET', unbuilt);
  await close(unbuilt);
  expect(status).toBe(503);
  expect(body.toString()).toContain('npm run build');
});
