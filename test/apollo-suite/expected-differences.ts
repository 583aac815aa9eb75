/** Tests of Apollo's own suite that do not hold here, by the reason why. */
export type Differences = Readonly<Record<string, readonly string[]>>;

/** Whoever executes: graphql-js, Apollo by a compiled query, or a known query. */
export const OF_THE_ENDPOINT: Differences = {
  'every answer says that nothing of it is to be stored, unless it says something else': [
    'httpServerTests.ts graphqlHTTP cache-control not set without any hints with if-cacheable',
    'httpServerTests.ts graphqlHTTP cache-control runs when cache-control is disabled',
  ],
  'whoever is calling is settled by the endpoint, which says by itself that it could not be: formatError is not asked': [
    'apolloServerTests.ts lifecycle context field as a function context errors GraphQLErrors are formatted, defaulting to status 500',
    'apolloServerTests.ts lifecycle context field as a function context errors GraphQLErrors are formatted, defaulting to INTERNAL_SERVER_ERROR',
    'apolloServerTests.ts lifecycle context field as a function context errors GraphQLErrors are formatted, obeying http extension',
    'apolloServerTests.ts lifecycle context field as a function context errors non-GraphQLErrors are formatted',
  ],
  'GET is refused with 405, whatever it asks': [
    'apolloServerTests.ts Persisted Queries returns correct result for persisted query link using get request',
    'httpServerTests.ts graphqlHTTP rejects the request if the method is not POST or GET',
    'httpServerTests.ts graphqlHTTP unknown operation name returns 400 and OPERATION_RESOLUTION_FAILURE for GET requests',
    'httpServerTests.ts graphqlHTTP throws an error if GET query is missing',
    'httpServerTests.ts graphqlHTTP throws an error if GET request has a non-application/json content-type',
    'httpServerTests.ts graphqlHTTP throws an error if GET request has a non-preflighted non-application/json content-type',
    'httpServerTests.ts graphqlHTTP throws an error if GET request has a malformed content-type',
    'httpServerTests.ts graphqlHTTP allows GET requests with content-type application/json',
    'httpServerTests.ts graphqlHTTP allows GET requests with content-type application/json with charset parameter',
    'httpServerTests.ts graphqlHTTP can handle a basic GET request',
    'httpServerTests.ts graphqlHTTP can handle a basic implicit GET request',
    'httpServerTests.ts graphqlHTTP throws error if trying to use mutation using GET request',
    'httpServerTests.ts graphqlHTTP throws error if trying to use mutation with fragment using GET request',
    'httpServerTests.ts graphqlHTTP does not accept multiple query search parameters',
    'httpServerTests.ts graphqlHTTP can handle a GET request with variables',
    'httpServerTests.ts graphqlHTTP returns PersistedQueryNotSupported to a GET request if PQs disabled',
    'httpServerTests.ts graphqlHTTP returns PersistedQueryNotFound to a GET request',
    'httpServerTests.ts Persisted Queries errors when version is not specified',
    'httpServerTests.ts Persisted Queries errors when version is unsupported',
    'httpServerTests.ts Persisted Queries errors when hash is mismatched',
    'httpServerTests.ts Persisted Queries returns correct result using get request',
    'httpSpecTests.ts MAY accept application/x-www-form-urlencoded formatted GET requests',
    'httpSpecTests.ts MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    'httpSpecTests.ts MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  ],
  'headers of a request are not handed on to Apollo, and so none asks it for a trace': [
    'apolloServerTests.ts Federated tracing with nullable _Service.sdl field reports a total duration that is longer than the duration of its resolvers',
    'apolloServerTests.ts Federated tracing with nullable _Service.sdl field includes errors in federated trace',
    'apolloServerTests.ts Federated tracing with non-nullable _Service.sdl! field reports a total duration that is longer than the duration of its resolvers',
    'apolloServerTests.ts Federated tracing with non-nullable _Service.sdl! field includes errors in federated trace',
  ],
  'Apollo shows no page: GET is refused, and GraphiQL has a place of its own': [
    'apolloServerTests.ts renderLandingPage defaults to LocalDefault',
    'apolloServerTests.ts renderLandingPage can specify version for LocalDefault',
    'apolloServerTests.ts renderLandingPage can be disabled',
    'apolloServerTests.ts renderLandingPage basic functionality basic GET works',
    'apolloServerTests.ts renderLandingPage basic functionality basic GET works with more complex header',
    'apolloServerTests.ts renderLandingPage basic functionality no landing page with application/json',
    'apolloServerTests.ts renderLandingPage basic functionality no landing page with */*',
    'apolloServerTests.ts renderLandingPage basic functionality needs the header',
    'apolloServerTests.ts renderLandingPage async `html` function returns a string',
    'apolloServerTests.ts renderLandingPage async `html` function throws',
  ],
  'GET and plain forms are refused before Apollo looks for a preflight, with a status of our own': [
    'apolloServerTests.ts CSRF prevention default',
    'apolloServerTests.ts CSRF prevention csrfPrevention: {requestHeaders}',
    'apolloServerTests.ts CSRF prevention csrfPrevention: false',
  ],
  'a body that is not application/json is refused with 415, an empty one too': [
    'httpServerTests.ts graphqlHTTP throws an error if POST body is empty',
    'httpServerTests.ts graphqlHTTP throws an error if invalid content-type',
  ],
  'a body that is not JSON is refused in words of our own': [
    'httpServerTests.ts graphqlHTTP throws an error if POST JSON is malformed',
  ],
  'a parameter of the wrong type is refused in words of our own, a missing query in those of Apollo': [
    'httpServerTests.ts graphqlHTTP POST does not handle a request with extensions as string',
    'httpServerTests.ts graphqlHTTP POST does not handle a request with variables as string',
    'httpServerTests.ts graphqlHTTP does not accept a query AST',
    'httpServerTests.ts graphqlHTTP throws an error if POST operation is missing',
  ],
  'what a plugin or a rule of validation throws is masked by the endpoint: formatError is not asked': [
    'apolloServerTests.ts formatError wraps thrown error from validation rules',
    'apolloServerTests.ts lifecycle errors thrown in plugins call formatError and are wrapped',
  ],
  'a body is one request: lists of them are refused': [
    'httpServerTests.ts graphqlHTTP GET request with array body is not interpreted as batch',
    'httpServerTests.ts graphqlHTTP cache-control applies cacheControl Headers for batched operation',
    'httpServerTests.ts graphqlHTTP can handle batch requests',
    'httpServerTests.ts graphqlHTTP can handle batch requests with one element',
    'httpServerTests.ts graphqlHTTP returns an error on batch requests with no elements',
    'httpServerTests.ts graphqlHTTP can handle batch requests in parallel',
    'httpServerTests.ts graphqlHTTP disables batch requests by default',
    'httpServerTests.ts graphqlHTTP clones batch context',
    'httpServerTests.ts graphqlHTTP executes batch context if it is a function',
    'httpServerTests.ts Persisted Queries returns with batched persisted queries',
  ],
  'answers come whole: Accept: multipart/mixed is refused': [
    'httpServerTests.ts incremental delivery mocked execution basic @defer working legacy incremental',
    'httpServerTests.ts incremental delivery mocked execution basic @defer working graphql@17.0.0-alpha.9',
    'httpServerTests.ts incremental delivery mocked execution first payload sent while deferred field is blocking legacy incremental',
    'httpServerTests.ts incremental delivery mocked execution first payload sent while deferred field is blocking graphql@17.0.0-alpha.9',
  ],
};

/** Only where queries are compiled, whether Apollo is asked or not: plugins that come with Apollo, and that the gateway has switched off. */
export const OF_COMPILED_QUERIES: Differences = {
  'a compiled query calls no hook of its fields, and nobody can trace it: the gateway reports nothing': [
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces cachePolicy',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces does not expose stack',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging sendErrors new error',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging sendErrors modified error',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging sendErrors nulled error',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging undefined error',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging unmodified',
    'apolloServerTests.ts lifecycle for Apollo usage reporting traces error munging masked',
  ],
  'a compiled query gives no hints about caching: the gateway has every answer uncached': [
    'httpServerTests.ts graphqlHTTP cache-control applies cacheControl Headers',
    'httpServerTests.ts graphqlHTTP cache-control applies cacheControl Headers with if-cacheable',
    'httpServerTests.ts graphqlHTTP cache-control contains private cacheControl Headers when scoped',
    'httpServerTests.ts graphqlHTTP cache-control set with dynamic hint',
    'httpServerTests.ts graphqlHTTP cache-control set with defaultMaxAge',
  ],
  'errors of a compiled query are formatted before Apollo sees them, and what formatError throws is masked by the endpoint': [
    'httpServerTests.ts graphqlHTTP sends internal server error when formatError fails',
  ],
};

/** Only where a query is known, so that Apollo is not asked. */
export const OF_KNOWN_QUERIES: Differences = {
  'a known query is executed with the context itself, which is made anew for each request': [
    'apolloServerTests.ts lifecycle context field context cloning clones the context for request pipeline requests',
  ],
};
