import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type Migration, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { Database, PostgresDataSourceOptions } from './data-source.js';
import { isDatabaseFault } from './database-fault.js';
import { DatabaseUnreachable, messageOf } from './database-refusal.js';
import type { Log } from './log.js';

// Of this database server's database: advisory locks of other databases do not meet this one.
const LOCK = `hashtextextended('gatehouse migrations', 0)`;
const LOOK_AGAIN_MS = 200;
// A migration may take its time, but must not queue for a table long: every other statement would queue behind it.
const SESSION = { application_name: 'gatehouse migrations', statement_timeout: '0', lock_timeout: 10_000 };

/**
 * Runs the migrations that the database lacks, in order, each in a transaction of its own, and says so. Where several
 * nodes start at once, one of them migrates and the others wait for it. Throws DatabaseUnreachable where the database
 * fails, and an error that names the migration where one does; what committed before it stays.
 */
export async function migrate(database: Database, log: Log): Promise<void> {
  await asMigrator(database, async (executor, runner) => {
    await lockOut(runner, log);
    try {
      for (const migration of await executor.getPendingMigrations()) {
        await runOne(runner, migration, () => executor.executeMigration(migration));
        log.info({ migration: migration.name }, 'The database was migrated.');
      }
    } finally {
      // The session of the embedded database outlives this connection, and so would the lock.
      if (!runner.isReleased) await runner.query(`SELECT pg_advisory_unlock(${LOCK})`);
    }
  });
}

/** On a connection of its own, without the time limits of requests: the lock lives and dies with the work it guards. */
async function asMigrator(database: Database, work: (executor: MigrationExecutor, runner: QueryRunner) => Promise<void>): Promise<void> {
  const dataSource = new DataSource(migratorOptions(database));
  try {
    await dataSource.initialize();
    const runner = dataSource.createQueryRunner();
    await work(new MigrationExecutor(dataSource, runner), runner);
    await runner.release();
  } catch (error) {
    if (!isDatabaseFault(error)) throw error;
    throw new DatabaseUnreachable(`The database failed while it was migrated: ${messageOf(error)}`, { cause: error });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

function migratorOptions({ dataSource: { options } }: Database): PostgresDataSourceOptions {
  if (options.type !== 'postgres') throw new Error(`unexpected database driver ${options.type}`);
  return { ...options, entities: [], subscribers: [], poolSize: 1, extra: SESSION };
}

async function lockOut(runner: QueryRunner, log: Log): Promise<void> {
  for (let look = 0; ; look += 1) {
    const rows = (await runner.query(`SELECT pg_try_advisory_lock(${LOCK}) AS locked`)) as [{ locked: boolean }];
    if (rows[0].locked) return;
    if (look === 0) log.info({}, 'Another node is migrating the database; waiting for it.');
    await sleep(LOOK_AGAIN_MS);
  }
}

async function runOne(runner: QueryRunner, migration: Migration, execute: () => Promise<unknown>): Promise<void> {
  // What cannot run inside a transaction, such as CREATE INDEX CONCURRENTLY, says so by `transaction = false`.
  const inTransaction = migration.instance?.transaction !== false;
  try {
    if (inTransaction) await runner.startTransaction();
    await execute();
    if (inTransaction) await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    if (isDatabaseFault(error)) throw error;
    throw new Error(`The migration ${migration.name} failed: ${messageOf(error)}`, { cause: error });
  }
}
