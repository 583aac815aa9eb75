import { BREAK, type DocumentNode, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode, visit } from 'graphql';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import { compileQuery, isCompiledQuery } from 'graphql-jit';

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
    // graphql-jit takes a condition that a variable leaves empty for false, where the specification has it refused.
    if (hasDirectives(document)) return null;
    const outcome = compileQuery(this.schema, document, operation.name?.value ?? '');
    return isCompiledQuery(outcome) ? new CompiledQuery(outcome.query as Run) : null;
  }
}

export class CompiledQuery {
  constructor(private readonly run: Run) {}

  /**
   * Answers at once where no resolver and no rule had to wait. Null where the executor itself found fault, with a variable
   * for example: graphql-js says that in the words of the specification, and a query can be executed again.
   */
  execute(context: unknown, variables: unknown): MaybePromise<CompiledResult | null> {
    return whenKnown(this.run(undefined, context, variables), ofResolvers);
  }
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive() {
      found = true;
      return BREAK;
    },
  });
  return found;
}

function ofResolvers({ data, errors }: RawResult): CompiledResult | null {
  if (data === undefined) return null;
  if (errors === undefined || errors.length === 0) return { data };
  return errors.every((error) => error.originalError instanceof Error) ? { data, errors } : null;
}
