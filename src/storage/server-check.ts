import { Client } from 'pg';
import { isDatabaseFault } from './database-fault.js';
import { DatabaseRefused, DatabaseUnreachable, messageOf } from './database-refusal.js';
import type { Log } from './log.js';

const OLDEST_VERSION = 15;
const CONNECT_TIMEOUT_MS = 5_000;

/** What to do about refusals that have a SQLSTATE. */
const REMEDIES: Readonly<Record<string, string>> = {
  '28P01': 'correct the user and password in DATABASE_URL.',
  '28000': 'let this user in by pg_hba.conf, or correct DATABASE_URL.',
  '3D000': 'create that database, or correct the name in DATABASE_URL.',
  '42501': 'grant the user the right to connect, or correct DATABASE_URL.',
};

export interface ServerSettings {
  /** As in `server_version_num`, such as 150018. */
  readonly version: string;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly standby: boolean;
}

/**
 * Connects once to see whether the PostgreSQL server will do. Throws DatabaseUnreachable where waiting may mend it,
 * DatabaseRefused with a sentence where it will not. No message holds the password.
 */
export async function checkServer(url: string, log: Log): Promise<void> {
  judgeServer(await readSettings(url), log);
}

/** What `checkServer` makes of the settings that it read. */
export function judgeServer(settings: ServerSettings, log: Log): void {
  const version = Math.floor(Number(settings.version) / 10_000);
  if (version < OLDEST_VERSION) {
    throw new DatabaseRefused(`The database server is PostgreSQL ${version}: use PostgreSQL ${OLDEST_VERSION} or newer.`);
  }
  if (settings.standby) {
    throw new DatabaseUnreachable('The database server is a standby that takes no writes: point DATABASE_URL at the primary.');
  }
  for (const setting of ['fsync', 'synchronous_commit'] as const) {
    if (settings[setting] === 'off') {
      log.warn({ setting }, `DATA LOSS AHEAD: the database server runs with ${setting} off and may lose changes that were acknowledged; turn it on.`);
    }
  }
}

async function readSettings(url: string): Promise<ServerSettings> {
  const client = connectionTo(url);
  // An error on a connection that nobody is using has no other listener and would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<ServerSettings>(
      `SELECT current_setting('server_version_num') AS version, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS standby`,
    );
    return rows[0]!;
  } catch (error) {
    if (isDatabaseFault(error)) {
      throw new DatabaseUnreachable(`The database cannot be reached: ${messageOf(error)}`, { cause: error });
    }
    throw refusal(error);
  } finally {
    void client.end();
  }
}

function connectionTo(url: string): Client {
  try {
    return new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      application_name: 'gatehouse',
    });
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): DatabaseRefused {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const remedy = REMEDIES[code] ?? 'correct DATABASE_URL.';
  return new DatabaseRefused(`The database refuses the connection (${messageOf(error)}): ${remedy}`, { cause: error });
}
