import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import type { Facts, TenantFrame } from '../../domain/facts.js';
import { isIdentifier } from '../../domain/identifier.js';
import type { FactsLoader } from './facts-loader.js';
import type { MemberReading, Pair } from './facts.store.js';

/** What this node knows of a tenant: its frame, and the latest revision that it has heard of. */
interface TenantEntry {
  frame: TenantFrame;
  revision: bigint;
  /** When the read that last confirmed `revision` began; what is older than the bound must be read again. */
  confirmedAt: number;
}

interface MemberEntry {
  readonly facts: Facts;
  readonly loadedAt: number;
}

export interface FactsCacheOptions {
  readonly clock: Clock;
  /** How old a fact may be, in milliseconds, where nothing fresher is asked for. */
  readonly stalenessMs: number;
  readonly maxTenants: number;
  readonly maxMembers: number;
}

const NOTHING: Facts = Object.freeze({ frame: null, member: null, revision: null });

/**
 * Facts at hand, for as long as they may be believed. A member counts only at the latest revision known of its tenant,
 * so no answer mixes a newer membership with older roles, and nothing older is ever published over something newer.
 */
export class FactsCache {
  private readonly tenants: LRUCache<string, TenantEntry>;
  private readonly members: LRUCache<string, MemberEntry>;
  private readonly clock: Clock;
  private readonly stalenessMs: number;

  constructor(
    private readonly loader: FactsLoader,
    { clock, stalenessMs, maxTenants, maxMembers }: FactsCacheOptions,
  ) {
    this.clock = clock;
    this.stalenessMs = stalenessMs;
    this.tenants = new LRUCache({ max: maxTenants });
    this.members = new LRUCache({ max: maxMembers });
  }

  /** The facts, where they are at hand, within the bound, and at least as new as `atLeast`. */
  peek(tenantId: string, userId: string, atLeast: bigint | null = null): Facts | undefined {
    const tenant = this.tenants.get(tenantId);
    if (tenant === undefined || !this.isFresh(tenant.confirmedAt)) return undefined;
    if (atLeast !== null && tenant.revision < atLeast) return undefined;
    const entry = this.members.get(memberKey(tenantId, userId));
    if (entry === undefined || entry.facts.revision !== tenant.revision) return undefined;
    // A change to somebody without a membership raises no tenant's revision: such an entry lives by its own age.
    if (entry.facts.member?.membership == null && !this.isFresh(entry.loadedAt)) return undefined;
    return entry.facts;
  }

  /** Reads the facts anew. Throws where they cannot be had: a fault is never an answer. */
  async load(tenantId: string, userId: string): Promise<Facts> {
    const [facts] = await this.loadAll([{ tenantId, userId }]);
    return facts!;
  }

  /** As `load`, for many at once: what is said of one tenant holds at one revision of it. */
  async loadAll(pairs: readonly Pair[]): Promise<Facts[]> {
    const known = pairs.filter(isWellFormed);
    const startedAt = this.clock.now();
    const loaded = await this.loader.load(known, (tenantId) => this.frameAtHand(tenantId));
    const facts = new Map<string, Facts>();
    for (const { reading, frame } of loaded) {
      const read: Facts = { frame, member: reading.member, revision: reading.revision };
      facts.set(memberKey(reading.tenantId, reading.userId), read);
      if (frame !== null) this.publish(reading, frame, read, startedAt);
    }
    return pairs.map((pair) => facts.get(memberKey(pair.tenantId, pair.userId)) ?? NOTHING);
  }

  /** The facts from the cache, or else read; for many, all of a tenant together as soon as one of them has to be read. */
  async getAll(pairs: readonly Pair[], atLeast: bigint | null = null): Promise<Facts[]> {
    const cached = pairs.map((pair) => this.peek(pair.tenantId, pair.userId, atLeast));
    const stale = new Set(pairs.filter((_pair, i) => cached[i] === undefined).map((pair) => pair.tenantId));
    if (stale.size === 0) return cached as Facts[];
    const places = pairs.map((_pair, i) => i).filter((i) => stale.has(pairs[i]!.tenantId));
    const read = await this.loadAll(places.map((i) => pairs[i]!));
    places.forEach((place, i) => (cached[place] = read[i]!));
    return cached as Facts[];
  }

  /** The tenant's frame as of its own `structureRevision`, which may be behind. Only what was committed is ever at hand. */
  frameAtHand(tenantId: string): TenantFrame | undefined {
    return this.tenants.peek(tenantId)?.frame;
  }

  /** Somebody changed the tenant: whatever is known of it from before that revision no longer counts. */
  noteRevision(tenantId: string, revision: bigint): void {
    const tenant = this.tenants.peek(tenantId);
    if (tenant !== undefined && tenant.revision < revision) tenant.revision = revision;
  }

  /** What is at hand may be behind by more than the bound allows: forget it. */
  clear(): void {
    this.tenants.clear();
    this.members.clear();
  }

  private publish(reading: MemberReading, frame: TenantFrame, facts: Facts, startedAt: number): void {
    const revision = reading.revision!;
    const tenant = this.tenants.get(reading.tenantId);
    if (tenant === undefined) {
      this.tenants.set(reading.tenantId, { frame, revision, confirmedAt: startedAt });
    } else if (revision >= tenant.revision) {
      tenant.revision = revision;
      if (frame.structureRevision >= tenant.frame.structureRevision) tenant.frame = frame;
      tenant.confirmedAt = Math.max(tenant.confirmedAt, startedAt);
    } else {
      return;
    }
    this.members.set(memberKey(reading.tenantId, reading.userId), { facts, loadedAt: startedAt });
  }

  private isFresh(since: number): boolean {
    return this.clock.now() - since <= this.stalenessMs;
  }
}

/** Injective: the length tells where the tenant's id ends, whatever characters the two have. */
function memberKey(tenantId: string, userId: string): string {
  return `${tenantId.length}:${tenantId}${userId}`;
}

/** What breaks the rule for ids names nobody, and is not asked of the database. */
function isWellFormed(pair: Pair): boolean {
  return isIdentifier(pair.tenantId) && isIdentifier(pair.userId);
}
