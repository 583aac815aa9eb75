import { connect } from 'node:net';
import { pino } from 'pino';
import type { ApolloServer } from '@apollo/server';
import { createGraphqlServer } from '../../src/graphql/apollo.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import type { ContextOf } from '../../src/http/graphql-endpoint.js';
import { Health } from '../../src/http/health.js';
import type { HealthCheck } from '../../src/http/health.js';
import { Metrics } from '../../src/http/metrics.js';
import { createHttpServer } from '../../src/http/server.js';
import type { HttpLimits, HttpServer } from '../../src/http/server.js';
import type { Timer } from '../../src/domain/clock.js';
import { COMPILE_AFTER, KNOWN_AT_ONCE } from '../support/execution.js';
import { introduceEveryQuery } from '../support/introductions.js';
import { Gate, toySchema } from './toy-schema.js';

export interface ToyOptions {
  readonly contextOf?: ContextOf;
  readonly limits?: Partial<HttpLimits>;
  readonly timer?: Timer;
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  /** Absent: a free one. */
  readonly port?: number;
  /** False: it listens, and the application behind it never becomes ready. */
  readonly ready?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: GraphqlBody;
}

export interface GraphqlBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly path?: unknown; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface Toy {
  readonly url: string;
  readonly server: HttpServer;
  readonly apollo: ApolloServer<RequestContext>;
  readonly gate: Gate;
  readonly log: readonly string[];
  /** One GraphQL request as clients send it. */
  ask(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  post(body: BodyInit, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, init?: RequestInit): Promise<Answer>;
}

const running: HttpServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

export const anonymously: ContextOf = async ({ address, requestId }) => ({
  principal: null,
  requestId,
  address,
  loaders: new RequestLoaders(),
});

/** A server with a schema that fails in every way; closed after the test. */
export async function startToy(options: ToyOptions = {}): Promise<Toy> {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const gate = new Gate();
  const schema = toySchema(gate);
  const graphql = createGraphqlServer(schema, { log, compileAfter: COMPILE_AFTER });
  await graphql.apollo.start();
  if (KNOWN_AT_ONCE) introduceEveryQuery(graphql, schema);
  const health = new Health({ log, clock: { now: () => 0 } });
  for (const [name, check] of Object.entries(options.checks ?? {})) health.register(name, check);
  if (options.ready !== false) health.markReady();
  const server = createHttpServer({
    graphql: () => (options.ready === false ? null : graphql),
    contextOf: options.contextOf ?? anonymously,
    graphiql: toyPages,
    health,
    metrics: new Metrics({ process: false }),
    log,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.timer === undefined ? {} : { timer: options.timer }),
  });
  running.push(server);
  const url = await server.listen(options.port ?? 0, '127.0.0.1');
  const post: Toy['post'] = (body, headers = {}) =>
    read(fetch(`${url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }));
  return {
    url,
    server,
    apollo: graphql.apollo,
    gate,
    log: lines,
    post,
    ask: (query, variables, headers) => post(JSON.stringify({ query, variables }), headers),
    get: (path, init) => read(fetch(url + path, init)),
  };
}

const toyPages = {
  handle(_request: unknown, response: { end(text: string): unknown }, pathname: string): boolean {
    if (pathname !== '/graphiql' && pathname !== '/graphiql/app.js') return false;
    response.end('a page');
    return true;
  },
};

async function read(pending: Promise<Response>): Promise<Answer> {
  const response = await pending;
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json(): GraphqlBody {
      return JSON.parse(text) as GraphqlBody;
    },
  };
}

/** Bytes onto a connection, and what comes back until the server closes it. */
export function exchange(url: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (received += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    for (const part of parts) socket.write(part);
  });
}

/** A GraphQL request as bytes, with the headers of one's choice. */
export function rawPost(query: string, headers: readonly string[] = [], path = '/graphql'): string {
  const body = JSON.stringify({ query });
  const lines = [`POST ${path} HTTP/1.1`, 'Host: gatehouse', `Content-Length: ${Buffer.byteLength(body)}`, ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Timers that elapse when a test says so. */
export class ManualTimers {
  readonly #waiting = new Set<{ readonly milliseconds: number; readonly onElapsed: () => void }>();

  readonly timer: Timer = (milliseconds, onElapsed) => {
    const entry = { milliseconds, onElapsed };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  };

  get waiting(): readonly number[] {
    return [...this.#waiting].map((entry) => entry.milliseconds);
  }

  elapse(milliseconds: number): void {
    // Not those that are set meanwhile.
    const due = [...this.#waiting].filter((entry) => entry.milliseconds === milliseconds);
    for (const entry of due) {
      this.#waiting.delete(entry);
      entry.onElapsed();
    }
  }
}
