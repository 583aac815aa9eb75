import type { ApolloServer, GraphQLRequest } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { RequestContext } from './context.js';
import type { RequestParameters } from './request-parameters.js';

/** What came of a request in Apollo. */
export interface ExecutedRequest {
  /** In the order in which the specification lists them: errors first. */
  readonly result: FormattedExecutionResult;
  /** Null where Apollo leaves it to whoever speaks HTTP. */
  readonly status: number | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Has Apollo parse, validate and execute a request, with all of its plugins. Its own layer of HTTP is left out: what it would look
 * for in a method, in headers and in the types of parameters was settled before. Rejects where Apollo itself failed.
 */
export async function executeByApollo(
  apollo: ApolloServer<RequestContext>,
  { query, operationName, variables, extensions }: RequestParameters,
  contextValue: RequestContext,
): Promise<ExecutedRequest> {
  const request: GraphQLRequest = {};
  if (query !== null) request.query = query;
  if (operationName !== null) request.operationName = operationName;
  if (variables !== null) request.variables = variables;
  if (extensions !== null) request.extensions = extensions;
  const { body, http } = await apollo.executeOperation(request, { contextValue });
  // Apollo answers in parts only where @defer is on, which it is not.
  const { errors, data, extensions: said } = body.kind === 'single' ? body.singleResult : body.initialResult;
  return { result: { errors, data, extensions: said }, status: http.status ?? null, headers: [...http.headers] };
}
