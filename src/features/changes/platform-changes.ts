import { actorOf, type Principal } from '../../access/principal.js';
import type { PlatformCapability } from '../../domain/capability.js';
import type { Clock } from '../../domain/clock.js';
import type { Transaction, Transactions } from '../../storage/transaction.js';
import type { AuditEntry } from '../audit/audit-entry.js';
import type { PlatformAudit } from '../audit/platform-audit.js';
import type { PlatformStore } from '../platform/platform.store.js';
import type { Announcer } from './announcer.js';
import type { CallerCheck } from './caller-check.js';

export interface PlatformChangeScope {
  readonly tx: Transaction;
  readonly now: number;
}

/** Changes to people and to the platform's keys: they take turns by the platform's row, and leave their events in its chain. */
export class PlatformChanges {
  constructor(
    private readonly transactions: Transactions,
    private readonly platform: PlatformStore,
    private readonly audit: PlatformAudit,
    private readonly callers: CallerCheck,
    private readonly announcer: Announcer,
    private readonly clock: Clock,
  ) {}

  /** `demands` null: the caller acts on themselves, which the guard has seen to. */
  run<T>(
    caller: Principal,
    demands: PlatformCapability | null,
    change: (scope: PlatformChangeScope) => Promise<{ result: T; entry: AuditEntry | null }>,
  ): Promise<T> {
    return this.runAs(actorOf(caller), async (scope) => {
      if (demands !== null) await this.callers.requireOnPlatform(caller, demands, scope.tx);
      return change(scope);
    });
  }

  /** For whoever may do this without a capability, such as the first account OWNER. */
  runAs<T>(
    actor: string,
    change: (scope: PlatformChangeScope) => Promise<{ result: T; entry: AuditEntry | null }>,
  ): Promise<T> {
    return this.runAsFound(async (scope) => ({ ...(await change(scope)), actor }));
  }

  /** Where only the change finds out who acts, as by a one-time secret. */
  runAsFound<T>(
    change: (scope: PlatformChangeScope) => Promise<{ result: T; actor: string; entry: AuditEntry | null }>,
  ): Promise<T> {
    return this.transactions.run(async (tx) => {
      await this.platform.lock(tx);
      const { result, actor, entry } = await change({ tx, now: this.clock.now() });
      if (entry !== null) {
        await this.audit.append(tx, actor, entry);
        await this.announcer.callersChanged(tx);
      }
      return result;
    });
  }
}
