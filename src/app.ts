import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import { MIGRATIONS } from '../migrations/index.js';
import { readCredential } from './access/bearer.js';
import { type Composition, compose } from './composition.js';
import type { Config } from './config.js';
import type { Clock } from './domain/clock.js';
import type { Decision } from './domain/decision.js';
import { createApollo } from './graphql/apollo.js';
import type { RequestContext } from './graphql/context.js';
import { RequestLoaders } from './graphql/loaders.js';
import { AppError } from './errors.js';
import { GraphiqlFiles } from './http/graphiql.js';
import type { IncomingCall } from './http/graphql-endpoint.js';
import { Health } from './http/health.js';
import { Metrics } from './http/metrics.js';
import { createHttpServer, type HttpServer } from './http/server.js';
import { loadPolicyFolder, type Policy } from './policy/policy-folder.js';
import { type Database, openDatabase } from './storage/data-source.js';
import { asAppError } from './storage/database-fault.js';
import { ENTITIES } from './storage/entities/all.js';
import { migrate } from './storage/migrate.js';
import { waitForDatabase } from './storage/wait-for-database.js';

export interface Gateway {
  readonly url: string;
  readonly parts: Composition;
  readonly database: Database;
  /** Answers what is in flight, accepts nothing new, and closes the database. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Where the built page of GraphiQL is. */
  readonly graphiqlDir: string;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

const systemClock: Clock = { now: () => Date.now() };

/**
 * Starts the gateway: reads the policy, listens, waits for the database, migrates it, takes the policy over, and only
 * then answers GraphQL. What stands in the way is thrown, and nothing is left running.
 */
export async function startGateway({ config, log, clock = systemClock, graphiqlDir, signal }: GatewayOptions): Promise<Gateway> {
  const policy = await loadPolicyFolder(config.policyDir);
  const metrics = new Metrics();
  const health = new Health({ log, clock });
  let apollo: ApolloServer<RequestContext> | null = null;
  let parts: Composition | null = null;
  const server = createHttpServer({
    apollo: () => apollo,
    contextOf: (call) => contextOf(call, parts),
    graphiql: new GraphiqlFiles(graphiqlDir),
    health,
    metrics,
    log,
  });
  const url = await server.listen(config.port, config.host);
  let database: Database | null = null;
  try {
    database = await openMigrated(config, log, signal);
    parts = await composeOn(database, { config, policy, clock, log, decided: countDecisions(metrics) });
    apollo = createApollo(parts.schema, { log, translate: asAppError });
    await apollo.start();
  } catch (error) {
    await closeAll(server, database);
    throw error;
  }
  const opened = database;
  health.register('database', async () => void (await opened.dataSource.query('SELECT 1')));
  health.markReady();
  return { url, parts, database: opened, close: () => closeAll(server, opened) };
}

async function openMigrated(config: Config, log: Logger, signal: AbortSignal | undefined): Promise<Database> {
  const { databaseUrl: url, dataDir } = config;
  const open = () => openDatabase({ url, dataDir, entities: ENTITIES, migrations: MIGRATIONS, log });
  const database = await waitForDatabase(open, { log, ...(signal === undefined ? {} : { signal }) });
  try {
    await migrate(database, log);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface CompositionParts {
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Logger;
  readonly decided: (decision: Decision) => void;
}

async function composeOn(database: Database, { policy, ...parts }: CompositionParts): Promise<Composition> {
  const composition = await compose({ ...parts, dataSource: database.dataSource, plans: policy.plans });
  await composition.takeover.run(policy);
  return composition;
}

/** Who is calling is settled before anything is looked at, and anew for every request. */
async function contextOf(call: IncomingCall, parts: Composition | null): Promise<RequestContext> {
  if (parts === null) throw new AppError('UNAVAILABLE', 'The gateway is still starting; try again shortly.');
  const principal = await parts.authenticator.authenticate(readCredential(call));
  return { principal, requestId: call.requestId, address: call.address, loaders: new RequestLoaders() };
}

function countDecisions(metrics: Metrics): (decision: Decision) => void {
  const decisions = metrics.counter('gatehouse_decisions_total', 'Decisions taken, by their reason.', ['reason']);
  return ({ reason }) => decisions.inc({ reason });
}

async function closeAll(server: HttpServer, database: Database | null): Promise<void> {
  await server.close();
  await database?.close();
}
