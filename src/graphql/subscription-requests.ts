import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener, GraphQLResponse } from '@apollo/server';
import { type DocumentNode, OperationTypeNode } from 'graphql';
import { AppError } from '../errors.js';
import type { RequestContext } from './context.js';

/** A subscription whose document was found to be within the limits and valid. Its variables are as they came. */
export interface SubscriptionRequest {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

export const NOT_ACCEPTABLE = 406;

/**
 * Hands subscriptions to whoever takes them, after all that Apollo does with any request: limits, parsing, validation and the
 * cache of documents are the same. What can't be answered in the media type that the client accepts is refused with 406.
 */
export function handingOverSubscriptions(): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = { responseForOperation: async (request) => responseFor(request) };
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}

function responseFor(request: GraphQLRequestContext<RequestContext>): GraphQLResponse | null {
  const sentence = refusalOf(request);
  if (sentence !== null) return refusal(sentence);
  return request.operation?.operation === OperationTypeNode.SUBSCRIPTION ? handOver(request) : null;
}

function refusalOf({ operation, contextValue }: GraphQLRequestContext<RequestContext>): string | null {
  const takesStream = contextValue.takeSubscription !== undefined;
  if (operation === undefined || (operation.operation === OperationTypeNode.SUBSCRIPTION) === takesStream) return null;
  return takesStream
    ? 'A query or a mutation is answered once: send it with Accept: application/json.'
    : 'A subscription is answered by a stream of events: send it with Accept: text/event-stream, and nothing else there.';
}

function handOver({ request, document, contextValue }: GraphQLRequestContext<RequestContext>): GraphQLResponse {
  contextValue.takeSubscription?.({ document: document!, operationName: request.operationName ?? null, variables: request.variables ?? {} });
  return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: {} } };
}

function refusal(sentence: string): GraphQLResponse {
  const { message, code } = new AppError('BAD_USER_INPUT', sentence);
  return { http: { status: NOT_ACCEPTABLE, headers: new HeaderMap() }, body: { kind: 'single', singleResult: { errors: [{ message, extensions: { code } }] } } };
}
