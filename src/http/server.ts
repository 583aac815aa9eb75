import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { AppError } from '../errors.js';
import type { IdempotencyService } from '../features/idempotency/idempotency.service.js';
import type { GraphqlServer } from '../graphql/apollo.js';
import { publicErrorOf, statusOf } from '../graphql/errors.js';
import { JSON_TYPE, errorBody, prepare, sendAtOnce, sendJson, sendText } from './answer.js';
import { EventStreams } from './event-streams.js';
import { InFlight } from './graceful-stop.js';
import { GraphqlEndpoint } from './graphql-endpoint.js';
import type { ContextOf } from './graphql-endpoint.js';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';
import type { Route } from './request-metrics.js';
import { systemTimer } from './timer.js';
import { Turn } from './turn.js';
import { WholeAnswers, WholeResponse } from './whole-answers.js';
import type { Timer } from '../domain/clock.js';

/** Serves pages beneath /graphiql; false where it did not answer. */
export interface PageHandler {
  handle(request: IncomingMessage, response: ServerResponse, pathname: string): boolean;
}

/** All times in milliseconds. */
export interface HttpLimits {
  readonly bodyBytes: number;
  /** From a complete GraphQL request to its answer. */
  readonly answerMs: number;
  /** For a client to send the head of a request, and the whole of it. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long the rest of a refused body is read and dropped. */
  readonly lingerMs: number;
  /** For requests in flight when the server is closed. */
  readonly stopMs: number;
  readonly keepAliveMs: number;
  /** How many streams of events may be open at a time, of one caller and of all. */
  readonly streamsPerCaller: number;
  readonly streams: number;
}

export const HTTP_LIMITS: HttpLimits = {
  bodyBytes: 1024 * 1024,
  answerMs: 5000,
  headersMs: 5000,
  requestMs: 15_000,
  lingerMs: 2000,
  stopMs: 10_000,
  keepAliveMs: 65_000,
  streamsPerCaller: 100,
  streams: 10_000,
};

export interface HttpServerParts {
  /** Null until the gateway is ready: the server listens before that, and /livez and /readyz tell the difference. */
  readonly graphql: () => GraphqlServer | null;
  readonly contextOf: ContextOf;
  /** Null until the gateway is ready. Without it, nobody looks at the header Idempotency-Key. */
  readonly idempotency?: () => IdempotencyService | null;
  readonly graphiql: PageHandler;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits?: Partial<HttpLimits>;
  readonly timer?: Timer;
  /** When to look after streams of events: to keep them alive, and to cut off who does not read. */
  readonly streamTimer?: Timer;
}

export interface HttpServer {
  /** Starts to accept and returns the URL. Port 0 takes a free one. Rejects where the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /** Where it listens; null while it does not. */
  readonly url: string | null;
  /** Answers what is in flight, accepts nothing new, and stops Apollo. Calling it again changes nothing. */
  close(): Promise<void>;
}

export function createHttpServer(parts: HttpServerParts): HttpServer {
  return new NodeHttpServer(parts);
}

class NodeHttpServer implements HttpServer {
  readonly #parts: HttpServerParts;
  readonly #limits: HttpLimits;
  readonly #graphql: GraphqlEndpoint;
  readonly #server: Server;
  readonly #eventStreams: EventStreams;
  readonly #inFlight = new InFlight();
  readonly #turn = new Turn();
  #closing: Promise<void> | null = null;

  constructor(parts: HttpServerParts) {
    const limits = { ...HTTP_LIMITS, ...parts.limits };
    const { graphql, contextOf, idempotency = () => null, metrics, log, timer = systemTimer, streamTimer = systemTimer } = parts;
    this.#parts = parts;
    this.#limits = limits;
    const ofRequests = { graphql, contextOf, timer, maxBodyBytes: limits.bodyBytes, ...limits };
    this.#eventStreams = new EventStreams({ ...ofRequests, streamTimer });
    metrics.gauge('gatehouse_open_streams', 'Streams of events that are open.', () => this.#eventStreams.open);
    this.#graphql = new GraphqlEndpoint({ ...ofRequests, idempotency, log, eventStreams: this.#eventStreams, turn: this.#turn, answers: new WholeAnswers() });
    const serve = (request: IncomingMessage, response: WholeResponse): void => this.#serve(request, response);
    this.#server = createServer(
      {
        ServerResponse: WholeResponse,
        headersTimeout: limits.headersMs,
        requestTimeout: limits.requestMs,
        connectionsCheckingInterval: 1000,
        keepAliveTimeout: limits.keepAliveMs,
      },
      serve,
    );
    // Without a listener Node would ask for the body of a request that is about to be refused.
    this.#server.on('checkContinue', serve);
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => this.#refuseConnection(error, socket));
  }

  get url(): string | null {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return null;
    return `http://${hostOf(address.address)}:${address.port}`;
  }

  listen(port: number, host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        // Such as a process that is out of file descriptors: it keeps answering those that it has.
        this.#server.on('error', (error) => this.#parts.log.error({ err: error }, 'the HTTP server failed to accept a connection'));
        resolve(this.url ?? '');
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #stop(): Promise<void> {
    const { health, log, graphql, timer } = this.#parts;
    health.markStopping();
    this.#eventStreams.stop();
    const cutOff = await this.#inFlight.stop(this.#server, this.#limits.stopMs, timer);
    if (cutOff > 0) log.warn({ requests: cutOff }, 'requests were cut off, because they were not answered in time');
    await graphql()?.apollo.stop();
  }

  #serve(request: IncomingMessage, response: WholeResponse): void {
    const started = performance.now();
    const requestId = randomUUID();
    const pathname = pathnameOf(request.url ?? '');
    const route = routeOf(pathname);
    this.#inFlight.track(response, () => {
      const status = response.headersSent ? response.statusCode : null;
      const seconds = this.#eventStreams.has(response) ? null : (performance.now() - started) / 1000;
      this.#parts.metrics.requests.observe(route, status, seconds);
    });
    const fail = (error: unknown): void => this.#fail(response, requestId, error);
    const isPlainGraphql = route === 'graphql' && !this.#inFlight.stopping;
    if (isPlainGraphql) this.#turn.onArrival(() => void this.#graphql.handle(request, response, requestId).catch(fail));
    else this.#answer(route, pathname, request, response, requestId).catch(fail);
  }

  async #answer(route: Route, path: string, request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    if (this.#inFlight.stopping) throw new AppError('UNAVAILABLE', 'The gateway is stopping; try again.');
    prepare(response, requestId);
    if (route === 'graphiql' && this.#parts.graphiql.handle(request, response, path)) return undefined;
    if (route === 'other' || route === 'graphiql') return notFound(response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response);
    if (route === 'livez') return sendJson(response, 200, { status: 'alive' });
    if (route === 'metrics') {
      return sendText(response, 200, await this.#parts.metrics.render(), this.#parts.metrics.contentType);
    }
    const { ready, ...report } = await this.#parts.health.report();
    return sendJson(response, ready ? 200 : 503, report);
  }

  #fail(response: ServerResponse, requestId: string, error: unknown): void {
    const publicError = publicErrorOf(error, this.#parts.log);
    if (response.headersSent) response.destroy();
    else sendAtOnce(response, requestId, { status: statusOf(publicError.extensions.code) ?? 500, headers: [], body: errorBody(publicError) }, JSON_TYPE);
  }

  /** Malformed or too slow, below what a handler sees. */
  #refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable || this.#inFlight.on(socket)?.headersSent === true) {
      socket.destroy();
      return;
    }
    const [status, code, sentence] = CONNECTION_FAULTS[error.code ?? ''] ?? MALFORMED;
    const body = errorBody({ message: sentence, extensions: { code } });
    const length = Buffer.byteLength(body);
    const head = [`HTTP/1.1 ${status}`, 'Connection: close', `Content-Type: ${JSON_TYPE}`, `Content-Length: ${length}`, '', ''];
    socket.end(head.join('\r\n') + body, () => socket.destroy());
  }
}

type ConnectionFault = readonly [status: string, code: string, sentence: string];

const MALFORMED: ConnectionFault = ['400 Bad Request', 'BAD_USER_INPUT', 'This is not a well-formed HTTP request.'];
const CONNECTION_FAULTS: Readonly<Record<string, ConnectionFault>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'LIMIT_EXCEEDED', 'The headers are longer than the limit, 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'LIMIT_EXCEEDED', 'The request was not sent in time.'],
};

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/graphql', 'graphql'],
  ['/graphiql', 'graphiql'],
  ['/livez', 'livez'],
  ['/readyz', 'readyz'],
  ['/metrics', 'metrics'],
]);

/** By exact name, byte for byte: nothing is decoded or normalised that a rule elsewhere might read differently. */
function routeOf(pathname: string): Route {
  return ROUTES.get(pathname) ?? (pathname.startsWith('/graphiql/') ? 'graphiql' : 'other');
}

/** Not by URL, which throws on targets such as `//?query` and reads others differently from what was sent. */
function pathnameOf(target: string): string {
  const question = target.indexOf('?');
  return question === -1 ? target : target.slice(0, question);
}

function notFound(response: ServerResponse): void {
  const message = 'There is nothing here; GraphQL is at /graphql.';
  sendJson(response, 404, { errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
}

function notAllowed(response: ServerResponse): void {
  response.setHeader('allow', 'GET, HEAD');
  sendJson(response, 405, { errors: [{ message: 'Only GET and HEAD.', extensions: { code: 'BAD_USER_INPUT' } }] });
}

function hostOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}
