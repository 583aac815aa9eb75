import type { QueryRunner } from 'typeorm';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Allowance, Refusal } from './boundary-case.js';
import { LEADERSHIP_ALLOWED, LEADERSHIP_REFUSED } from './leadership-cases.js';
import { RIGHTS_ALLOWED, RIGHTS_REFUSED } from './right-cases.js';
import { seed } from './seed.js';
import { TENANCY_REFUSED } from './tenancy-cases.js';

interface PgFault {
  readonly code: string;
  readonly constraint?: string;
}

/** Runs `work` on a session of its own, and leaves the database as it was. */
async function onSession<T>({ database }: TestDatabase, work: (session: QueryRunner) => Promise<T>): Promise<T> {
  const session = database.dataSource.createQueryRunner();
  try {
    await session.query('BEGIN');
    return await work(session);
  } finally {
    await session.query('ROLLBACK');
    await session.release();
  }
}

/** Who refused, and at which step; COMMIT comes after the last. */
async function refusalOf(session: QueryRunner, steps: readonly string[]): Promise<{ step: number; by: string } | null> {
  const statements = [...steps, 'COMMIT'];
  for (const [step, statement] of statements.entries()) {
    try {
      await session.query(statement);
    } catch (error) {
      const { driverError } = error as { driverError: PgFault };
      return { step, by: driverError.constraint ?? driverError.code };
    }
  }
  return null;
}

describe.each(DATABASE_KINDS)('the database by itself, on %s, refuses that', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
    await seed(test);
  });
  afterAll(() => test.drop());

  it.each<Refusal>([...LEADERSHIP_REFUSED, ...TENANCY_REFUSED, ...RIGHTS_REFUSED])('$name', async ({ steps, refusedBy }) => {
    const refusal = await onSession(test, (session) => refusalOf(session, steps));
    expect(refusal?.by).toBe(refusedBy);
    expect(refusal?.step).toBeGreaterThanOrEqual(steps.length - 1);
  });
});

describe.each(DATABASE_KINDS)('the database by itself, on %s, allows that', (kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
    await seed(test);
  });
  afterAll(() => test.drop());

  it.each<Allowance>([...LEADERSHIP_ALLOWED, ...RIGHTS_ALLOWED])('$name', async ({ steps }) => {
    await onSession(test, async (session) => {
      for (const step of steps) await session.query(step);
      await expect(session.query('SET CONSTRAINTS ALL IMMEDIATE')).resolves.toBeDefined();
    });
  });

  it('says itself who is owner and admin, whatever is written there', async () => {
    const standing = await onSession(test, async (session) => {
      await session.query(`UPDATE memberships SET is_admin = true, is_owner = true WHERE tenant_id = 'flat'`);
      await session.query(`UPDATE memberships SET is_admin = false, is_owner = false WHERE tenant_id = 'north'`);
      await session.query(`INSERT INTO memberships (tenant_id, user_id, matrix_key, role_key, role_kind, is_admin, is_owner, status, created_at)
        VALUES ('flat', 'new', 'level', 'member', 'SYSTEM', true, true, 'ACTIVE', now())`);
      return session.query(`SELECT tenant_id || '/' || user_id AS who, is_owner FROM memberships WHERE is_admin AND tenant_id <> 'south' ORDER BY 1`) as Promise<unknown>;
    });
    expect(standing).toEqual([
      { who: 'flat/ann', is_owner: false },
      { who: 'north/ada', is_owner: false },
      { who: 'north/gone', is_owner: false },
      { who: 'north/olga', is_owner: true },
    ]);
  });
});
