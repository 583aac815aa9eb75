import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const ROOT = '/graphiql';
const INDEX = 'index.html';
const ZIPPED = '.gz';

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.ttf', 'font/ttf'],
  ['.woff2', 'font/woff2'],
]);

/** Nothing from another host. The code editor writes style elements of its own, and its fonts are data: URLs. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer under /graphiql: on scripts too, because a worker runs under the policy that its own file came with. */
const SECURITY_HEADERS: OutgoingHttpHeaders = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

const NOT_BUILT =
  '<!doctype html><html lang="en"><title>Gatehouse</title><p>GraphiQL is not built yet: run <code>npm run build</code> and start the gateway again.</p></html>';

interface BuiltFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** Null where the build left no compressed copy. */
  readonly zipped: Buffer | null;
  /** Weak, because one tag stands for both encodings. */
  readonly etag: string;
  readonly cacheControl: string;
}

/**
 * GraphiQL's built files under /graphiql. They are read once, here, and served from memory by their exact names, so no
 * request can reach another file. Regular files of known types only; a missing directory makes /graphiql answer 503.
 */
export class GraphiqlFiles {
  readonly #files: ReadonlyMap<string, BuiltFile>;

  constructor(dir: string) {
    this.#files = readBuild(dir);
  }

  /** Answers what lies under /graphiql and returns true; leaves every other path alone and returns false. */
  handle(request: IncomingMessage, response: ServerResponse, pathname: string): boolean {
    if (pathname !== ROOT && !pathname.startsWith(`${ROOT}/`)) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, { allow: 'GET, HEAD' }, 'Only GET and HEAD.');
    } else if (!this.#files.has(INDEX)) {
      send(response, 503, { 'content-type': 'text/html; charset=utf-8' }, NOT_BUILT);
    } else {
      const file = this.#files.get(pathname.slice(ROOT.length + 1) || INDEX);
      if (file === undefined) send(response, 404, {}, 'There is no such file.');
      else sendFile(request, response, file);
    }
    return true;
  }
}

function readBuild(dir: string): ReadonlyMap<string, BuiltFile> {
  const files = new Map<string, BuiltFile>();
  const names = new Set(existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : []);
  for (const name of names) {
    const contentType = CONTENT_TYPES.get(extname(name));
    const path = join(dir, name);
    if (contentType === undefined || !lstatSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    const url = name.split(sep).join('/');
    files.set(url, {
      contentType,
      bytes,
      zipped: names.has(name + ZIPPED) ? readFileSync(path + ZIPPED) : null,
      etag: `W/"${createHash('sha256').update(bytes).digest('base64url')}"`,
      // The build puts the content's hash into the names of assets, so what a name stands for never changes.
      cacheControl: url.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
  return files;
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: BuiltFile): void {
  const caching = { etag: file.etag, 'cache-control': file.cacheControl, vary: 'accept-encoding' };
  if (matches(request.headers['if-none-match'], file.etag)) {
    response.writeHead(304, { ...SECURITY_HEADERS, ...caching }).end();
  } else if (file.zipped !== null && acceptsGzip(request.headers['accept-encoding'])) {
    send(response, 200, { ...caching, 'content-type': file.contentType, 'content-encoding': 'gzip' }, file.zipped);
  } else {
    send(response, 200, { ...caching, 'content-type': file.contentType }, file.bytes);
  }
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch !== undefined && ifNoneMatch.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*');
}

function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return String(acceptEncoding ?? '').split(',').some((coding) => {
    const [name, weight] = coding.toLowerCase().split(';').map((part) => part.trim());
    return name === 'gzip' && !/^q=0(\.0*)?$/.test(weight ?? '');
  });
}

/** Node leaves the body out of the answer to a HEAD request, and keeps its length. */
function send(response: ServerResponse, status: number, headers: OutgoingHttpHeaders, body: Buffer | string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
