import type { ExecutionResult } from 'graphql';

export interface Comparable {
  readonly data: unknown;
  readonly errors: readonly string[];
}

/**
 * A result as two executors of the same guard must agree on it. Errors are sorted, since a synchronous guard meets them in
 * another order. Where a non-null field failed and took its parent with it, only the place that became null is kept:
 * an executor may stop at the first of several such failures, and which one that is depends on timing.
 */
export function comparable(result: ExecutionResult): Comparable {
  const errors = (result.errors ?? []).map(({ path = [], message }) => {
    const place = nullPlace(result.data, path);
    return place.length === path.length ? `${path.join('.')}: ${message}` : `${place.join('.')}: taken by a field below`;
  });
  return { data: result.data, errors: [...new Set(errors)].sort() };
}

/** The part of the path that is still there in the data, up to and including the null. */
function nullPlace(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  let depth = 0;
  while (depth < path.length && typeof value === 'object' && value !== null) {
    value = Reflect.get(value, path[depth] ?? '');
    depth += 1;
  }
  return path.slice(0, depth);
}
