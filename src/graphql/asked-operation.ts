import { type DocumentNode, getOperationAST, OperationTypeNode, parse } from 'graphql';
import { PARSE_LIMITS } from './apollo.js';

/** What identifies a request in GraphQL over HTTP; as it came, so of any type. */
export interface AskedOperation {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** Whether executing the request would carry out a mutation. False for all that is not going to be executed at all. */
export function asksForMutation({ query, operationName }: AskedOperation): boolean {
  const document = typeof query === 'string' ? parsed(query) : null;
  if (document === null) return false;
  const name = typeof operationName === 'string' ? operationName : null;
  return getOperationAST(document, name)?.operation === OperationTypeNode.MUTATION;
}

function parsed(source: string): DocumentNode | null {
  try {
    return parse(source, PARSE_LIMITS);
  } catch {
    return null;
  }
}
