import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { createGraphqlServer, type GraphqlServer } from '../../src/graphql/apollo.js';
import { KnownQueries } from '../../src/graphql/known-queries.js';
import type { ContextOf } from '../../src/http/graphql-endpoint.js';
import { Health } from '../../src/http/health.js';
import { Metrics } from '../../src/http/metrics.js';
import { createHttpServer, type HttpServer } from '../../src/http/server.js';
import { introduceEveryQuery } from '../support/introductions.js';

export const WAYS = ['interpreted', 'compiled', 'known'] as const;
export type WayName = (typeof WAYS)[number];

/** All that a client can see of an answer, but for what differs from request to request. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that answers in one way, and how often it answered so. */
interface Way {
  readonly url: string;
  readonly server: HttpServer;
  readonly graphql: GraphqlServer;
  /** Answers that a compiled query gave, by Apollo's hook or in front of Apollo. */
  compiledAnswers: number;
}

/** The same schema behind three servers: graphql-js executes; compiled queries do, asked by Apollo; known ones do, before Apollo is asked. */
export class ThreeWays {
  private constructor(private readonly ways: Readonly<Record<WayName, Way>>) {}

  static async start(schema: GraphQLSchema, contextOf: ContextOf): Promise<ThreeWays> {
    const start = (name: WayName) => startWay(name, schema, contextOf);
    return new ThreeWays({ interpreted: await start('interpreted'), compiled: await start('compiled'), known: await start('known') });
  }

  /** The answers to one request, asked for one after the other. */
  async answers(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<WayName, SeenAnswer>>> {
    const of = (name: WayName) => ask(this.ways[name].url, body, headers);
    return { interpreted: await of('interpreted'), compiled: await of('compiled'), known: await of('known') };
  }

  compiledAnswers(name: WayName): number {
    return this.ways[name].compiledAnswers;
  }

  async close(): Promise<void> {
    for (const name of WAYS) await this.ways[name].server.close();
  }
}

async function startWay(name: WayName, schema: GraphQLSchema, contextOf: ContextOf): Promise<Way> {
  const log = pino({ level: 'silent' });
  const graphql = createGraphqlServer(schema, { log, compileAfter: name === 'compiled' ? 1 : Number.POSITIVE_INFINITY });
  await graphql.apollo.start();
  if (name === 'known') introduceEveryQuery(graphql, schema);
  // What nobody remembers is not known, so that Apollo is asked again and again.
  const nothing = new KnownQueries((formatted) => formatted);
  const asked = name === 'compiled' ? { ...graphql, known: nothing } : graphql;
  const way: Way = { ...(await serve(asked, contextOf)), graphql, compiledAnswers: 0 };
  countAnswers(way);
  return way;
}

/** The GraphQL server over HTTP, as the gateway sets it up. */
export async function serve(graphql: GraphqlServer, contextOf: ContextOf): Promise<{ readonly url: string; readonly server: HttpServer }> {
  const log = pino({ level: 'silent' });
  const health = new Health({ log, clock: { now: () => 0 } });
  health.markReady();
  const server = createHttpServer({
    graphql: () => graphql,
    contextOf,
    graphiql: { handle: () => false },
    health,
    metrics: new Metrics({ process: false }),
    log,
  });
  return { url: await server.listen(0, '127.0.0.1'), server };
}

function countAnswers(way: Way): void {
  const { known } = way.graphql;
  const answer = known.answer.bind(known);
  known.answer = (...parameters) => {
    const answered = answer(...parameters);
    const count = <Result>(result: Result): Result => {
      if (result !== null) way.compiledAnswers += 1;
      return result;
    };
    return answered instanceof Promise ? answered.then(count) : count(answered);
  };
}

/** A body that is text already goes out as it is. */
export async function ask(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<SeenAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const seen = Object.fromEntries(response.headers);
  delete seen['x-request-id'];
  delete seen['date'];
  return { status: response.status, headers: seen, body: withoutErrorIds(await response.text()) };
}

function withoutErrorIds(body: string): string {
  return body.replaceAll(/("errorId":"|quote this id to support: )[0-9a-f-]{36}/g, '$1…');
}
