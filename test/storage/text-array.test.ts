import { array, assert, asyncProperty, constantFrom, string } from 'fast-check';
import { Pool } from 'pg';
import { textArray } from '../../src/storage/text-array.js';
import { createTestDatabase, type TestPostgres } from '../support/postgres.js';

let database: TestPostgres;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function readBack(texts: readonly string[]): Promise<unknown> {
  const { rows } = await pool.query<{ texts: unknown }>('SELECT $1::text[] AS texts', [textArray(texts)]);
  return rows[0]?.texts;
}

describe('an array of texts', () => {
  it.each([
    { texts: [] },
    { texts: [''] },
    { texts: ['NULL', 'null'] },
    { texts: ['a,b', '{a}', '}', '{}', ' a '] },
    { texts: ['"', '\\', '\\"', '"\\', '\\\\', 'a"b\\c', '"}; --'] },
    { texts: ['line\nbreak', '\ttab', '\u0001', 'é', '👍'] },
  ])('is what PostgreSQL reads of it: $texts', async ({ texts }) => {
    expect(await readBack(texts)).toEqual(texts);
  });

  it('is what PostgreSQL reads of it, whatever the texts', async () => {
    const special = constantFrom('"', '\\', '{', '}', ',', ' ', 'N', 'n', '\n');
    // A text of PostgreSQL holds everything but the character 0, which it refuses.
    const text = string({ unit: 'binary' }).map((found) => found.replaceAll('\0', ''));
    await assert(asyncProperty(array(text), array(string({ unit: special })), async (some, others) => {
      expect(await readBack([...some, ...others])).toEqual([...some, ...others]);
    }));
  });
});
