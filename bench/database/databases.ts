import { Client } from 'pg';
import { startPostgres } from '../../test/support/own-postgres.js';
import { ROOT } from '../places.js';

/** As safe as in production: nothing is acknowledged before it is on the disk. */
const SETTINGS = ['fsync=on', 'synchronous_commit=on', 'max_connections=200', 'shared_buffers=256MB', 'max_wal_size=4GB', 'shared_preload_libraries=pg_stat_statements'];

/** A PostgreSQL server of the benchmark's own, with a database for each world. */
export class Databases {
  private made = 0;

  private constructor(
    private readonly serverUrl: string,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<Databases> {
    const { url, stop } = await startPostgres({ rootDir: ROOT, settings: SETTINGS });
    return new Databases(url, stop);
  }

  /** The URL of a new, empty database. */
  async create(): Promise<string> {
    this.made++;
    const name = `bench_${this.made}`;
    await withClient(this.serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
    const url = new URL(this.serverUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async drop(url: string): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    await withClient(this.serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  }

  close(): Promise<void> {
    return this.stop();
  }
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
