import { MIGRATIONS } from '../../migrations/index.js';
import type { Database } from './data-source.js';
import { DatabaseRefused } from './database-refusal.js';

/** For whoever only looks, and so migrates nothing. Throws DatabaseRefused where the database lacks a migration of this version. */
export async function requireMigrated({ dataSource }: Database): Promise<void> {
  const [there]: [{ migrations: string | null }] = await dataSource.query(`SELECT to_regclass('migrations')::text AS migrations`);
  const rows: { name: string }[] = there.migrations === null ? [] : await dataSource.query('SELECT name FROM migrations');
  const done = new Set(rows.map(({ name }) => name));
  if (MIGRATIONS.every(({ name }) => done.has(name))) return;
  throw new DatabaseRefused('The database is not, or not yet, one of this version of Gatehouse: start the gateway on it once, which migrates it.');
}
