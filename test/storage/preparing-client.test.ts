import { Pool } from 'pg';
import { PreparedStatements, preparingClient } from '../../src/storage/preparing-client.js';
import { createTestDatabase, type TestPostgres } from '../support/postgres.js';

const OFTEN = 5;

describe('a session of the pool', () => {
  let database: TestPostgres;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    pool = new Pool({ connectionString: database.url, max: 1, Client: preparingClient() });
    await pool.query('DROP TABLE IF EXISTS people');
    await pool.query('CREATE TABLE people (name text)');
  });
  afterEach(() => pool.end());

  const prepared = async (): Promise<unknown[]> => (await pool.query('SELECT statement FROM pg_prepared_statements')).rows.map((row: { statement: string }) => row.statement);
  const insert = 'INSERT INTO people (name) VALUES ($1)';
  const count = async (): Promise<unknown> => (await pool.query('SELECT count(*)::int AS count FROM people')).rows[0];

  it(`has a statement prepared from the time on that it comes for the ${OFTEN}th time, whatever its values`, async () => {
    for (let i = 1; i < OFTEN; i += 1) await pool.query(insert, [`n${i}`]);
    expect(await prepared()).toEqual([]);
    for (let i = 0; i < OFTEN; i += 1) await pool.query(insert, [`m${i}`]);
    expect(await prepared()).toEqual([insert]);
    expect(await count()).toEqual({ count: 2 * OFTEN - 1 });
  });

  it('has one prepared in every other session that it comes to, under the same name', async () => {
    const other = new Pool({ connectionString: database.url, max: 3, Client: preparingClient() });
    try {
      const sessions = await Promise.all([1, 2, 3].map(() => other.connect()));
      for (let i = 0; i < OFTEN; i += 1) for (const session of sessions) await session.query(insert, ['n']);
      const names = sessions.map(async (session) => (await session.query('SELECT name, statement FROM pg_prepared_statements')).rows as unknown);
      expect(await Promise.all(names)).toEqual([1, 2, 3].map(() => [{ name: 'gatehouse_1', statement: insert }]));
      for (const session of sessions) session.release();
    } finally {
      await other.end();
    }
  });

  it('prepares nothing that has no values, such as what begins and ends transactions', async () => {
    for (let i = 0; i < 2 * OFTEN; i += 1) for (const statement of ['BEGIN', 'COMMIT', 'SELECT 1']) await pool.query(statement);
    expect(await prepared()).toEqual([]);
  });

  it('answers as before after the table has come to have another column and lost its rows', async () => {
    const read = 'SELECT name FROM people WHERE name = $1';
    await pool.query(insert, ['ann']);
    for (let i = 0; i < 2 * OFTEN; i += 1) expect((await pool.query(read, ['ann'])).rows).toEqual([{ name: 'ann' }]);
    await pool.query('ALTER TABLE people ADD COLUMN age int');
    expect((await pool.query(read, ['ann'])).rows).toEqual([{ name: 'ann' }]);
    await pool.query('TRUNCATE people');
    expect((await pool.query(read, ['ann'])).rows).toEqual([]);
  });

  it('goes on after a statement that was refused, be it prepared or not', async () => {
    const divide = 'SELECT 1 / $1::int AS share';
    for (let i = 0; i < 2 * OFTEN; i += 1) {
      await expect(pool.query(divide, [0])).rejects.toThrow('division by zero');
      expect((await pool.query(divide, [1])).rows).toEqual([{ share: 1 }]);
    }
  });
});

describe('what is prepared', () => {
  it('is bounded, whatever comes: those that came often first', () => {
    const statements = new PreparedStatements();
    const names = Array.from({ length: 300 }, (_, i) => Array.from({ length: OFTEN }, () => statements.nameOf(`SELECT ${i}, $1`)).at(-1));
    expect(names.filter((name) => name !== null)).toEqual(Array.from({ length: 128 }, (_, i) => `gatehouse_${i + 1}`));
  });

  it('is still found among thousands of statements that come once, such as lists of every length', () => {
    const statements = new PreparedStatements();
    for (let i = 0; i < OFTEN - 1; i += 1) expect(statements.nameOf('SELECT $1')).toBeNull();
    for (let i = 0; i < 10_000; i += 1) expect(statements.nameOf(`SELECT ${i}, $1`)).toBeNull();
    expect(statements.nameOf('SELECT $1')).toBe('gatehouse_1');
  });
});
