import { AppError } from '../../src/errors.js';
import { Transactions } from '../../src/storage/transaction.js';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../support/databases.js';
import { SILENT } from '../support/logs.js';
import { seed } from './seed.js';

const BROKEN: readonly (readonly [code: string, statement: string])[] = [
  ['LAST_ADMIN', `DELETE FROM memberships WHERE tenant_id = 'flat' AND user_id = 'ann'`],
  ['LAST_ADMIN', `UPDATE users SET status = 'DISABLED' WHERE id = 'ann'`],
  ['OWNER_REQUIRED', `DELETE FROM memberships WHERE tenant_id = 'north' AND user_id = 'olga'`],
  ['OWNER_REQUIRED', `UPDATE users SET status = 'DISABLED' WHERE id = 'olga'`],
  ['LAST_ADMIN', `UPDATE users SET account_role = 'MEMBER' WHERE id = 'root'`],
];

describe.each(DATABASE_KINDS)('a change that passed every rule of the services, and that the database on %s refuses at COMMIT,', (kind) => {
  let test: TestDatabase;
  let transactions: Transactions;
  beforeAll(async () => {
    test = await openTestDatabase(kind);
    await seed(test);
    transactions = new Transactions(test.database.dataSource, { log: SILENT });
  });
  afterAll(() => test.drop());

  it.each(BROKEN)('is %s to its caller: %s', async (code, statement) => {
    let told = false;
    const change = transactions.run(async (tx) => {
      tx.afterCommit(() => {
        told = true;
      });
      await tx.manager.query(statement);
    });
    const refusal: unknown = await change.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code, cause: expect.anything() });
    expect((refusal as AppError).message).toMatch(/: (?:make|pass|give) .* first\.$/);
    expect(told).toBe(false);
  });

  it('leaves nothing behind, and its session works on', async () => {
    const [statement] = BROKEN.map(([, sql]) => sql);
    const count = async () => transactions.run((tx) => tx.manager.query<unknown>('SELECT count(*) FROM memberships'));
    const before = await count();
    await expect(transactions.run((tx) => tx.manager.query(statement!))).rejects.toMatchObject({ code: 'LAST_ADMIN' });
    expect(await count()).toEqual(before);
  });
});
