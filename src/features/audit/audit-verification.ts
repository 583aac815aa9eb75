import { PLATFORM_SCOPE } from '../../storage/entities/records.js';
import type { Transactions } from '../../storage/transaction.js';
import type { AuditChainStore } from './audit-chains.store.js';
import { type ChainFinding, findingsOf } from './chain-findings.js';
import { ChainWalk } from './chain-walk.js';

export interface ChainReport {
  /** '' for the platform's chain. */
  readonly tenantId: string;
  readonly events: number;
  /** Empty where the chain is as it was written. */
  readonly findings: readonly ChainFinding[];
}

const EVENTS_AT_A_TIME = 500;

/** Recomputes audit chains, and compares them with what the tenants' and the platform's own rows know of them. */
export class AuditVerification {
  constructor(
    private readonly chains: AuditChainStore,
    private readonly transactions: Transactions,
  ) {}

  /** The chain as of one moment, while others may be appending to it. Null where there is no such tenant and no event of one. */
  verify(tenantId: string): Promise<ChainReport | null> {
    return this.transactions.snapshot(async (tx) => {
      const head = await this.chains.findHead(tenantId, tx);
      const walk = new ChainWalk();
      let after: bigint | null = null;
      for (let isWhole = false; !isWhole; ) {
        const events = await this.chains.listEvents(tenantId, after, EVENTS_AT_A_TIME, tx);
        for (const event of events) walk.add(event);
        after = events.at(-1)?.revision ?? after;
        isWhole = events.length < EVENTS_AT_A_TIME;
      }
      if (head === null && walk.count === 0) return null;
      return { tenantId, events: walk.count, findings: findingsOf(walk.trail(head?.hash ?? null), head) };
    });
  }

  /** The platform's chain, then those of all tenants, deleted ones too, in the order of their ids. */
  async *verifyAll(): AsyncGenerator<ChainReport> {
    for (let tenantId: string | null = PLATFORM_SCOPE; tenantId !== null; tenantId = await this.chains.findNext(tenantId)) {
      const report = await this.verify(tenantId);
      if (report !== null) yield report;
    }
  }
}
