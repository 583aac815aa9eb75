import { setImmediate as turn } from 'node:timers/promises';
import { type Transaction, Transactions } from '../../src/storage/transaction.js';
import type { TestDatabase } from '../support/databases.js';
import { Gate } from '../support/gate.js';
import { SILENT } from '../support/logs.js';
import { atOnce, deactivate, withPeople } from './people.js';

async function brokenConnection({ manager }: Transaction): Promise<void> {
  while (manager.queryRunner?.isReleased === false) await turn();
}

describe('a transaction on a PostgreSQL server', () => {
  let test: TestDatabase;
  let transactions: Transactions;

  beforeAll(async () => {
    test = await withPeople('postgres');
    transactions = new Transactions(test.database.dataSource, { log: SILENT, pause: atOnce });
    await test.database.dataSource.query(`INSERT INTO people (name) VALUES ('ann'), ('bob')`);
  });
  afterAll(() => test.drop());

  it('runs again when another one changed the row that it read (40001)', async () => {
    let attempts = 0;
    await transactions.run(async (tx) => {
      attempts += 1;
      await tx.manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await tx.manager.query('SELECT * FROM people');
      if (attempts === 1) await test.database.dataSource.query(`UPDATE people SET active = false WHERE name = 'ann'`);
      await tx.manager.query(`UPDATE people SET active = NOT active WHERE name = 'ann'`);
    });
    expect(attempts).toBe(2);
    expect(await test.database.dataSource.query(`SELECT active FROM people WHERE name = 'ann'`)).toEqual([{ active: true }]);
  });

  it('runs again when it was chosen to end a deadlock (40P01)', async () => {
    let attempts = 0;
    const ann = { name: 'ann', held: new Gate() };
    const bob = { name: 'bob', held: new Gate() };
    const takeBoth = (first: typeof ann, second: typeof ann) =>
      transactions.run(async (tx) => {
        attempts += 1;
        await deactivate(tx, first.name);
        first.held.open();
        await second.held.passed;
        await deactivate(tx, second.name);
      });
    await Promise.all([takeBoth(ann, bob), takeBoth(bob, ann)]);
    expect(attempts).toBe(3);
  });

  it.each([
    ['its connection is cut', 'SELECT pg_terminate_backend(pg_backend_pid())'],
    ['a statement takes longer than the server allows', `SET LOCAL statement_timeout = 20; SELECT pg_sleep(60)`],
    ['it idles longer than the server allows', `SET LOCAL idle_in_transaction_session_timeout = 20; SELECT 1`],
  ])('is UNAVAILABLE when %s, and the next one works', async (_case, sql) => {
    const failing = transactions.run(async (tx) => {
      await tx.manager.query(sql);
      await brokenConnection(tx);
      await tx.manager.query('SELECT 1');
    });
    await expect(failing).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await transactions.run((tx) => tx.manager.query('SELECT 1'));
  });
});
