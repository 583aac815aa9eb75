import type { Clock } from '../../domain/clock.js';
import { PLATFORM_SCOPE } from '../../storage/entities/records.js';
import type { Transaction } from '../../storage/transaction.js';
import type { PlatformStore } from '../platform/platform.store.js';
import { type AuditEntry, changeText } from './audit-entry.js';
import type { AuditStore } from './audit.store.js';

/** The chain of what concerns no single tenant: people, platform keys, role matrices. */
export class PlatformAudit {
  constructor(
    private readonly platform: PlatformStore,
    private readonly events: AuditStore,
    private readonly clock: Clock,
  ) {}

  /** Locks the platform, raises its revision and appends the event. */
  async append(tx: Transaction, actor: string, entry: AuditEntry): Promise<void> {
    const revision = await this.platform.raiseRevision(tx);
    const { action, target } = entry;
    await this.events.append(
      { tenantId: PLATFORM_SCOPE, revision, at: this.clock.now(), actor, action, target, change: changeText(entry) },
      tx,
    );
  }
}
