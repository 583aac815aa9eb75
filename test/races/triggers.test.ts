import { Client } from 'pg';
import { SECOND_ADMIN, seed } from '../boundaries/seed.js';
import { openTestDatabase, type TestDatabase } from '../support/databases.js';

const ISOLATION = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'] as const;

interface Pair {
  readonly one: readonly string[];
  readonly other: readonly string[];
}

const of = (userId: string) => `WHERE tenant_id = 'flat' AND user_id = '${userId}'`;
const remove = (userId: string) => `DELETE FROM memberships ${of(userId)}`;
const suspend = (userId: string) => `UPDATE memberships SET status = 'SUSPENDED' ${of(userId)}`;
const demote = (userId: string) => `UPDATE memberships SET role_key = 'member' ${of(userId)}`;
const limit = (userId: string) => `UPDATE memberships SET expires_at = now() ${of(userId)}`;
const disable = (userId: string) => `UPDATE users SET status = 'DISABLED' WHERE id = '${userId}'`;

/** Each side leaves a tenant of two admins, ann and ben, with one; both together with none. */
const PAIRS: readonly (Pair & { readonly name: string })[] = [
  { name: 'both leave', one: [remove('ann')], other: [remove('ben')] },
  { name: 'one leaves, the other is suspended', one: [remove('ann')], other: [suspend('ben')] },
  { name: 'one is demoted, the other is given an end', one: [demote('ann')], other: [limit('ben')] },
  { name: 'one leaves, the other is disabled', one: [remove('ann')], other: [disable('ben')] },
  { name: 'both are disabled', one: [disable('ann')], other: [disable('ben')] },
];

/** The other side sees nothing of ben's membership until it is committed, and yet may not leave the tenant to a disabled ben. */
const JOINING: Pair = { one: [SECOND_ADMIN, remove('ann')], other: [disable('ben')] };

const REFUSED: ReadonlySet<string> = new Set(['23514', '40001', '40P01']);

// No service and no lock of theirs: two sessions on PostgreSQL, and the triggers alone.
describe.each(ISOLATION)('under %s, the triggers keep an admin in the tenant where', (isolation) => {
  let test: TestDatabase;
  let sessions: readonly [Client, Client];

  beforeEach(async () => {
    test = await openTestDatabase('postgres');
    await seed(test);
    sessions = [await session(test), await session(test)];
  });
  afterEach(async () => {
    for (const client of sessions) await client.end();
    await test.drop();
  });

  it.each(PAIRS)('$name', async (pair) => {
    await test.database.dataSource.query(SECOND_ADMIN);
    const codes = await commitBoth(sessions, isolation, pair);
    expect(codes).toContain('committed');
    expect(codes.filter((code) => REFUSED.has(code))).toHaveLength(1);
    expect(await adminsLeft(test)).toBe(1);
  });

  it('one leaves to somebody new, who is disabled', async () => {
    const codes = await commitBoth(sessions, isolation, JOINING);
    expect(codes.filter((code) => REFUSED.has(code)).length).toBeLessThanOrEqual(1);
    expect(await adminsLeft(test)).toBe(1);
  });
});

async function session({ database }: TestDatabase): Promise<Client> {
  const { options } = database.dataSource;
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('these tests need a PostgreSQL server');
  const client = new Client({ connectionString: options.url });
  await client.connect();
  await client.query("SET deadlock_timeout = '20ms'");
  return client;
}

/** Both do all of their work before either commits; then both commit at once. What became of each: `committed`, or a SQLSTATE. */
async function commitBoth([first, second]: readonly [Client, Client], isolation: string, { one, other }: Pair): Promise<string[]> {
  for (const client of [first, second]) {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    await client.query('SELECT count(*) FROM memberships');
  }
  for (const statement of one) await first.query(statement);
  for (const statement of other) await second.query(statement);
  return Promise.all([first, second].map((client) => client.query('COMMIT').then(() => 'committed', (error: { code: string }) => error.code)));
}

async function adminsLeft({ database }: TestDatabase): Promise<number> {
  const [row] = await database.dataSource.query<{ admins: number }[]>(
    `SELECT count(*)::int AS admins FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'ACTIVE'
     WHERE m.tenant_id = 'flat' AND m.is_admin AND m.status = 'ACTIVE' AND m.expires_at IS NULL`,
  );
  return row!.admins;
}
