import type { Transaction } from '../../src/storage/transaction.js';
import { type DatabaseKind, openEmptyDatabase, type TestDatabase } from '../support/databases.js';

/** A database with one table, for tests of transactions. */
export async function withPeople(kind: DatabaseKind): Promise<TestDatabase> {
  const test = await openEmptyDatabase(kind, { entities: [] });
  await test.database.dataSource.query('CREATE TABLE people (name text PRIMARY KEY, active boolean NOT NULL DEFAULT true)');
  return test;
}

export async function namesIn({ database }: TestDatabase): Promise<string[]> {
  const rows = await database.dataSource.query<{ name: string }[]>('SELECT name FROM people ORDER BY name');
  return rows.map(({ name }) => name);
}

export function add(tx: Transaction, name: string): Promise<unknown> {
  return tx.manager.query('INSERT INTO people (name) VALUES ($1)', [name]);
}

export function deactivate(tx: Transaction, name: string): Promise<unknown> {
  return tx.manager.query('UPDATE people SET active = false WHERE name = $1', [name]);
}

export async function writeWithoutEnd(tx: Transaction): Promise<void> {
  for (let index = 0; ; index += 1) await add(tx, `late ${index}`);
}

/** Instead of the pause before an attempt. */
export const atOnce = (): Promise<void> => Promise.resolve();
