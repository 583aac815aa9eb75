import { connect, type Socket } from 'node:net';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { pino } from 'pino';
import { createGraphqlServer } from '../../src/graphql/apollo.js';
import { Health } from '../../src/http/health.js';
import { Metrics } from '../../src/http/metrics.js';
import { createHttpServer, type HttpLimits, type HttpServer } from '../../src/http/server.js';
import { anonymously, ManualTimers } from '../http/toy-server.js';

/** Events that a test gives out by hand. */
export class ToySource implements AsyncIterableIterator<object | null> {
  /** How many were taken. */
  taken = 0;
  isEnded = false;
  private readonly waiting: (object | null)[] = [];
  private wake: () => void = () => undefined;

  /** `endless` events are there whenever one is asked for. */
  constructor(private readonly endless: object | null = null) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  give(...events: readonly (object | null)[]): void {
    this.waiting.push(...events);
    this.wake();
  }

  async next(): Promise<IteratorResult<object | null, undefined>> {
    while (this.waiting.length === 0 && this.endless === null && !this.isEnded) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    if (this.isEnded) return { done: true, value: undefined };
    this.taken += 1;
    return { done: false, value: this.waiting.length > 0 ? this.waiting.shift()! : this.endless };
  }

  async return(): Promise<IteratorResult<object | null, undefined>> {
    this.isEnded = true;
    this.wake();
    return { done: true, value: undefined };
  }
}

export interface ToyStreams {
  readonly url: string;
  readonly server: HttpServer;
  /** Of requests, and of streams. */
  readonly timers: ManualTimers;
  readonly streamTimers: ManualTimers;
  /** The sample of a metric, by its name and labels; null where there is none. */
  metric(name: string): Promise<number | null>;
  /** A connection on which the subscription was sent; nothing of the answer is read yet. */
  subscribe(): Socket;
}

export interface ToyStreamsOptions {
  readonly open: () => ToySource | Promise<ToySource>;
  readonly limits?: Partial<HttpLimits>;
}

/** A server with one subscription, to events of a test's own. */
export async function startToyStreams({ open, limits = {} }: ToyStreamsOptions): Promise<ToyStreams> {
  const log = pino({ level: 'silent' });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { number: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: { text: { type: GraphQLString, subscribe: open } } }),
  });
  const graphql = createGraphqlServer(schema, { log });
  await graphql.apollo.start();
  const [timers, streamTimers, metrics] = [new ManualTimers(), new ManualTimers(), new Metrics({ process: false })];
  const server = createHttpServer({
    graphql: () => graphql,
    contextOf: anonymously,
    graphiql: { handle: () => false },
    health: new Health({ log, clock: { now: () => 0 } }),
    metrics,
    log,
    limits,
    timer: timers.timer,
    streamTimer: streamTimers.timer,
  });
  const url = await server.listen(0, '127.0.0.1');
  const metric = async (name: string): Promise<number | null> => {
    const line = (await metrics.render()).split('\n').find((sample) => sample.startsWith(`${name} `));
    return line === undefined ? null : Number(line.slice(name.length + 1));
  };
  return { url, server, timers, streamTimers, metric, subscribe: () => subscribeTo(url) };
}

function subscribeTo(url: string): Socket {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ query: 'subscription { text }' });
  const lines = ['POST /graphql HTTP/1.1', 'Host: toy', 'Accept: text/event-stream', 'Content-Type: application/json', `Content-Length: ${body.length}`];
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.setEncoding('utf8');
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}
