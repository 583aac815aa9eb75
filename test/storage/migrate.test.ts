import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';
import { openDatabase } from '../../src/storage/data-source.js';
import { migrate } from '../../src/storage/migrate.js';
import { DATABASE_KINDS, openEmptyDatabase, type TestDatabase } from '../support/databases.js';
import { recordingLog, SILENT } from '../support/logs.js';
import { createTestDatabase } from '../support/postgres.js';

/** Everything that a migration can make, in words. */
const SCHEMA = `
  SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
    || coalesce(generation_expression, '') AS part
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
  ORDER BY part`;

async function schemaOf({ database }: TestDatabase): Promise<string[]> {
  const rows = await database.dataSource.query<{ part: string }[]>(SCHEMA);
  return rows.map(({ part }) => part).filter((part) => !/\bmigrations\b/.test(part));
}

class First1000000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE TABLE first (id int)');
    await db.query('SELECT pg_sleep(0.05)');
  }
  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE first');
  }
}

class Broken1000000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE TABLE second (id int)');
    await db.query('CREATE TABLE first (id int)');
  }
  down(): Promise<void> {
    return Promise.resolve();
  }
}

class Concurrently1000000000003 implements MigrationInterface {
  readonly transaction = false;
  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE INDEX CONCURRENTLY first_id ON first (id)');
  }
  down(): Promise<void> {
    return Promise.resolve();
  }
}

describe.each(DATABASE_KINDS)('migrations on %s', (kind) => {
  it('go up, each of them down again, and up to the same schema', async () => {
    const test = await openEmptyDatabase(kind);
    await migrate(test.database, SILENT);
    const built = await schemaOf(test);
    expect(built.length).toBeGreaterThan(MIGRATIONS.length);
    for (const _each of MIGRATIONS) await test.database.dataSource.undoLastMigration({ transaction: 'each' });
    expect(await schemaOf(test)).toEqual([]);
    await migrate(test.database, SILENT);
    expect(await schemaOf(test)).toEqual(built);
    await test.drop();
  });

  it('take a user along whose id has become one that nobody can have', async () => {
    const test = await openEmptyDatabase(kind);
    const { dataSource } = test.database;
    await migrate(test.database, SILENT);
    const isKept = async () => (await dataSource.query(`SELECT FROM pg_constraint WHERE conname = 'users_id_is_their_own'`)).length === 1;
    while (await isKept()) await dataSource.undoLastMigration({ transaction: 'each' });
    await dataSource.query(`INSERT INTO users (id, name, account_role, status, created_at) VALUES ('gatehouse', 'Gate', 'MEMBER', 'ACTIVE', now())`);
    await migrate(test.database, SILENT);
    expect(await isKept()).toBe(true);
    await test.drop();
  });

  it('are named in the log, and do nothing the second time', async () => {
    const test = await openEmptyDatabase(kind, { entities: [], migrations: [First1000000000001, Concurrently1000000000003] });
    const log = recordingLog();
    await migrate(test.database, log);
    await migrate(test.database, log);
    expect(log.entries).toEqual(['info: The database was migrated.', 'info: The database was migrated.']);
    await test.drop();
  });

  it('that fail are named, leave nothing of themselves, and keep what came before', async () => {
    const test = await openEmptyDatabase(kind, { entities: [], migrations: [First1000000000001, Broken1000000000002] });
    await expect(migrate(test.database, SILENT)).rejects.toThrow('The migration Broken1000000000002 failed: relation "first" already exists');
    const tables = await test.database.dataSource.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
    expect(tables).toEqual([{ tablename: 'first' }, { tablename: 'migrations' }]);
    await expect(migrate(test.database, SILENT)).rejects.toThrow('Broken1000000000002');
    await test.drop();
  });
});

it('migrates once where five nodes start at the same moment', async () => {
  const { url, drop } = await createTestDatabase();
  const log = recordingLog();
  const nodes = await Promise.all(
    Array.from({ length: 5 }, () => openDatabase({ url, dataDir: '', entities: [], migrations: [First1000000000001], log: SILENT })),
  );
  await Promise.all(nodes.map((node) => migrate(node, log)));
  expect(log.entries.filter((entry) => entry === 'info: The database was migrated.')).toHaveLength(1);
  expect(await nodes[0]?.dataSource.query('SELECT name FROM migrations')).toEqual([{ name: 'First1000000000001' }]);
  await Promise.all(nodes.map((node) => node.close()));
  await drop();
});
