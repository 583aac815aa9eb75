/** A layer of src: a folder, or one of the files that lie in src itself. */
export interface Layer {
  /** The layers that its files may import, besides its own. */
  readonly imports: readonly string[];
  /** The layers of which it may import types, and nothing that runs. */
  readonly types?: readonly string[];
  /** Says, to someone whose import is refused, what to do instead. */
  readonly because: string;
}

const BELOW_FEATURES = ['domain', 'errors', 'policy', 'access', 'graphql', 'storage'];
const COMPOSED = [...BELOW_FEATURES, 'features', 'http', 'config'];

/** Who may import whom. What is not listed here is refused, a new folder in src too. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  domain: { imports: [], because: 'the domain is pure: hand it what it needs as a value' },
  errors: { imports: [], because: 'errors is a leaf that every layer stands on: it imports nothing' },
  config: { imports: [], because: 'config turns the environment into values: what acts on them lies elsewhere' },
  policy: {
    imports: ['domain', 'errors'],
    because: 'policy turns files into matrices: it knows the domain and errors, and is handed its folder by app.ts',
  },
  access: {
    imports: ['domain', 'errors', 'policy'],
    types: ['config'],
    because: 'access says who calls and what they must hold: let it declare an interface, and app.ts pass in what answers it',
  },
  graphql: {
    imports: ['domain', 'errors', 'policy', 'access'],
    because: 'the GraphQL kit knows no feature and no table: a feature hands itself to the kit in app.ts',
  },
  storage: {
    imports: ['domain', 'errors', 'migrations'],
    because: 'storage knows only the domain and errors: settings and policies reach it as arguments',
  },
  features: {
    imports: BELOW_FEATURES,
    because: 'features know nothing of HTTP, of settings or of how they are put together: app.ts passes in what they need',
  },
  http: {
    imports: [...BELOW_FEATURES, 'features'],
    because: 'http serves what app.ts gives it: settings reach it as arguments',
  },
  composition: { imports: COMPOSED, because: 'composition.ts makes the parts, and knows neither the app nor the command' },
  app: { imports: [...COMPOSED, 'composition', 'migrations'], because: 'app.ts puts the parts together, and only main.ts starts them' },
  commands: { imports: [...COMPOSED, 'composition', 'app'], because: 'a command starts the app or looks at a part of it: only main.ts runs commands' },
  main: { imports: ['commands'], because: 'main.ts picks a command and does nothing else' },
  migrations: {
    imports: [],
    because: 'a migration is frozen once it has landed, so it may not lean on code that changes: write the SQL out',
  },
};

/** An import that is refused because of what the importing file is, rather than of where it lies. */
export interface Ban {
  /** The files that it binds, by their path in the repository. */
  readonly files: RegExp;
  /** What they may not import: a package by its name, a file by its path in the repository. */
  readonly imports: RegExp;
  readonly because: string;
}

export const BANS: readonly Ban[] = [
  {
    files: /^src\/(?:domain\/|errors\.ts$)/,
    imports: /^(?!src\/)/,
    because: 'the domain and errors import no package, not even one of Node: clocks, ids and hashes are arguments',
  },
  {
    files: /^src\/(?!storage\/)(?!.*\.store\.ts$)/,
    imports: /^typeorm(?:\/|$)/,
    because: 'only *.store.ts files, src/storage and migrations name typeorm: ask a store, which answers in domain values',
  },
  {
    files: /^src\/(?!storage\/)/,
    imports: /^(?:pg|@electric-sql\/[^/]+)(?:\/|$)/,
    because: 'only src/storage speaks to a driver: go through a store and a transaction',
  },
  {
    files: /^src\/(?:policy|storage)\/|\.(?:service|store)\.ts$/,
    imports: /^(?:graphql|type-graphql|@apollo|@graphql-)/,
    because: 'services, stores, storage and policy know no GraphQL: the resolver unpacks the arguments and passes plain values',
  },
  {
    files: /\.(?:service|store)\.ts$/,
    imports: /^src\/graphql\/|\.resolver\.ts$/,
    because: 'the GraphQL side calls the service, never the other way: what both need is a domain value',
  },
  {
    files: /\.store\.ts$/,
    imports: /\.service\.ts$/,
    because: 'a store reads and writes rows and knows no rule: the service calls it inside its transaction',
  },
  {
    files: /\.resolver\.ts$/,
    imports: /\.store\.ts$|^src\/storage\//,
    because: 'a resolver unpacks, calls its service and returns: the service owns the transaction and the store',
  },
  {
    files: /^(?:src|migrations)\//,
    imports: /^(?:test|bench|graphiql)\//,
    because: 'what is shipped imports nothing of the tests, the benchmarks or the page',
  },
];
