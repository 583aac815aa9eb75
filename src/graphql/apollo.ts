import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin, DocumentStore, GraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { RequestContext } from './context.js';
import { errorFormatter, statusOf } from './errors.js';
import type { Translate } from './errors.js';
import { limitRule } from './limits.js';
import { handingOverSubscriptions } from './subscription-requests.js';
import { subscriptionRule } from './subscription-rule.js';

/** The media type whose clients read the outcome from the body: a response with data is 200 for them. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';

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

export interface ApolloOptions {
  readonly log: Logger;
  readonly translate?: Translate;
  /** Further plugins, such as one that executes. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
}

/**
 * Apollo Server with nothing left to its defaults that reaches out, traces, or depends on NODE_ENV. Not started yet.
 * Introspection is on: the guard protects data, and the schema is public.
 */
export function createApollo(schema: GraphQLSchema, { log, translate = (error) => error, plugins = [] }: ApolloOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    logger: log,
    nodeEnv: 'production',
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: errorFormatter(log, translate),
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
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
      httpStatusPlugin(),
      handingOverSubscriptions(),
      ...plugins,
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

/**
 * The HTTP status of a response that failed as a whole is that of its first error's code. Any partial success is 200, and
 * so is every response with data for a client that asked for application/graphql-response+json.
 */
function httpStatusPlugin(): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const asksForResponse = request.http?.headers.get('accept')?.includes(GRAPHQL_RESPONSE) === true;
          if (result.data === undefined || (!asksForResponse && failedAsAWhole(result))) setStatus(response, result);
        },
      };
    },
  };
}

function setStatus(response: GraphQLResponse, result: FormattedExecutionResult): void {
  const status = statusOf(result.errors?.[0]?.extensions?.['code']);
  if (status === null) return;
  response.http.status = status;
  if (status === 401) response.http.headers.set('www-authenticate', 'Bearer');
}

function failedAsAWhole({ data, errors = [] }: FormattedExecutionResult): boolean {
  if (errors.length === 0 || data === undefined) return false;
  if (data === null) return true;
  const failed = new Set(errors.map((error) => error.path?.[0]));
  return Object.entries(data).every(([key, value]) => value === null && failed.has(key));
}
