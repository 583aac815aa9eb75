import { randomUUID } from 'node:crypto';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import type { TenantChange } from './tenant-change.js';

/** What hears of changes on this node. It may hear of one more than once, and of a tenant's in any order. */
export interface ChangeListener {
  tenantChanged(change: TenantChange): void;
  /** Somebody's account, sign-ins or keys changed. */
  callersChanged(): void;
}

export const CHANGE_CHANNEL = 'gatehouse_changes';

/** PostgreSQL takes less than 8,000 bytes; past this, nobody is named and everybody is meant. */
const MAX_USER_ID_CHARACTERS = 4000;

/** Tells this node at once, and the others by a notification that is only a hint: the truth is the log of changes. */
export class Announcer extends Store {
  /** Goes with what is said to the other nodes, so that this one does not hear itself. */
  readonly nodeId = randomUUID();
  private readonly listeners: ChangeListener[] = [];

  listen(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  async tenantChanged(change: TenantChange, tx: Transaction): Promise<void> {
    tx.afterCommit(() => this.listeners.forEach((listener) => listener.tenantChanged(change)));
    const { tenantId, revision, touches } = change;
    const named = touches === 'everybody' || touches.join().length > MAX_USER_ID_CHARACTERS ? null : touches;
    await this.notify({ tenantId, revision: revision.toString(), users: named }, tx);
  }

  async callersChanged(tx: Transaction): Promise<void> {
    tx.afterCommit(() => this.listeners.forEach((listener) => listener.callersChanged()));
    await this.notify({ callers: true }, tx);
  }

  private async notify(message: object, tx: Transaction): Promise<void> {
    await this.db(tx).query('SELECT pg_notify($1, $2)', [CHANGE_CHANNEL, JSON.stringify({ from: this.nodeId, ...message })]);
  }
}
