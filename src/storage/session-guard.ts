import type { PoolClient } from 'pg';
import { type AfterQueryEvent, type BeforeQueryEvent, type EntitySubscriberInterface, EventSubscriber, type QueryRunner } from 'typeorm';

const sealed = new WeakSet<QueryRunner>();

/**
 * Lets no further statement onto the session. A transaction that ends while some part of its work still runs, as in a
 * `Promise.all` that failed early, would otherwise let the rest write after its ROLLBACK: each statement on its own,
 * committed at once.
 */
export function seal(runner: QueryRunner): void {
  sealed.add(runner);
}

/** Watches every statement that goes through TypeORM. */
@EventSubscriber()
export class SessionGuard implements EntitySubscriberInterface {
  beforeQuery({ queryRunner }: BeforeQueryEvent): void {
    if (queryRunner !== undefined && sealed.has(queryRunner)) throw new Error('The transaction of this statement has ended.');
  }

  /**
   * Where an answer does not come within `query_timeout`, as on a network that swallows packets, pg reports the statement
   * as failed but keeps the connection, which would go back to the pool and fail everyone after. This ends it instead.
   */
  async afterQuery({ success, error, queryRunner }: AfterQueryEvent): Promise<void> {
    if (success || !isReadTimeout(error) || queryRunner === undefined) return;
    const client = (await queryRunner.connect()) as PoolClient;
    void client.end();
  }
}

function isReadTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'message' in error && error.message === 'Query read timeout';
}
