import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import { Facts, type TenantFrame } from '../../domain/facts.js';
import { isIdentifier } from '../../domain/identifier.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { ChangeFollower } from '../changes/change-poll.js';
import type { TenantChange } from '../changes/tenant-change.js';
import type { FactsLoader, LoadedMember } from './facts-loader.js';
import { sizeOfFrame, sizeOfMember } from './facts-size.js';
import type { Pair } from './facts.store.js';
import { ReadingWatch } from './reading-watch.js';
import { FactsAtHand, type MemberAtHand, TenantAtHand } from './tenant-at-hand.js';

export interface FactsCacheOptions {
  readonly clock: Clock;
  /** How old a fact may be, in milliseconds, where nothing fresher is asked for. */
  readonly stalenessMs: number;
  /** How much memory may be taken, about. */
  readonly maxBytes: number;
}

/** A reading that is under way, and what it may not be published over. */
interface Reading {
  readonly startedAt: number;
  readonly beginnings: number;
  readonly callerChanges: number;
}

/** Tenants have a share of their own, so that a scan of members leaves them at hand. */
const SHARE_OF_TENANTS = 0.25;
/**
 * A use is noted once so large a part of all that is at hand was taken in since the last time: what is put out was used longest ago, to
 * about as much. Noting each use would take longer than finding it, and while nothing is taken in, nothing is put out.
 */
const NOTED_AFTER = 1 / 64;

/**
 * Facts at hand, for as long as they may be believed. Whoever follows the log of changes tells of each one, and until when
 * all were told: nothing here is older than the bound at that moment. An answer is given at the latest revision known of its
 * tenant, from a membership and a frame that both hold at it, and nothing older is ever published over something newer.
 */
export class FactsCache implements ChangeFollower {
  private readonly tenants = new Map<string, TenantAtHand>();
  /** The same in the order of their use, and their members in the order of theirs: for what is put out first where room runs out. */
  private readonly tenantsByUse: LRUCache<TenantAtHand, TenantAtHand>;
  private readonly membersByUse: LRUCache<MemberAtHand, MemberAtHand>;
  private readonly watch = new ReadingWatch();
  private readonly clock: Clock;
  private readonly stalenessMs: number;
  /** Until when every change has been told. */
  private heardUntil = Number.NEGATIVE_INFINITY;
  /** How often callers have changed: people without a membership are told apart by it, for whom no tenant's revision rises. */
  private callerChanges = 0;
  private beginnings = 0;
  /** How many members were ever taken in. */
  private taken = 0;

  constructor(
    private readonly loader: Pick<FactsLoader, 'load'>,
    { clock, stalenessMs, maxBytes }: FactsCacheOptions,
  ) {
    this.clock = clock;
    this.stalenessMs = stalenessMs;
    const forTenants = Math.ceil(maxBytes * SHARE_OF_TENANTS);
    this.tenantsByUse = new LRUCache({
      maxSize: forTenants,
      sizeCalculation: ({ frame }) => Math.ceil(sizeOfFrame(frame)),
      dispose: (tenant, _key, reason) => {
        if (reason === 'evict') this.forgetTenant(tenant);
      },
    });
    this.membersByUse = new LRUCache({
      maxSize: maxBytes - forTenants,
      sizeCalculation: ({ userId, member }) => sizeOfMember(userId, member),
      dispose: ({ tenant, userId }, _key, reason) => {
        if (reason === 'evict') tenant.members.delete(userId);
      },
    });
  }

  /** The facts, where they are at hand, within the bound, and at least as new as `atLeast`. */
  peek(tenantId: string, userId: string, atLeast: bigint | null = null): Facts | undefined {
    const tenant = this.tenants.get(tenantId);
    const facts = tenant?.members.get(userId);
    return facts && this.believed(facts, tenant!, this.clock.now(), atLeast);
  }

  /** Reads the facts anew. Throws where they cannot be had: a fault is never an answer. */
  async load(tenantId: string, userId: string): Promise<Facts> {
    const [facts] = await this.loadAll([{ tenantId, userId }]);
    return facts!;
  }

  /** As `load`, for many at once: what is said of one tenant holds at one revision of it. */
  async loadAll(pairs: readonly Pair[]): Promise<Facts[]> {
    const known = pairs.filter(isWellFormed);
    const reading: Reading = { startedAt: this.clock.now(), beginnings: this.beginnings, callerChanges: this.callerChanges };
    const tenantIds = new Set(known.map((pair) => pair.tenantId));
    this.watch.begin(tenantIds);
    try {
      const loaded = await this.loader.load(known, (tenantId) => this.frameAtHand(tenantId));
      const facts = loaded.map((member) => this.take(member, reading));
      if (known.length === pairs.length) return facts;
      let place = 0;
      return pairs.map((pair) => (pair === known[place] ? facts[place++]! : Facts.NONE));
    } finally {
      this.watch.end(tenantIds);
    }
  }

  /** The facts from the cache, or else read; for many, all of a tenant together as soon as one of them has to be read. */
  getAll(pairs: readonly Pair[], atLeast: bigint | null = null): MaybePromise<Facts[]> {
    // All at once, and nothing else in between: what is said of one tenant holds at one revision of it.
    const now = this.clock.now();
    // Step by step for all of them: the memory that each is found in is far away, and so it is waited for together.
    const tenants = pairs.map(({ tenantId }) => this.tenants.get(tenantId));
    const known = pairs.map(({ userId }, i) => tenants[i]?.members.get(userId));
    const cached = known.map((facts, i) => facts && this.believed(facts, tenants[i]!, now, atLeast));
    return isComplete(cached) ? cached : this.complete(pairs, cached);
  }

  /** The tenant's frame as of its own `structureRevision`, which may be behind. Only what was committed is ever at hand. */
  frameAtHand(tenantId: string): TenantFrame | undefined {
    return this.tenants.get(tenantId)?.frame;
  }

  tenantChanged({ tenantId, revision, touches }: TenantChange): void {
    this.tenants.get(tenantId)?.note(revision, touches);
    this.watch.hear(tenantId, revision);
  }

  callersChanged(): void {
    this.callerChanges += 1;
  }

  hasHeardAllUntil(milliseconds: number): void {
    this.heardUntil = Math.max(this.heardUntil, milliseconds);
  }

  beginsAnew(): void {
    this.beginnings += 1;
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.tenants.clear();
    this.tenantsByUse.clear();
    this.membersByUse.clear();
  }

  private async complete(pairs: readonly Pair[], cached: readonly (Facts | undefined)[]): Promise<Facts[]> {
    const stale = new Set(pairs.filter((_pair, i) => cached[i] === undefined).map((pair) => pair.tenantId));
    const places = pairs.map((_pair, i) => i).filter((i) => stale.has(pairs[i]!.tenantId));
    const read = await this.loadAll(places.map((i) => pairs[i]!));
    const completed = [...cached];
    places.forEach((place, i) => (completed[place] = read[i]!));
    return completed as Facts[];
  }

  /** The facts of what was read, which are put at hand where nothing newer has been heard of since the reading began. */
  private take({ reading, frame }: LoadedMember, { startedAt, beginnings, callerChanges }: Reading): Facts {
    const { tenantId, userId, member, revision } = reading;
    const facts = new Facts(frame, member, revision);
    if (frame === null || revision === null || beginnings !== this.beginnings || !this.watch.isCurrent(tenantId, revision)) return facts;
    const known = this.tenants.get(tenantId);
    if (known !== undefined && revision < known.revision) return facts;
    // Readings that began before must not publish less, should the tenant be put out of the cache meanwhile.
    this.watch.hear(tenantId, revision);
    const tenant = known ?? new TenantAtHand(frame, revision, startedAt);
    if (known === undefined) {
      this.keepTenant(tenant);
    } else if (known.read(frame, revision, startedAt)) {
      this.forgetMembers(tenant);
      this.keepTenant(tenant);
    }
    this.taken += 1;
    this.keepMember({ tenant, userId, member, startedAt, callerChanges });
    return facts;
  }

  /** Also one that is there already, whose frame has become another: its size is reckoned with where it is taken in anew. */
  private keepTenant(tenant: TenantAtHand): void {
    this.tenantsByUse.delete(tenant);
    this.tenantsByUse.set(tenant, tenant);
    if (this.tenantsByUse.has(tenant)) this.tenants.set(tenant.frame.tenantId, tenant);
    else this.forgetTenant(tenant);
  }

  private forgetTenant(tenant: TenantAtHand): void {
    this.tenants.delete(tenant.frame.tenantId);
    this.forgetMembers(tenant);
  }

  /** Where the frame has become another none of their facts hold any longer, and each would keep the former frame in memory. */
  private forgetMembers({ members }: TenantAtHand): void {
    for (const { about } of members.values()) this.membersByUse.delete(about);
    members.clear();
  }

  private keepMember(member: MemberAtHand): void {
    const { tenant, userId } = member;
    // Where it takes more room than there is, the tenant was not kept.
    if (!this.tenants.has(tenant.frame.tenantId)) return;
    const former = tenant.members.get(userId);
    if (former !== undefined) this.membersByUse.delete(former.about);
    this.membersByUse.set(member, member);
    if (this.membersByUse.has(member)) tenant.members.set(userId, new FactsAtHand(member, this.taken));
    else tenant.members.delete(userId);
  }

  /** Of the tenant's latest revision, where that may be believed and is new enough. */
  private believed(known: FactsAtHand, tenant: TenantAtHand, now: number, atLeast: bigint | null): Facts | undefined {
    if (!this.isFresh(tenant.confirmedAt, now) || (atLeast !== null && tenant.revision < atLeast)) return undefined;
    const facts = tenant.latest(known);
    if (facts === undefined) return undefined;
    if (facts.membershipStatus === null && !this.holdsOfStranger(facts.about, now)) return undefined;
    if (this.taken - facts.notedAt > this.membersByUse.size * NOTED_AFTER) this.noteUse(facts);
    return facts;
  }

  private noteUse(facts: FactsAtHand): void {
    facts.notedAt = this.taken;
    this.membersByUse.get(facts.about);
    this.tenantsByUse.get(facts.about.tenant);
  }

  /** A reading of somebody else confirms the tenant, and with it its members; of an account, it says nothing. */
  private holdsOfStranger({ startedAt, callerChanges }: MemberAtHand, now: number): boolean {
    return callerChanges === this.callerChanges && this.isFresh(startedAt, now);
  }

  private isFresh(confirmedAt: number, now: number): boolean {
    const since = confirmedAt > this.heardUntil ? confirmedAt : this.heardUntil;
    return now - since <= this.stalenessMs;
  }
}

function isComplete(facts: readonly (Facts | undefined)[]): facts is Facts[] {
  return !facts.includes(undefined);
}

/** What breaks the rule for ids names nobody, and is not asked of the database. */
function isWellFormed(pair: Pair): boolean {
  return isIdentifier(pair.tenantId) && isIdentifier(pair.userId);
}
