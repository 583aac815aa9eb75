import type { Pool, PoolClient } from 'pg';
import { ChangeStore, type Interval } from '../../src/features/changes/changes.store.js';
import { TenantStore } from '../../src/features/tenants/tenants.store.js';
import { Transactions } from '../../src/storage/transaction.js';
import { seed } from '../boundaries/seed.js';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../support/databases.js';
import { SILENT } from '../support/logs.js';
import { openPool } from '../support/postgres.js';

/** What an interval tells, one sentence each. */
function told({ tenantChanges, haveCallersChanged }: Interval): string[] {
  const ofTenants = tenantChanges.map(({ tenantId, revision, touches }) => `${tenantId} ${revision} ${touches === 'everybody' ? touches : `[${touches.join()}]`}`);
  return haveCallersChanged ? [...ofTenants, 'callers'] : ofTenants;
}

/** Reads on from where it was. */
class Reader {
  private cursor: string | null = null;
  constructor(private readonly store: ChangeStore) {}

  async news(): Promise<string[]> {
    const interval = await this.store.readSince(this.cursor);
    this.cursor = interval.cursor;
    return told(interval);
  }
}

describe.each(DATABASE_KINDS)('the log of changes on the %s database', (kind) => {
  let test: TestDatabase;
  let store: ChangeStore;
  let reader: Reader;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
    await seed(test);
    store = new ChangeStore(test.database.dataSource);
    reader = new Reader(store);
  });
  afterAll(() => test.drop());
  beforeEach(() => reader.news());

  const sql = (statement: string, values: readonly unknown[] = []): Promise<unknown> => test.database.dataSource.query(statement, [...values]);

  it('tells nothing to whoever comes without a cursor, and nothing twice', async () => {
    await sql(`UPDATE tenants SET revision = revision + 1 WHERE id = 'south'`);
    expect(told(await store.readSince(null))).toEqual([]);
    expect((await reader.news()).length).toBe(1);
    expect(await reader.news()).toEqual([]);
  });

  it('tells of each revision whom it touches, of each tenant in order', async () => {
    const tenants = new TenantStore(test.database.dataSource);
    const transactions = new Transactions(test.database.dataSource, { log: SILENT });
    const { revision } = (await tenants.find('north'))!;
    await transactions.run(async (tx) => {
      await tenants.raiseRevision('north', ['ada', 'max'], tx);
      await tenants.raiseRevision('north', [], tx);
    });
    await transactions.run((tx) => tenants.raiseRevision('north', 'everybody', tx));
    expect(await reader.news()).toEqual([`north ${revision + 1n} [ada,max]`, `north ${revision + 2n} []`, `north ${revision + 3n} everybody`]);
  });

  it('has nothing of what was rolled back', async () => {
    const tenants = new TenantStore(test.database.dataSource);
    const transactions = new Transactions(test.database.dataSource, { log: SILENT });
    const change = transactions.run(async (tx) => {
      await tenants.raiseRevision('north', 'everybody', tx);
      throw new Error('no');
    });
    await expect(change).rejects.toThrow('no');
    expect(await reader.news()).toEqual([]);
  });

  it.each([
    ['a founded tenant', `INSERT INTO tenants (id, name, status, plan_key, matrix_key, revision, structure_revision, created_at) VALUES ('fresh', 'Fresh', 'ACTIVE', 'team', 'level', 1, 1, now());
      INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, status, created_at) VALUES ('fresh', 'ann', 'level', 'admin', 'SYSTEM', 'ACTIVE', now())`, ['fresh 1 everybody']],
    ['a revision raised by hand', `UPDATE tenants SET revision = 100 WHERE id = 'flat'`, ['flat 100 everybody']],
    ['a tenant whose revision stays', `UPDATE tenants SET name = 'Renamed' WHERE id = 'flat'`, []],
    ['a user who is disabled', `UPDATE users SET status = 'DISABLED' WHERE id = 'ben'`, ['callers']],
    ['an account role', `UPDATE users SET account_role = 'ADMIN' WHERE id = 'ben'`, ['callers']],
    ['a user who is renamed', `UPDATE users SET name = 'Ben' WHERE id = 'ben'`, []],
    ['a new account OWNER', `INSERT INTO users (id, name, account_role, status, created_at) VALUES ('boss', 'Boss', 'OWNER', 'ACTIVE', now())`, ['callers']],
    ['a new user', `INSERT INTO users (id, name, account_role, status, created_at) VALUES ('nova', 'Nova', 'MEMBER', 'ACTIVE', now())`, []],
    ['a user who is removed', `DELETE FROM users WHERE id = 'nova'`, ['callers']],
    ['a new sign-in', `INSERT INTO sign_ins (id, user_id, created_at, expires_at) VALUES ('here', 'ben', now(), now() + interval '1 hour')`, []],
    ['a sign-in that ends sooner', `UPDATE sign_ins SET expires_at = now() + interval '1 minute' WHERE id = 'here'`, ['callers']],
    ['a sign-in that is ended', `UPDATE sign_ins SET ended_at = now() WHERE id = 'here'`, ['callers']],
    ['a sign-in that is removed after its end', `DELETE FROM sign_ins WHERE id = 'here'`, []],
    ['a use of a key', `UPDATE api_keys SET last_used_at = now() WHERE id = 'key'`, []],
    ['a key that may do less', `UPDATE api_keys SET capabilities = '{}' WHERE id = 'key'`, ['callers']],
    ['a key that expires', `UPDATE api_keys SET expires_at = now() + interval '1 day' WHERE id = 'key'`, ['callers']],
    ['a key of another secret', `UPDATE api_keys SET secret_hash = decode(repeat('05', 32), 'hex') WHERE id = 'key'`, ['callers']],
    ['a key that is bound to somebody else', `UPDATE api_keys SET bound_to = 'olga' WHERE id = 'key'`, ['callers']],
    ['a key that is revoked', `UPDATE api_keys SET revoked_at = now() WHERE id = 'key'`, ['callers']],
    ['a key that is removed after that', `DELETE FROM api_keys WHERE id = 'key'`, []],
  ])('has what anybody writes, past the gateway too: %s', async (_what, statements, expected) => {
    await sql(`DO $$ BEGIN ${statements}; END $$`);
    expect(await reader.news()).toEqual(expected);
  });

  it('does not tell again and again of rows that were restored from a cluster further on', async () => {
    await sql(`INSERT INTO changes (tenant_id, revision, changed_in) VALUES ('north', 500, '9000000000000'::xid8)`);
    expect([await reader.news(), await reader.news()]).toEqual([[], []]);
  });

  it('loses only what is older than what is kept', async () => {
    await sql('DELETE FROM changes');
    await sql(`INSERT INTO changes (tenant_id, revision, at) SELECT 'north', 1000 + hours, now() - make_interval(hours => hours) FROM unnest('{0,1,23,25,48}'::int[]) AS h (hours)`);
    expect(await store.prune(24)).toBe(false);
    expect(await sql('SELECT revision::int FROM changes ORDER BY revision')).toEqual([{ revision: 1000 }, { revision: 1001 }, { revision: 1023 }]);
    expect(await store.prune(24)).toBe(false);
  });

  it('is removed piece by piece where there is much of it', async () => {
    await sql('DELETE FROM changes');
    await sql(`INSERT INTO changes (tenant_id, revision, at) SELECT 'north', n, now() - interval '2 days' FROM generate_series(1, 10005) AS old (n)`);
    expect([await store.prune(24), await store.prune(24)]).toEqual([true, false]);
    expect(await sql('SELECT count(*)::int AS left FROM changes')).toEqual([{ left: 0 }]);
  });
});

describe('the log of changes, while transactions overlap on PostgreSQL,', () => {
  let test: TestDatabase;
  let pool: Pool;
  let reader: Reader;
  beforeAll(async () => {
    test = await openTestDatabase('postgres');
    await seed(test);
    const { url } = test.database.dataSource.options as { readonly url: string };
    pool = openPool(url, 16);
    reader = new Reader(new ChangeStore(test.database.dataSource));
  });
  afterAll(async () => {
    await pool.end();
    await test.drop();
  });
  beforeEach(() => reader.news());

  async function raising(tenantId: string): Promise<PoolClient> {
    const session = await pool.connect();
    await session.query('BEGIN');
    await session.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [tenantId]);
    return session;
  }

  async function end(session: PoolClient, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await session.query(how);
    session.release();
  }

  const names = async () => (await reader.news()).map((change) => change.split(' ')[0]);

  it('tells of each once, though the one that began first commits last', async () => {
    const [first, second] = [await raising('north'), await raising('south')];
    expect(await names()).toEqual([]);
    await end(second, 'COMMIT');
    expect(await names()).toEqual(['south']);
    expect(await names()).toEqual([]);
    await end(first, 'COMMIT');
    expect(await names()).toEqual(['north']);
    expect(await names()).toEqual([]);
  });

  it('never tells of one that is rolled back after later ones have committed', async () => {
    const [first, second] = [await raising('north'), await raising('south')];
    await end(second, 'COMMIT');
    await end(first, 'ROLLBACK');
    expect([await names(), await names()]).toEqual([['south'], []]);
  });

  it('tells of every revision exactly once to whoever reads all the time', async () => {
    const before = Number((await pool.query(`SELECT sum(revision) FROM tenants`)).rows[0].sum);
    const heard: string[] = [];
    let isWriting = true;
    const write = async (place: number): Promise<void> => {
      for (let i = 0; i < 60; i += 1) {
        const session = await raising(['north', 'south', 'flat'][(place + i) % 3]!);
        await session.query('SELECT pg_sleep(random() * 0.004)');
        await end(session, i % 5 === 0 ? 'ROLLBACK' : 'COMMIT');
      }
    };
    const reading = (async () => {
      while (isWriting) heard.push(...(await reader.news()));
      heard.push(...(await reader.news()));
    })();
    await Promise.all(Array.from({ length: 8 }, (_, place) => write(place))).finally(() => (isWriting = false));
    await reading;
    const after = Number((await pool.query(`SELECT sum(revision) FROM tenants`)).rows[0].sum);
    expect([heard.length, new Set(heard).size, after - before]).toEqual([8 * 48, 8 * 48, 8 * 48]);
  });
});

describe('a database in the place of another one', () => {
  it('is told apart from it, though it is of one cluster and has the same log', async () => {
    const [one, copy] = [await openTestDatabase('postgres'), await openTestDatabase('postgres')];
    try {
      const read = async ({ database }: TestDatabase) => (await new ChangeStore(database.dataSource).readSince(null)).database;
      const [here, again, there] = [await read(one), await read(one), await read(copy)];
      expect(here).toMatch(/^\d+\/\d+\/[0-9A-F]{8}$/);
      expect([again, there === here]).toEqual([here, false]);
    } finally {
      await copy.drop();
      await one.drop();
    }
  });
});
