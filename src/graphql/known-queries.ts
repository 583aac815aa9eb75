import type { FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import type { RequestContext } from './context.js';
import type { CompiledQuery, CompiledResult } from './query-compiler.js';
import type { RequestParameters } from './request-parameters.js';

/** Apollo's `formatError`. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** What one document's operations were compiled to, by the names in requests: as many as it has operations, and one for none. */
type ByOperationName = Map<string | null, CompiledQuery>;

const MAX_DOCUMENTS = 1000;

/**
 * The queries that came before and were compiled, by their very text: all that there is to say about the text alone, such as
 * its limits and its validity, was said then. What depends on the caller and on the variables is asked each time.
 */
export class KnownQueries {
  private readonly queries = new LRUCache<string, ByOperationName>({ max: MAX_DOCUMENTS });

  /** Requests that are left to graphql-js, by what belongs to one alone even where Apollo has copied its context. */
  private readonly left = new WeakSet<RequestContext['loaders']>();

  constructor(private readonly formatError: FormatError) {}

  /** `name` is the operation's, as the request gave it: null where it gave none. */
  remember(source: string, name: string | null, query: CompiledQuery): void {
    const known = this.queries.get(source);
    if (known === undefined) this.queries.set(source, new Map([[name, query]]));
    else known.set(name, query);
  }

  /** The query that the request asks for, where it is known and asked for plainly; null leaves the request to Apollo. */
  find({ query, operationName, extensions }: RequestParameters): CompiledQuery | null {
    if (query === null || !areWithoutEffect(extensions)) return null;
    return this.queries.get(query)?.get(operationName) ?? null;
  }

  /** The response, at once where nothing had to wait; null where graphql-js has to say what is wrong with the request. */
  answer(query: CompiledQuery, context: RequestContext, variables: unknown): MaybePromise<FormattedExecutionResult | null> {
    return whenKnown(query.execute(context, variables), (result) => this.responseOf(result, context));
  }

  /** Whether the compiled query was asked for this request already and gave no answer: asked again, it would give none either. */
  isLeft({ loaders }: RequestContext): boolean {
    return this.left.has(loaders);
  }

  private responseOf(result: CompiledResult | null, context: RequestContext): FormattedExecutionResult | null {
    if (result !== null) return this.format(result);
    this.left.add(context.loaders);
    return null;
  }

  /** In the order in which the specification lists them: errors first. */
  private format({ data, errors }: CompiledResult): FormattedExecutionResult {
    return errors === undefined ? { data } : { errors: errors.map((error) => this.formatted(error)), data };
  }

  private formatted(error: GraphQLError): GraphQLFormattedError {
    const { message, locations, path, extensions } = error;
    const formatted = { message, extensions, ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
    return this.formatError(formatted, error);
  }
}

/** Apollo acts on one extension, `persistedQuery`; clients send others along, such as Apollo Client its name and version. */
function areWithoutEffect(extensions: RequestParameters['extensions']): boolean {
  return extensions === null || !Object.hasOwn(extensions, 'persistedQuery');
}
