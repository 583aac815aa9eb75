import { type DocumentNode, getOperationAST, OperationTypeNode, parse } from 'graphql';
import { PARSE_LIMITS } from './apollo.js';
import type { RequestParameters } from './request-parameters.js';

/** Whether executing the request would carry out a mutation. False for all that is not going to be executed at all. */
export function asksForMutation({ query, operationName }: Pick<RequestParameters, 'query' | 'operationName'>): boolean {
  const document = query === null ? null : parsed(query);
  return document !== null && getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
}

function parsed(source: string): DocumentNode | null {
  try {
    return parse(source, PARSE_LIMITS);
  } catch {
    return null;
  }
}
