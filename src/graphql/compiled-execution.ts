import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener, GraphQLResponse } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { RequestContext } from './context.js';
import type { KnownQueries } from './known-queries.js';
import type { QueryCompiler } from './query-compiler.js';

/** Has Apollo answer by compiled queries, where there are any, in the place of graphql-js. */
export function compiledExecution(compiler: QueryCompiler, known: KnownQueries): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = { responseForOperation: (request) => responseFor(request, compiler, known) };
  return { requestDidStart: async () => listener };
}

async function responseFor(
  { request, source, document, operation, contextValue }: GraphQLRequestContext<RequestContext>,
  compiler: QueryCompiler,
  known: KnownQueries,
): Promise<GraphQLResponse | null> {
  if (source === undefined || document === undefined || operation === undefined || known.isLeft(contextValue)) return null;
  const query = compiler.compiled(document, operation);
  if (query === null) return null;
  known.remember(source, request.operationName ?? null, query);
  const singleResult = await query.inTurn(() => known.answer(query, contextValue, request.variables));
  return singleResult && { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
}
