import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin, DocumentStore } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { compiledExecution } from './compiled-execution.js';
import type { RequestContext } from './context.js';
import { errorFormatter, type Translate } from './errors.js';
import { type FormatError, KnownQueries } from './known-queries.js';
import { limitRule } from './limits.js';
import { QueryCompiler } from './query-compiler.js';
import { handingOverSubscriptions } from './subscription-requests.js';
import { subscriptionRule } from './subscription-rule.js';
import { Subscriptions } from './subscriptions.js';

const MAX_TOKENS = 2000;
const MAX_COMMENTS = 1000;
/** UTF-16 units of one document. Values belong into variables, which only the limit of the body bounds. */
const MAX_SOURCE_LENGTH = 128 * 1024;
/** For whoever parses a document that a client sent. */
export const PARSE_LIMITS = { maxLexicalTokens: MAX_TOKENS, maxComments: MAX_COMMENTS, maxSourceLength: MAX_SOURCE_LENGTH } as const;

const MAX_REPORTED_ERRORS = 10;
const CACHED_DOCUMENTS = 1000;
/** UTF-16 units of source: a parsed document takes up to 250 bytes for each, so that the cache stays below 64 MiB. */
const CACHED_SOURCE_LENGTH = 256 * 1024;
const CACHED_DOCUMENT_LENGTH = 16 * 1024;

export interface GraphqlServerOptions {
  readonly log: Logger;
  readonly translate?: Translate;
  /** How often a query must have come before it is compiled; Infinity leaves all to graphql-js. */
  readonly compileAfter?: number | undefined;
}

/** Apollo, the queries that can be answered without asking it, and what it leaves to others. */
export interface GraphqlServer {
  readonly apollo: ApolloServer<RequestContext>;
  readonly known: KnownQueries;
  readonly subscriptions: Subscriptions;
}

/** Compiling takes as long as a hundred executions. */
const COMPILE_AFTER = 3;

/** Not started yet. */
export function createGraphqlServer(schema: GraphQLSchema, { log, translate = (error) => error, compileAfter = COMPILE_AFTER }: GraphqlServerOptions): GraphqlServer {
  const formatError = errorFormatter(log, translate);
  const known = new KnownQueries(formatError);
  const execution = compiledExecution(new QueryCompiler(schema, compileAfter), known);
  return { apollo: createApollo(schema, log, formatError, execution), known, subscriptions: new Subscriptions(schema, formatError) };
}

/**
 * Apollo Server with nothing left to its defaults that reaches out, traces, or depends on NODE_ENV.
 * Introspection is on: the guard protects data, and the schema is public.
 */
function createApollo(schema: GraphQLSchema, log: Logger, formatError: FormatError, execution: ApolloServerPlugin<RequestContext>): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    logger: log,
    nodeEnv: 'production',
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    documentStore: new DocumentCache(),
    parseOptions: PARSE_LIMITS,
    // Apollo's own maxRecursiveSelections would run the rule of limits only after all others; that rule counts the same.
    validationRules: [limitRule(), subscriptionRule()],
    // Suggestions are hidden here and in the formatter: Apollo's hideSchemaDetailsFromClientErrors takes a pattern to messages
    // that quote the document, in time that grows with the square of their length.
    validationOptions: { hideSuggestions: true, maxErrors: MAX_REPORTED_ERRORS },
    executionOptions: { maxCoercionErrors: MAX_REPORTED_ERRORS },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      // The first that answers spares the other.
      execution,
      handingOverSubscriptions(),
    ],
  });
}

/** Parsed and validated documents, bounded by their number and by the length of their sources. */
class DocumentCache implements DocumentStore {
  readonly #documents = new LRUCache<string, DocumentNode>({
    max: CACHED_DOCUMENTS,
    maxSize: CACHED_SOURCE_LENGTH,
    maxEntrySize: CACHED_DOCUMENT_LENGTH,
    sizeCalculation: (document) => Math.max(1, document.loc?.end ?? MAX_SOURCE_LENGTH),
  });

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#documents.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#documents.set(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
  }
}
