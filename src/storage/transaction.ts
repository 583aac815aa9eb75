import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { unavailable } from '../errors.js';
import { asAppError, isSerializationFailure } from './database-fault.js';
import type { Log } from './log.js';
import { seal } from './session-guard.js';

export type AfterCommit = () => void | Promise<void>;

/** One transaction, handed to everything that reads or writes in it. `manager` is for stores alone. */
export class Transaction {
  constructor(
    readonly manager: EntityManager,
    private readonly hooks: AfterCommit[],
  ) {}

  /** Runs `hook` once the transaction has committed, and never if it does not. Hooks run in order, outside the transaction. */
  afterCommit(hook: AfterCommit): void {
    this.hooks.push(hook);
  }
}

export interface TransactionOptions {
  readonly log: Log;
  /** What passes before attempt 2, 3 and so on. */
  readonly pause?: (attempt: number) => Promise<void>;
  /** Runs in every transaction that may change something, right before its COMMIT; what it throws rolls the change back. */
  readonly beforeCommit?: (tx: Transaction) => Promise<void>;
  /** Milliseconds after which a transaction that has not ended is taken its connection. */
  readonly limitMs?: number;
  /**
   * Whether a transaction that is begun inside another one is refused, which on a single session would wait for ever. Watching
   * costs every promise of the process something, until Node 24.
   */
  readonly refuseNesting?: boolean;
}

const RETRIES = 5;
const LIMIT_MS = 15_000;
const CHANGE = 'READ COMMITTED';
// One statement sees one moment; several see one moment only here.
const SNAPSHOT = 'REPEATABLE READ, READ ONLY';

/** The unit of work: the one place that begins transactions. */
export class Transactions {
  private readonly scope: AsyncLocalStorage<{ open: boolean }> | null;
  private readonly log: Log;
  private readonly pause: (attempt: number) => Promise<void>;
  private readonly beforeCommit: (tx: Transaction) => Promise<void>;
  private readonly limitMs: number;

  constructor(
    private readonly dataSource: DataSource,
    { log, pause = backOff, beforeCommit = nothingMore, limitMs = LIMIT_MS, refuseNesting = true }: TransactionOptions,
  ) {
    this.log = log;
    this.pause = pause;
    this.beforeCommit = beforeCommit;
    this.limitMs = limitMs;
    this.scope = refuseNesting ? new AsyncLocalStorage() : null;
  }

  /**
   * Runs `work` in one READ COMMITTED transaction, which commits when `work` resolves and rolls back when it throws.
   * Where the transaction lost against another one (40001, 40P01), `work` runs again from its start, at most five more
   * times, so it must have no effect outside the transaction. Throws what `work` throws; CONFLICT once the attempts are
   * used up; UNAVAILABLE where the database failed, in which case the change may or may not have been committed.
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.attempt(CHANGE, work);
  }

  /** Runs `work` in one REPEATABLE READ, READ ONLY transaction: all its reads see the same moment. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.attempt(SNAPSHOT, work);
  }

  private async attempt<T>(mode: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.refuseNesting();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const hooks: AfterCommit[] = [];
        const result = await this.once(mode, hooks, work);
        await this.runHooks(hooks);
        return result;
      } catch (error) {
        if (!isSerializationFailure(error) || attempt > RETRIES) throw asAppError(error);
      }
      await this.pause(attempt + 1);
    }
  }

  private async once<T>(mode: string, hooks: AfterCommit[], work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const scope = { open: true };
    const limit = new TimeLimit(this.limitMs, client);
    try {
      await runner.startTransaction();
      await runner.query(`SET TRANSACTION ISOLATION LEVEL ${mode}`);
      const tx = new Transaction(runner.manager, hooks);
      const complete = (): Promise<T> => this.complete(mode, tx, work);
      const result = await limit.over(this.scope === null ? complete() : this.scope.run(scope, complete));
      seal(runner);
      await commit(client);
      return result;
    } catch (error) {
      await rollBack(runner, client);
      throw error;
    } finally {
      scope.open = false;
      limit.clear();
      await runner.release();
    }
  }

  private async complete<T>(mode: string, tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = await work(tx);
    if (mode === CHANGE) await this.beforeCommit(tx);
    return result;
  }

  /** The embedded database has one session, so the inner transaction would wait for the outer one until both fail. */
  private refuseNesting(): void {
    if (this.scope?.getStore()?.open === true) {
      throw new Error('A transaction was begun inside another one: hand the outer Transaction on instead.');
    }
  }

  /** The change is committed, so nothing that fails here may make its caller believe otherwise. */
  private async runHooks(hooks: readonly AfterCommit[]): Promise<void> {
    for (const hook of hooks) {
      try {
        await hook();
      } catch (error) {
        this.log.error({ err: error }, 'What should follow a commit failed; the change itself is committed.');
      }
    }
  }
}

/** Keeps work that never ends from holding its connection, which on the embedded database is everyone's. */
class TimeLimit {
  private readonly passed: Promise<never>;
  private timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, client: PoolClient) {
    this.passed = new Promise<never>((_resolve, reject) => {
      this.timer = setTimeout(() => {
        discard(client);
        reject(unavailable(new Error(`A transaction did not end within ${milliseconds} ms and was rolled back.`)));
      }, milliseconds);
    });
    this.passed.catch(() => undefined);
  }

  over<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.passed]);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}

/**
 * PostgreSQL answers COMMIT after a failed statement with ROLLBACK and no error. TypeORM hides that answer, so COMMIT
 * goes to the driver itself: otherwise whoever swallows an error in `work` would report a change that never happened.
 */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('A statement of the transaction failed and its error was swallowed: rolled back.');
}

/** A connection in an unknown state must not go back to the pool: the next borrower would work in this transaction. */
async function rollBack(runner: QueryRunner, client: PoolClient): Promise<void> {
  seal(runner);
  // A statement that passed the seal just before reaches the connection's queue by now, and so runs before the ROLLBACK.
  await turn();
  if (runner.isReleased) return;
  try {
    await client.query('ROLLBACK');
  } catch {
    discard(client);
  }
}

/** Ends the connection at once; its pool then forgets it. */
function discard(client: PoolClient): void {
  void client.end();
}

async function nothingMore(): Promise<void> {}

/** Full jitter, so that those who lost against one another do not meet again. */
function backOff(attempt: number): Promise<void> {
  return sleep(Math.random() * 10 * 2 ** attempt);
}
