import { setImmediate as turn } from 'node:timers/promises';
import { Transactions } from '../../src/storage/transaction.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { Gate } from '../support/gate.js';
import { recordingLog, SILENT } from '../support/logs.js';
import { add, atOnce, deactivate, namesIn, withPeople, writeWithoutEnd } from './people.js';

describe.each(DATABASE_KINDS)('a transaction on %s', (kind) => {
  let test: TestDatabase;
  let transactions: Transactions;

  beforeAll(async () => {
    test = await withPeople(kind);
    transactions = new Transactions(test.database.dataSource, { log: SILENT, pause: atOnce });
  });
  afterAll(() => test.drop());
  beforeEach(() => test.database.dataSource.query('TRUNCATE people'));

  it('sees nothing of 40 others that run at once, and keeps exactly what was committed', async () => {
    const seen: unknown[] = [];
    const one = (index: number) =>
      transactions.run(async (tx) => {
        await add(tx, `n${index}`);
        await turn();
        const rows = await tx.manager.query<unknown[]>('SELECT name FROM people WHERE name = $1', [`n${index}`]);
        seen.push(rows.length);
        if (index % 2 === 1) throw new Error('changed its mind');
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => one(index)));
    expect(seen).toEqual(Array.from({ length: 40 }, () => 1));
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')));
    expect((await namesIn(test)).toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `n${2 * index}`).toSorted());
  });

  it('that rolls back takes no acknowledged row of anybody else with it', async () => {
    const inserted = new Gate();
    const failing = transactions.run(async (tx) => {
      await add(tx, 'lost');
      inserted.open();
      await turn();
      throw new Error('rolled back');
    });
    await inserted.passed;
    const plain = test.database.dataSource.query(`INSERT INTO people (name) VALUES ('plain')`);
    const other = transactions.run((tx) => add(tx, 'other'));
    await expect(failing).rejects.toThrow('rolled back');
    await Promise.all([plain, other]);
    expect(await namesIn(test)).toEqual(['other', 'plain']);
  });

  it('that is refused when its commit turns out to be a rollback, because an error inside was swallowed', async () => {
    const swallowing = transactions.run(async (tx) => {
      await add(tx, 'ann');
      await add(tx, 'ann').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('error was swallowed');
    expect(await namesIn(test)).toEqual([]);
  });

  it('runs what follows a commit in order, after the commit, and with the connection given back', async () => {
    const seen: unknown[] = [];
    await transactions.run(async (tx) => {
      tx.afterCommit(async () => void seen.push(await namesIn(test)));
      tx.afterCommit(() => void seen.push('second'));
      await add(tx, 'ann');
    });
    expect(seen).toEqual([['ann'], 'second']);
  });

  it('runs nothing that follows a commit when it rolls back', async () => {
    const seen: string[] = [];
    const failing = transactions.run(async (tx) => {
      tx.afterCommit(() => void seen.push('hook'));
      await add(tx, 'ann');
      await add(tx, 'ann');
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(seen).toEqual([]);
  });

  it('stays committed when what follows it fails, and the failure is logged', async () => {
    const log = recordingLog();
    const result = await new Transactions(test.database.dataSource, { log }).run(async (tx) => {
      tx.afterCommit(() => Promise.reject(new Error('no listener')));
      await add(tx, 'ann');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await namesIn(test)).toEqual(['ann']);
    expect(log.entries).toEqual(['error: What should follow a commit failed; the change itself is committed.']);
  });

  it('refuses to begin inside another one', async () => {
    await expect(transactions.run(() => transactions.run(() => Promise.resolve()))).rejects.toThrow('inside another one');
    await expect(transactions.run(() => transactions.snapshot(() => Promise.resolve()))).rejects.toThrow('inside another one');
  });

  it.each([
    ['never ends', { limitMs: 50 }, () => new Promise(() => {}), { code: 'UNAVAILABLE' }],
    ['fails', {}, () => Promise.reject(new Error('refused')), { message: 'refused' }],
  ])('that %s leaves nothing, not even of statements that come after its end', async (_case, options, outcome, error) => {
    let writing: Promise<void> = Promise.resolve();
    const failing = new Transactions(test.database.dataSource, { log: SILENT, ...options }).run(async (tx) => {
      await add(tx, 'ann');
      writing = writeWithoutEnd(tx);
      await Promise.all([writing, outcome()]);
    });
    await expect(failing).rejects.toMatchObject(error);
    await expect(writing).rejects.toThrow(/ended|closed|terminated|released/i);
    await transactions.run((tx) => add(tx, 'bob'));
    expect(await namesIn(test)).toEqual(['bob']);
  });

  it('that succeeds takes no statement that comes after its end', async () => {
    const after = await transactions.run((tx) => Promise.resolve(tx));
    await expect(add(after, 'ann')).rejects.toThrow(/released/);
    expect(await namesIn(test)).toEqual([]);
  });

  it('runs again from its start, with its hooks, when it lost against another, and gives up at the sixth time', async () => {
    let attempts = 0;
    const seen: number[] = [];
    const losing = (name: string, losses: number) =>
      transactions.run(async (tx) => {
        attempts += 1;
        const attempt = attempts;
        tx.afterCommit(() => void seen.push(attempt));
        await add(tx, name);
        if (attempt <= losses) await tx.manager.query(`DO $$ BEGIN RAISE 'lost' USING ERRCODE = '40001'; END $$`);
      });
    await losing('ann', 5);
    expect([attempts, seen, await namesIn(test)]).toEqual([6, [6], ['ann']]);
    attempts = 0;
    await expect(losing('bob', 6)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('try again') });
    expect(attempts).toBe(6);
  });

  it('reads one moment in a snapshot, whatever commits meanwhile', async () => {
    await transactions.run((tx) => add(tx, 'ann'));
    const [before, after] = await transactions.snapshot(async (tx) => {
      const count = async () => (await tx.manager.query<[{ n: number }]>('SELECT count(*)::int AS n FROM people'))[0].n;
      const first = await count();
      // The embedded database lets nobody else in until the snapshot ends.
      if (kind === 'postgres') await test.database.dataSource.query(`INSERT INTO people (name) VALUES ('bob')`);
      return [first, await count()];
    });
    expect([before, after]).toEqual([1, 1]);
  });

  it('writes nothing in a snapshot', async () => {
    await expect(transactions.snapshot((tx) => add(tx, 'ann'))).rejects.toMatchObject({ code: '25006' });
  });

  it('checks and changes without anybody in between, where it locks first', async () => {
    await transactions.run(async (tx) => {
      await add(tx, 'ann');
      await add(tx, 'bob');
    });
    const leave = (name: string) =>
      transactions.run(async (tx) => {
        const admins = await tx.manager.query<unknown[]>('SELECT name FROM people WHERE active ORDER BY name FOR UPDATE');
        if (admins.length < 2) throw new Error('the last one stays');
        await deactivate(tx, name);
      });
    const outcomes = await Promise.allSettled([leave('ann'), leave('bob')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await test.database.dataSource.query('SELECT name FROM people WHERE active')).toHaveLength(1);
  });
});
