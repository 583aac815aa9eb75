import type { BeforeQueryEvent, EntitySubscriberInterface } from 'typeorm';
import type { GatewayForTests } from './gateway.js';

/** Writes down what a gateway asks of its database: every statement but COMMIT and ROLLBACK, those of others included. */
export class StatementLog implements EntitySubscriberInterface {
  private readonly statements: string[] = [];

  constructor({ gateway }: GatewayForTests) {
    gateway.database.dataSource.subscribers.push(this);
  }

  beforeQuery({ query }: BeforeQueryEvent): void {
    this.statements.push(query.replaceAll(/\s+/g, ' ').trim());
  }

  /** The statements that were begun while `work` ran, in order. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.statements.length;
    await work();
    return this.statements.slice(before);
  }
}
