import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { isDatabaseFault } from './database-fault.js';
import { DatabaseUnreachable, messageOf } from './database-refusal.js';
import { startEmbeddedDatabase } from './embedded-database.js';
import type { Log } from './log.js';
import { checkServer } from './server-check.js';
import { preparingClient } from './preparing-client.js';
import { SessionGuard } from './session-guard.js';

export type PostgresDataSourceOptions = Extract<DataSourceOptions, { type: 'postgres' }>;
export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  /** Null runs the embedded database. */
  readonly url: string | null;
  /** Whether the server prepares the statements that come often; it does by default, and the embedded database never. */
  readonly prepare?: boolean;
  /** The folder of the embedded database. */
  readonly dataDir: string;
  readonly entities: readonly (abstract new () => object)[];
  readonly migrations: readonly MigrationClass[];
  readonly log: Log;
  /** How many processes of this node divide its sessions on PostgreSQL among themselves; one by default. */
  readonly processes?: number;
}

export interface Database {
  readonly kind: 'postgres' | 'embedded';
  readonly dataSource: DataSource;
  /** Ends all connections, also those in use; the embedded database writes itself out and frees its folder. */
  readonly close: () => Promise<void>;
}

// Milliseconds. The server ends a statement before the driver stops waiting for its answer.
const CONNECT_TIMEOUT = 5_000;
const STATEMENT_TIMEOUT = 5_000;
const LOCK_TIMEOUT = 4_000;
const QUERY_TIMEOUT = 8_000;
const IDLE_IN_TRANSACTION_TIMEOUT = 10_000;
// How long a request queues for the one session of the embedded database.
const EMBEDDED_TIMEOUT = 10_000;

const POSTGRES_SESSIONS = 16;
const LEAST_POSTGRES_SESSIONS = 4;
const EMBEDDED_USER = { username: 'postgres', database: 'postgres' };

/** What the driver is told besides the address. Parameters of DATABASE_URL win over these. */
const POSTGRES_SESSION = {
  application_name: 'gatehouse',
  statement_timeout: STATEMENT_TIMEOUT,
  lock_timeout: LOCK_TIMEOUT,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
  query_timeout: QUERY_TIMEOUT,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/**
 * Opens PostgreSQL at `url`, or else the embedded database in `dataDir`. Runs no migration. Throws DatabaseUnreachable
 * where the server cannot be reached at present, and DatabaseRefused with a sentence where waiting will not mend it.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === null ? openEmbedded(options) : openPostgres(options.url, options);
}

async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  await checkServer(url, options.log);
  const dataSource = await connected({
    ...commonOptions(options),
    url,
    poolSize: Math.max(LEAST_POSTGRES_SESSIONS, Math.floor(POSTGRES_SESSIONS / (options.processes ?? 1))),
    connectTimeoutMS: CONNECT_TIMEOUT,
    extra: { ...POSTGRES_SESSION, maxLifetimeSeconds: 1_800, ...(options.prepare === false ? {} : { Client: preparingClient() }) },
  });
  return { kind: 'postgres', dataSource, close: () => dataSource.destroy() };
}

async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const embedded = await startEmbeddedDatabase(options.dataDir, options.log);
  try {
    const dataSource = await connected({
      ...commonOptions(options),
      ...EMBEDDED_USER,
      host: embedded.host,
      port: embedded.port,
      // Each transaction owns the one session of PGlite until it ends: two at a time would run into each other.
      poolSize: 1,
      connectTimeoutMS: EMBEDDED_TIMEOUT,
      extra: { query_timeout: QUERY_TIMEOUT, idleTimeoutMillis: 0 },
    });
    const close = async () => {
      await dataSource.destroy();
      await embedded.close();
    };
    return { kind: 'embedded', dataSource, close };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

function commonOptions({ entities, migrations, log }: DatabaseOptions) {
  return {
    type: 'postgres',
    entities: [...entities],
    migrations: [...migrations],
    subscribers: [SessionGuard],
    synchronize: false,
    installExtensions: false,
    logging: false,
    // Without a handler, a connection that breaks while nobody uses it would end the process.
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'An idle connection to the database broke; a new one takes its place.'),
  } satisfies PostgresDataSourceOptions;
}

async function connected(options: PostgresDataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource(options);
  try {
    return await dataSource.initialize();
  } catch (error) {
    if (!isDatabaseFault(error)) throw error;
    throw new DatabaseUnreachable(`The database cannot be reached: ${messageOf(error)}`, { cause: error });
  }
}
