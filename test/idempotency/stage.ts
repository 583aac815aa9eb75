import { IdempotencyService, type RepeatableRequest } from '../../src/features/idempotency/idempotency.service.js';
import { IdempotencyStore } from '../../src/features/idempotency/idempotency.store.js';
import type { Reply } from '../../src/features/idempotency/key-secrets.js';
import { type Transaction, Transactions } from '../../src/storage/transaction.js';
import { type DatabaseKind, openTestDatabase } from '../support/databases.js';
import { TestClock } from '../support/gateway.js';
import { recordingLog } from '../support/logs.js';

export const REQUEST: RepeatableRequest = { actor: 'ann', key: 'a-key', content: ['mutation { change }', null, null] };
export const DONE: Reply = { status: 200, body: '{"data":{"change":"done"}}\n' };

export function failing(status: number, extensions: object, data: unknown = null): Reply {
  return { status, body: JSON.stringify({ errors: [{ message: 'It failed.', extensions }], data }) };
}

/** Its answers are lost as in a crash, for as long as `losing`. */
class ForgetfulStore extends IdempotencyStore {
  losing = false;

  override keep(...answer: Parameters<IdempotencyStore['keep']>): Promise<void> {
    return this.losing ? Promise.reject(new Error('The process is gone.')) : super.keep(...answer);
  }
}

/** The service on a database of its own, where the one change is a row more. */
export async function makeStage(kind: DatabaseKind) {
  const { database, drop } = await openTestDatabase(kind);
  const { dataSource } = database;
  await dataSource.query('CREATE TABLE changes_made (made int)');
  const store = new ForgetfulStore(dataSource);
  const clock = new TestClock();
  const log = recordingLog();
  const paused: number[] = [];
  const service = new IdempotencyService(store, { clock, log, pause: async (milliseconds) => paused.push(milliseconds) });
  const stage = {
    /** What happens between the mark and the commit. */
    beforeCommit: async (): Promise<void> => undefined,
  };
  const confirm = async (tx: Transaction): Promise<void> => {
    await service.confirm(tx);
    await stage.beforeCommit();
  };
  const transactions = new Transactions(dataSource, { log, beforeCommit: confirm });
  const change = (): Promise<void> => transactions.run(async (tx) => void (await tx.manager.query('INSERT INTO changes_made VALUES (1)')));
  const changeAnd = async (reply: Reply): Promise<Reply> => change().then(() => reply);
  const changes = async (): Promise<number> => (await dataSource.query<unknown[]>('SELECT * FROM changes_made')).length;
  const empty = async (): Promise<void> => {
    await dataSource.query('TRUNCATE changes_made, idempotency_keys');
    Object.assign(stage, { beforeCommit: async () => undefined });
    store.losing = false;
    paused.length = 0;
  };
  return Object.assign(stage, { database, drop, store, clock, log, paused, service, transactions, change, changeAnd, changes, empty });
}

export type Stage = Awaited<ReturnType<typeof makeStage>>;
