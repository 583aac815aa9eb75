import { randomUUID } from 'node:crypto';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** What hears of changes on this node. */
export interface ChangeListener {
  tenantChanged(tenantId: string, revision: bigint): void;
  /** Somebody's account, sign-ins or keys changed. */
  callersChanged(): void;
  /** Changes may have gone unheard: nothing that is at hand may be relied on. */
  anythingMayHaveChanged(): void;
}

export const CHANGE_CHANNEL = 'gatehouse_changes';

/** Tells this node at once, and the others by a notification that is only a hint: the truth is the revision. */
export class Announcer extends Store {
  /** Goes with what is said to the other nodes, so that this one does not hear itself. */
  readonly nodeId = randomUUID();
  private readonly listeners: ChangeListener[] = [];

  listen(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  async tenantChanged(tenantId: string, revision: bigint, tx: Transaction): Promise<void> {
    tx.afterCommit(() => this.listeners.forEach((listener) => listener.tenantChanged(tenantId, revision)));
    await this.notify({ tenantId, revision: revision.toString() }, tx);
  }

  async callersChanged(tx: Transaction): Promise<void> {
    tx.afterCommit(() => this.listeners.forEach((listener) => listener.callersChanged()));
    await this.notify({ callers: true }, tx);
  }

  private async notify(message: object, tx: Transaction): Promise<void> {
    await this.db(tx).query('SELECT pg_notify($1, $2)', [CHANGE_CHANNEL, JSON.stringify({ from: this.nodeId, ...message })]);
  }
}
