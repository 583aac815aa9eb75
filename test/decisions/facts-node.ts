import type * as fc from 'fast-check';
import type { Facts } from '../../src/domain/facts.js';
import type { TenantChange, Touched } from '../../src/features/changes/tenant-change.js';
import { FactsCache } from '../../src/features/decisions/facts-cache.js';
import type { LoadedMember } from '../../src/features/decisions/facts-loader.js';
import type { Pair } from '../../src/features/decisions/facts.store.js';
import { TestClock } from '../support/gateway.js';
import { FactsHistory, MEMBERS, STRANGER, TENANTS } from './facts-history.js';

/** What happens, in this order; what follows from it comes when the scheduler lets it. */
export type Event =
  | { readonly kind: 'commit'; readonly tenantId: string; readonly touches: Touched; readonly heard: 'never' | 'once' | 'twice' }
  | { readonly kind: 'account changes'; readonly heard: boolean }
  | { readonly kind: 'ask'; readonly pairs: readonly Pair[]; readonly full: boolean }
  | { readonly kind: 'poll' }
  | { readonly kind: 'restore'; readonly tenantId: string }
  | { readonly kind: 'wait'; readonly milliseconds: number };

export const BOUND_MS = 100;
const USERS = [...MEMBERS, STRANGER];

type LoadMembers = ConstructorParameters<typeof FactsCache>[0]['load'];

/** One node's cache between a database and whoever asks. `faults` says what it told and should not have. */
export class FactsNode {
  readonly faults: string[] = [];
  /** How many facts were at hand where they were looked for. */
  found = 0;
  private readonly clock = new TestClock(0);
  private readonly history = new FactsHistory(() => this.clock.now());
  private readonly cache: FactsCache;
  private readonly newest = new Map<string, bigint>();
  private place = 0;
  private polling = false;

  constructor(
    private readonly scheduler: fc.Scheduler,
    maxBytes: number,
  ) {
    this.cache = new FactsCache({ load: this.load }, { clock: this.clock, stalenessMs: BOUND_MS, maxBytes });
  }

  async live(events: readonly Event[]): Promise<void> {
    const look = async (act: () => Promise<unknown>): Promise<void> => {
      await act();
      this.lookAtAll();
    };
    const items = events.map((event) => ({ label: JSON.stringify(event, inWords), builder: async () => this.begin(event) }));
    this.scheduler.scheduleSequence(items, look);
    await this.scheduler.waitIdle(look);
  }

  private begin(event: Event): void {
    if (event.kind === 'commit') this.commit(event.tenantId, event.touches, event.heard);
    else if (event.kind === 'account changes') this.changeAccount(event.heard);
    else if (event.kind === 'ask') void this.ask(event.pairs, event.full);
    else if (event.kind === 'poll') void this.poll();
    else if (event.kind === 'restore') this.restore(event.tenantId);
    else this.clock.advance(event.milliseconds);
  }

  private commit(tenantId: string, touches: Touched, heard: 'never' | 'once' | 'twice'): void {
    const change = this.history.commit(tenantId, touches);
    if (heard === 'never') return;
    void this.hint(`hint ${change.revision}`, () => this.cache.tenantChanged(change));
    if (heard === 'twice') void this.hint(`hint ${change.revision} again`, () => this.cache.tenantChanged(change));
  }

  private changeAccount(heard: boolean): void {
    this.history.changeAccount();
    if (heard) void this.hint('hint of callers', () => this.cache.callersChanged());
  }

  /** Comes at any time and in any order, and not at all from a database that is there no more. */
  private async hint(label: string, tell: () => void): Promise<void> {
    const { restorations } = this.history;
    await this.scheduler.schedule(Promise.resolve(), label);
    if (restorations === this.history.restorations) tell();
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    const { restorations } = this.history;
    const startedAt = this.clock.now();
    await this.scheduler.schedule(Promise.resolve(), 'poll: read');
    const { place, changes, haveCallersChanged } = this.history.since(this.place);
    await this.scheduler.schedule(Promise.resolve(), 'poll: told');
    this.polling = false;
    if (restorations !== this.history.restorations) return;
    this.tell(changes, haveCallersChanged);
    this.place = place;
    this.cache.hasHeardAllUntil(startedAt);
  }

  private tell(changes: readonly TenantChange[], haveCallersChanged: boolean): void {
    for (const change of changes) this.cache.tenantChanged(change);
    if (haveCallersChanged) this.cache.callersChanged();
  }

  /** Noticed at once, with readings of the database before still under way. */
  private restore(tenantId: string): void {
    this.history.restore(tenantId);
    this.place = this.history.since(this.place).place;
    this.newest.clear();
    this.cache.beginsAnew();
  }

  private async ask(pairs: readonly Pair[], full: boolean): Promise<void> {
    const askedAt = this.clock.now();
    const answers = await (full ? this.cache.loadAll(pairs) : this.cache.getAll(pairs));
    pairs.forEach((pair, i) => this.judge('answered', pair.userId, answers[i]!, full ? askedAt : askedAt - BOUND_MS));
    for (const tenantId of TENANTS) {
      const revisions = new Set(answers.flatMap(({ frame, revision }) => (frame?.tenantId === tenantId ? [revision] : [])));
      if (revisions.size > 1) this.faults.push(`answered about ${tenantId} at ${[...revisions].join(' and ')} in one list`);
    }
  }

  private readonly load: LoadMembers = async (pairs, frameAtHand) => {
    await this.scheduler.schedule(Promise.resolve(), 'load: read members');
    const readings = pairs.map((pair) => this.history.read(pair));
    await this.scheduler.schedule(Promise.resolve(), 'load: members are here');
    const joined = readings.flatMap((reading): LoadedMember[] => {
      const frame = frameAtHand(reading.tenantId);
      return frame?.structureRevision === reading.structureRevision ? [{ reading, frame }] : [];
    });
    if (joined.length === readings.length) return joined;
    await this.scheduler.schedule(Promise.resolve(), 'load: read members and frames');
    const together = pairs.map((pair) => this.history.readWithFrame(pair));
    await this.scheduler.schedule(Promise.resolve(), 'load: members and frames are here');
    return together;
  };

  private lookAtAll(): void {
    for (const tenantId of TENANTS) {
      for (const userId of USERS) this.lookAt(tenantId, userId);
    }
  }

  private lookAt(tenantId: string, userId: string): void {
    const facts = this.cache.peek(tenantId, userId);
    if (facts === undefined) return;
    this.found += 1;
    this.judge('had at hand', userId, facts, this.clock.now() - BOUND_MS);
    const newest = this.newest.get(tenantId) ?? 0n;
    if (facts.revision! < newest) this.faults.push(`had ${tenantId} at hand at ${facts.revision} after it had been at ${newest}`);
    this.newest.set(tenantId, facts.revision!);
  }

  private judge(how: string, userId: string, facts: Facts, notBefore: number): void {
    const until = this.history.truthOf(userId, facts);
    const told = `${how} ${userId} at ${facts.revision} with role ${facts.member?.membership?.roleKey} and frame ${facts.frame?.plan.key}`;
    if (until === null) this.faults.push(`${told}, which never was so`);
    else if (until < notBefore) this.faults.push(`${told}, which was no longer so ${notBefore - until} ms before the bound`);
  }
}

function inWords(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
