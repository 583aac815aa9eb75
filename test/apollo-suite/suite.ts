import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { type CreateServerForIntegrationTestsOptions, defineIntegrationTestSuite } from '@apollo/server-integration-testsuite';
import { GraphQLError, GraphQLSchema, NoSchemaIntrospectionCustomRule } from 'graphql';
import { pino } from 'pino';
import { compiledExecution } from '../../src/graphql/compiled-execution.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { type FormatError, KnownQueries } from '../../src/graphql/known-queries.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import { QueryCompiler } from '../../src/graphql/query-compiler.js';
import { Subscriptions } from '../../src/graphql/subscriptions.js';
import { EventStreams } from '../../src/http/event-streams.js';
import { GraphqlEndpoint } from '../../src/http/graphql-endpoint.js';
import { systemTimer } from '../../src/http/timer.js';
import { Turn } from '../../src/http/turn.js';
import { WholeAnswers, WholeResponse } from '../../src/http/whole-answers.js';
import { COMPILE_AFTER, KNOWN_AT_ONCE } from '../support/execution.js';
import { introduceEveryQuery } from '../support/introductions.js';

const log = pino({ level: 'silent' });
const NOT_KNOWN = new KnownQueries((formatted) => formatted);
/** How often compiled queries were asked, by Apollo and before it: whoever reads the results is to know that they were at all. */
const asked = { byApollo: 0, before: 0 };

defineIntegrationTestSuite(startServer, { serverIsStartedInBackground: false });

afterAll(() => {
  const file = process.env['APOLLO_SUITE_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(asked));
});

/** Each test says how Apollo is to be set up; ours are the endpoint before it and the plugin that executes. */
async function startServer(config: ApolloServerOptions<BaseContext>, { context = async () => ({}) }: CreateServerForIntegrationTestsOptions = {}) {
  const formatError = formatterOf(config);
  const known = new KnownQueries(formatError);
  let execution: ApolloServerPlugin<RequestContext> = {};
  let loaded: GraphQLSchema | null = null;
  const ours: ApolloServerPlugin<RequestContext> = {
    async serverWillStart({ schema }) {
      loaded = schema;
      // What a gateway executes is no business of a schema here, and neither are fields that only a default resolver knows.
      if (isPlain(config)) execution = compiledExecution(new QueryCompiler(schema, COMPILE_AFTER), known);
    },
    requestDidStart: async (request) => execution.requestDidStart?.(request),
  };
  const plugins = [...(config.plugins ?? []), ours] as ApolloServerPlugin[];
  const server: ApolloServer = new ApolloServer({ ...config, plugins });
  await server.start();
  const withAnyContext: object = server;
  const apollo = withAnyContext as ApolloServer<RequestContext>;
  const isKnown = KNOWN_AT_ONCE && isPlain(config) && config.plugins === undefined;
  if (isKnown && loaded !== null) introduceEveryQuery({ known }, loaded, rulesOf(config));
  countAsked(known);
  const subscriptions = new Subscriptions(loaded ?? new GraphQLSchema({}), formatError);
  const ofRequests = {
    graphql: () => ({ apollo, known: isKnown ? known : NOT_KNOWN, subscriptions }),
    contextOf: async () => Object.assign(await context(), { loaders: new RequestLoaders() }) as RequestContext,
    maxBodyBytes: 1024 * 1024,
    answerMs: 10_000,
    timer: systemTimer,
  };
  const eventStreams = new EventStreams({ ...ofRequests, streams: 1, streamsPerCaller: 1, streamTimer: systemTimer });
  const turn = new Turn();
  const endpoint = new GraphqlEndpoint({ ...ofRequests, idempotency: () => null, lingerMs: 100, log, eventStreams, turn, answers: new WholeAnswers() });
  const http = createServer({ ServerResponse: WholeResponse }, (request, response) => turn.onArrival(() => void endpoint.handle(request, response, randomUUID())));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, extraCleanup: () => closed(http) };
}

function isPlain(config: ApolloServerOptions<BaseContext>): boolean {
  return config.gateway === undefined && config.fieldResolver === undefined && config.rootValue === undefined;
}

function rulesOf({ validationRules = [], introspection, nodeEnv }: ApolloServerOptions<BaseContext>) {
  const hides = !(introspection ?? nodeEnv !== 'production');
  return hides ? [...validationRules, NoSchemaIntrospectionCustomRule] : [...validationRules];
}

/** What Apollo hands to formatError, which the gateway's own needs not; compiled queries do not know it. */
function formatterOf({ formatError, includeStacktraceInErrorResponses: withStack, nodeEnv }: ApolloServerOptions<BaseContext>): FormatError {
  return (formatted, error) => {
    const code = formatted.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
    const origin = error instanceof GraphQLError ? error.originalError : null;
    const stack = withStack ?? (nodeEnv ?? process.env['NODE_ENV'] ?? '') === 'development';
    const stacktrace = stack && origin instanceof Error ? { stacktrace: origin.stack?.split('\n') } : {};
    const complete = { ...formatted, extensions: { ...formatted.extensions, code, ...stacktrace } };
    return formatError?.(complete, error) ?? complete;
  };
}

/** Every answer of a known query begins by finding it, and all other answers are asked for by Apollo. */
function countAsked(known: KnownQueries): void {
  const find = known.find.bind(known);
  const answer = known.answer.bind(known);
  known.find = (parameters) => {
    const found = find(parameters);
    if (found !== null) Object.assign(asked, { before: asked.before + 1, byApollo: asked.byApollo - 1 });
    return found;
  };
  known.answer = (...parameters) => {
    asked.byApollo += 1;
    return answer(...parameters);
  };
}

function closed(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
