import { MIGRATIONS } from '../../migrations/index.js';
import { type Database, type DatabaseOptions, openDatabase } from '../../src/storage/data-source.js';
import { ENTITIES } from '../../src/storage/entities/all.js';
import { migrate } from '../../src/storage/migrate.js';
import { embeddedFolder } from './embedded-folder.js';
import { SILENT } from './logs.js';
import { createTestDatabase } from './postgres.js';

/** For tests that hold on both databases: `describe.each(DATABASE_KINDS)`. */
export const DATABASE_KINDS = ['postgres', 'embedded'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export interface TestDatabase {
  readonly database: Database;
  /** Closes it and leaves nothing behind. */
  readonly drop: () => Promise<void>;
}

type Parts = Partial<Pick<DatabaseOptions, 'entities' | 'migrations' | 'log'>>;

/** A migrated database of one's own: on the run's PostgreSQL server, or an embedded one. */
export async function openTestDatabase(kind: DatabaseKind, parts: Parts = {}): Promise<TestDatabase> {
  const opened = await openEmptyDatabase(kind, parts);
  await migrate(opened.database, SILENT);
  return opened;
}

/** The same without a single table. */
export async function openEmptyDatabase(kind: DatabaseKind, parts: Parts = {}): Promise<TestDatabase> {
  const place = await (kind === 'postgres' ? onServer() : inFolder());
  const { url, dataDir } = place;
  const database = await openDatabase({ entities: ENTITIES, migrations: MIGRATIONS, log: SILENT, ...parts, url, dataDir });
  const drop = async () => {
    await database.close();
    await place.remove();
  };
  return { database, drop };
}

async function onServer() {
  const { url, drop } = await createTestDatabase();
  return { url, dataDir: '', remove: drop };
}

async function inFolder() {
  const { path, remove } = await embeddedFolder();
  return { url: null, dataDir: path, remove };
}
