import type { ErrorCode } from '../../errors.js';

const PASSING: ReadonlySet<unknown> = new Set<ErrorCode>(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED']);

interface AnswerBody {
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown; readonly retryable?: unknown } }[];
}

/** Whether the body of a GraphQL answer reports anything that may go well the next time, so that keeping it would do harm. */
export function reportsPassingFailure(body: string): boolean {
  const { errors = [] } = JSON.parse(body) as AnswerBody;
  return errors.some(({ extensions }) => extensions?.retryable === true || PASSING.has(extensions?.code));
}
