import type { FormattedExecutionResult } from 'graphql';
import { statusOf } from './errors.js';

/** The media type whose clients read the outcome from the body: a response with data is 200 for them. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * The HTTP status of a response that failed as a whole is that of its first error's code. Any partial success is 200, and
 * so is every response with data for a client that asked for application/graphql-response+json: null for all of these.
 */
export function failureStatus(result: FormattedExecutionResult, asksForResponse: boolean): number | null {
  if (result.data !== undefined && (asksForResponse || !failedAsAWhole(result))) return null;
  return statusOf(result.errors?.[0]?.extensions?.['code']);
}

function failedAsAWhole({ data, errors = [] }: FormattedExecutionResult): boolean {
  if (errors.length === 0 || data === undefined) return false;
  if (data === null) return true;
  const failed = new Set(errors.map((error) => error.path?.[0]));
  return Object.entries(data).every(([key, value]) => value === null && failed.has(key));
}
