import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener, GraphQLResponse } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { RequestContext } from './context.js';
import type { KnownQueries } from './known-queries.js';
import type { QueryCompiler } from './query-compiler.js';

/** Of HTTP; Apollo copies it. */
const NOTHING_SAID: GraphQLResponse['http'] = { headers: new HeaderMap() };

/** Has Apollo answer by compiled queries, where there are any, in the place of graphql-js. */
export function compiledExecution(compiler: QueryCompiler, known: KnownQueries): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = { responseForOperation: (request) => responseFor(request, compiler, known) };
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}

async function responseFor(
  { request, source, document, operation, contextValue }: GraphQLRequestContext<RequestContext>,
  compiler: QueryCompiler,
  known: KnownQueries,
): Promise<GraphQLResponse | null> {
  if (source === undefined || document === undefined || operation === undefined || known.isLeft(contextValue)) return null;
  // It came for a stream of events, and is refused.
  if (contextValue.takeSubscription !== undefined) return null;
  const query = compiler.compiled(document, operation);
  if (query === null) return null;
  known.remember(source, request.operationName ?? null, query);
  const answer = query.inTurn(() => known.answer(query, contextValue, request.variables));
  const singleResult = answer instanceof Promise ? await answer : answer;
  return singleResult && { http: NOTHING_SAID, body: { kind: 'single', singleResult } };
}
