import type { Logger } from 'pino';
import { MIGRATIONS } from '../migrations/index.js';
import { readCredential } from './access/bearer.js';
import { type ApplyGuard, type Composition, compose } from './composition/compose.js';
import { type Config, ConfigError } from './config.js';
import type { Clock, Timer } from './domain/clock.js';
import type { Decision } from './domain/decision.js';
import { type MaybePromise, whenKnown } from './domain/maybe-promise.js';
import { CHANGE_CHANNEL } from './features/changes/announcer.js';
import { COMMUNITY_PLAN } from './features/tenants/community-tenant.js';
import { createGraphqlServer, type GraphqlServer } from './graphql/apollo.js';
import type { RequestContext } from './graphql/context.js';
import { RequestLoaders } from './graphql/loaders.js';
import { AppError } from './errors.js';
import { GraphiqlFiles } from './http/graphiql.js';
import type { IncomingCall } from './http/graphql-endpoint.js';
import { Health } from './http/health.js';
import { Metrics } from './http/metrics.js';
import { createHttpServer, type HttpServer } from './http/server.js';
import { systemTimer } from './http/timer.js';
import { loadPolicyFolder, type Policy } from './policy/policy-folder.js';
import { ChangeFeed } from './storage/change-feed.js';
import { type Database, openDatabase } from './storage/data-source.js';
import { asAppError } from './storage/database-fault.js';
import { DatabaseUnreachable, messageOf } from './storage/database-refusal.js';
import { ENTITIES } from './storage/entities/all.js';
import { migrate } from './storage/migrate.js';
import { waitForDatabase } from './storage/wait-for-database.js';

export interface Gateway {
  readonly url: string;
  /** The policy folder as it was read; of a matrix, the database may have a newer version. */
  readonly policy: Policy;
  readonly parts: Composition;
  readonly database: Database;
  readonly graphql: GraphqlServer;
  /** Answers what is in flight, accepts nothing new, and closes the database. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  /** When to look for changes that other nodes made, and after streams of events. */
  readonly timer?: Timer;
  /** Where the built page of GraphiQL is. */
  readonly graphiqlDir: string;
  /** How often a query must have come before it is compiled. */
  readonly compileAfter?: number;
  readonly guard?: ApplyGuard;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
  readonly metrics?: Metrics;
  /** How many processes, this one among them, serve together and divide the sessions of the database among themselves. */
  readonly processes?: number;
  /** Listens only once it is ready, so that what a process beside it could answer does not come here too early. */
  readonly listensLate?: boolean;
}

const systemClock: Clock = { now: () => Date.now() };

/**
 * Starts the gateway: reads the policy, listens, waits for the database, migrates it, takes the policy over, and only
 * then answers GraphQL. What stands in the way is thrown, and nothing is left running.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log, clock = systemClock, timer = systemTimer, graphiqlDir, compileAfter, guard, signal } = options;
  const { metrics = new Metrics(), processes = 1, listensLate = false } = options;
  const policy = await loadPolicy(config);
  const health = new Health({ log, clock });
  let graphql: GraphqlServer | null = null;
  let parts: Composition | null = null;
  const server = createHttpServer({
    graphql: () => graphql,
    contextOf: (call) => contextOf(call, parts),
    idempotency: () => parts?.idempotency ?? null,
    graphiql: new GraphiqlFiles(graphiqlDir),
    health,
    metrics,
    log,
    streamTimer: timer,
  });
  if (!listensLate) await listen(server, config, log, 'Listening; GraphQL is answered once the database is open.');
  let database: Database | null = null;
  let unfollow = nothingToStop;
  try {
    const surroundings = { config, policy, clock, timer, log, processes, guard, decided: countDecisions(metrics) };
    ({ database, parts } = await waitForDatabase(() => open(surroundings), { log, ...(signal === undefined ? {} : { signal }) }));
    unfollow = await followChanges(config, parts, log);
    graphql = createGraphqlServer(parts.schema, { log, translate: asAppError, compileAfter });
    await graphql.apollo.start();
    const { dataSource } = database;
    health.register('database', async () => void (await dataSource.query('SELECT 1')));
    health.markReady();
    if (listensLate) await listen(server, config, log, 'Listening.');
  } catch (error) {
    await closeAll(server, unfollow, database);
    throw error;
  }
  const opened = database;
  return { url: server.url ?? '', policy, parts, database: opened, graphql, close: () => closeAll(server, unfollow, opened) };
}

async function loadPolicy({ policyDir, shippedPolicyDir, edition }: Config): Promise<Policy> {
  const policy = await loadPolicyFolder(policyDir, shippedPolicyDir);
  if (edition === 'community' && !policy.plans.plans.has(COMMUNITY_PLAN)) {
    throw new ConfigError(`The edition community needs the plan "${COMMUNITY_PLAN}": add it to plans.yaml.`);
  }
  return policy;
}

async function listen(server: HttpServer, { port, host }: Config, log: Logger, sentence: string): Promise<void> {
  const url = await server.listen(port, host);
  log.info({ url }, sentence);
}

interface OpenedGateway {
  readonly database: Database;
  readonly parts: Composition;
}

interface OpeningSurroundings {
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Logger;
  readonly processes: number;
  readonly decided: (decision: Decision) => void;
  readonly guard: ApplyGuard | undefined;
}

/** Throws DatabaseUnreachable wherever in it the database is lost, so that all of it begins anew once it is back. */
async function open({ policy, processes, guard, ...surroundings }: OpeningSurroundings): Promise<OpenedGateway> {
  const { config, log } = surroundings;
  const { databaseUrl: url, databasePrepare: prepare, dataDir } = config;
  const database = await openDatabase({ url, prepare, dataDir, entities: ENTITIES, migrations: MIGRATIONS, log, processes });
  try {
    await migrate(database, log);
    const parts = await compose({ ...surroundings, dataSource: database.dataSource, plans: policy.plans }, guard);
    await requireEdition(parts);
    await parts.takeover.run(policy);
    return { database, parts };
  } catch (error) {
    await database.close();
    throw asUnreachable(error);
  }
}

/** With one tenant, what others have would count by plans that the edition does not have. */
async function requireEdition({ community }: Composition): Promise<void> {
  const hindrance = (await community?.findHindrance()) ?? null;
  if (hindrance !== null) throw new ConfigError(hindrance);
}

/** Also where another node held what this one needed for too long: both pass. */
function asUnreachable(error: unknown): unknown {
  if (error instanceof DatabaseUnreachable) return error;
  const seen = asAppError(error);
  if (!(seen instanceof AppError) || (seen.code !== 'UNAVAILABLE' && seen.code !== 'CONFLICT')) return error;
  return new DatabaseUnreachable(`The database failed while the gateway started: ${messageOf(seen.cause ?? seen)}`, { cause: error });
}

/** Who is calling is settled before anything is looked at, and anew for every request. */
function contextOf(call: IncomingCall, parts: Composition | null): MaybePromise<RequestContext> {
  if (parts === null) throw new AppError('UNAVAILABLE', 'The gateway is still starting; try again shortly.');
  const { requestId, address } = call;
  const caller = parts.authenticator.authenticate(readCredential(call));
  return whenKnown(caller, (principal) => ({ principal, requestId, address, loaders: new RequestLoaders() }));
}

function countDecisions(metrics: Metrics): (decision: Decision) => void {
  const count = metrics.tally('gatehouse_decisions_total', 'Decisions taken, by their reason.', 'reason');
  return ({ reason }) => count(reason);
}

/** Returns how to stop. The embedded database is one process's, which tells itself: there is nobody to listen to. */
async function followChanges({ databaseUrl: url }: Config, { changePoll, heardChanges: listener }: Composition, log: Logger): Promise<() => Promise<void>> {
  await changePoll.start();
  if (url === null) return () => changePoll.close();
  const feed = new ChangeFeed({ url, channel: CHANGE_CHANNEL, listener, log });
  await feed.start();
  return async () => {
    await feed.close();
    await changePoll.close();
  };
}

async function nothingToStop(): Promise<void> {}

async function closeAll(server: HttpServer, unfollow: () => Promise<void>, database: Database | null): Promise<void> {
  await server.close();
  await unfollow();
  await database?.close();
}
