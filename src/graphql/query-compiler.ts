import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { ConcurrencyLimit } from '../access/concurrency-limit.js';
import { isCompilable, takesEmptyObject } from './compilable.js';
import { asksForPages, pageTurns } from './page-turns.js';

/** What a compiled query gives; its errors were all thrown or returned by resolvers and rules of the guard. */
export interface CompiledResult {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLError[];
}

type Run = (root: undefined, context: unknown, variables: unknown) => MaybePromise<RawResult>;

interface RawResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLError[];
}

interface Progress {
  timesSeen: number;
  /** Undefined until it was tried, null where the operation cannot be compiled. */
  compiled?: CompiledQuery | null;
}

/** UTF-16 units of a document. A longer one is rare, and takes long to compile. */
const MAX_SOURCE_LENGTH = 8192;

/**
 * Compiles the queries that come often to plain functions, by graphql-jit, and leaves everything else to graphql-js:
 * mutations, what comes rarely, and whatever graphql-jit would answer in words of its own.
 */
export class QueryCompiler {
  /** By the operation's node: it lives for as long as its document is kept, parsed and validated. */
  private readonly seen = new WeakMap<OperationDefinitionNode, Progress>();
  private readonly pageTurns = pageTurns();

  constructor(
    private readonly schema: GraphQLSchema,
    /** How often a query must have come before it is compiled. */
    private readonly compileAfter: number,
  ) {}

  /** The operation of a validated document, compiled; null where graphql-js is to execute it. */
  compiled(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    if (operation.operation !== OperationTypeNode.QUERY || (document.loc?.end ?? 0) > MAX_SOURCE_LENGTH) return null;
    const progress = this.seen.get(operation) ?? { timesSeen: 0 };
    if (progress.timesSeen === 0) this.seen.set(operation, progress);
    progress.timesSeen += 1;
    if (progress.timesSeen >= this.compileAfter) progress.compiled ??= this.compile(document, operation);
    return progress.compiled ?? null;
  }

  private compile(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    if (!isCompilable(this.schema, document)) return null;
    const outcome = compileQuery(this.schema, document, operation.name?.value ?? '');
    if (!isCompiledQuery(outcome)) return null;
    const turns = asksForPages(this.schema, document) ? this.pageTurns : null;
    return new CompiledQuery(outcome.query as Run, turns, takesEmptyObject(this.schema, operation));
  }
}

export class CompiledQuery {
  constructor(
    private readonly run: Run,
    /** Null for a query that waits for nobody. */
    private readonly turns: ConcurrencyLimit | null = null,
    /** Whether a variable may be an input object none of whose fields is required: graphql-jit takes an empty list for one. */
    private readonly mayTakeList = true,
  ) {}

  /** Does what there is to do with this query when it is its turn: execute it, and make of its result what is wanted. */
  inTurn<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    return this.turns === null ? work() : this.turns.run(work);
  }

  /**
   * Answers at once where no resolver and no rule had to wait. Null where graphql-js is to answer, since graphql-jit would do
   * it in other words: a query can be executed again.
   */
  execute(context: unknown, variables: unknown): MaybePromise<CompiledResult | null> {
    if (this.mayTakeList && holdsEmptyList(variables)) return null;
    return whenKnown(this.run(undefined, context, variables), ofResolvers);
  }
}

/** By a loop over what was JSON: `Object.values` would take several times as long. */
function holdsEmptyList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 0 || value.some(holdsEmptyList);
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) {
    if (holdsEmptyList(members[name])) return true;
  }
  return false;
}

/** Null without data, when graphql-jit itself found fault, and where the order, number or places of errors may be other than those of graphql-js. */
function ofResolvers({ data, errors = [] }: RawResult): CompiledResult | null {
  if (data === undefined || errors.length > 1) return null;
  const [error] = errors;
  if (error === undefined) return { data };
  return isPlainError(error.originalError) ? { data, errors } : null;
}

/** One that a resolver or a rule threw or returned, and that has no place in a document of its own. */
function isPlainError(error: unknown): boolean {
  return error instanceof Error && !(error instanceof GraphQLError);
}
