import type { Principal } from '../../access/principal.js';
import type { Clock } from '../../domain/clock.js';
import { type Check, decide, deciderIn, type Reach, reach } from '../../domain/decide.js';
import type { Decision, DecisionReason } from '../../domain/decision.js';
import { type Explanation, explain } from '../../domain/explain.js';
import { Facts } from '../../domain/facts.js';
import type { RoleMatrix } from '../../domain/matrix.js';
import { type MaybePromise, whenKnown } from '../../domain/maybe-promise.js';
import type { Place } from '../../domain/sources.js';
import { badInput } from '../../errors.js';
import type { FactsCache } from './facts-cache.js';
import type { Pair } from './facts.store.js';

export interface PlaceInTenant extends Place {
  readonly tenantId: string;
}

export interface CheckInTenant extends PlaceInTenant, Check {}

/** How fresh an answer must be. */
export interface Consistency {
  /** As of now: the facts are read for this very question. */
  readonly full: boolean;
  /** At least as new as this revision of the tenant. */
  readonly atLeast: bigint | null;
}

export const LOW_LATENCY: Consistency = { full: false, atLeast: null };

/** An answer and the revision of the tenant that it holds for; null where there is no tenant. */
export type Answer<T> = T & { readonly revision: string | null };

/** A decision and the facts that it was made of: their revision is written out only where somebody asks for it. */
class DecisionAtRevision implements Answer<Decision> {
  readonly allowed: boolean;
  readonly reason: DecisionReason;
  readonly role: string | null;

  constructor(
    { allowed, reason, role }: Decision,
    private readonly facts: Facts,
  ) {
    this.allowed = allowed;
    this.reason = reason;
    this.role = role;
  }

  get revision(): string | null {
    return revisionOf(this.facts);
  }
}

/** "What may this user do here?", asked in every way that there is; each way ends in the same rules. */
export class DecisionService {
  constructor(
    private readonly facts: FactsCache,
    private readonly clock: Clock,
    private readonly decided: (decision: Decision) => void,
  ) {}

  check(caller: Principal, check: CheckInTenant, consistency: Consistency): MaybePromise<Answer<Decision>> {
    return this.withFacts(caller, check, consistency, (facts) => this.answer(check, facts, this.clock.now()));
  }

  /** In the order asked. All that name one tenant are answered at one revision of it. */
  checks(caller: Principal, checks: readonly CheckInTenant[], consistency: Consistency): MaybePromise<Answer<Decision>[]> {
    if (consistency.atLeast !== null && new Set(checks.map((check) => check.tenantId)).size > 1) {
      throw badInput('consistency.atLeast', 'A revision belongs to one tenant: send atLeast only where all checks name the same tenant.');
    }
    const read = consistency.full ? this.facts.loadAll(checks) : this.facts.getAll(checks, consistency.atLeast);
    return whenKnown(read, (facts) => {
      const now = this.clock.now();
      return checks.map((check, i) => this.answer(check, requireFresh(visibleTo(caller, check, facts[i]!), consistency), now));
    });
  }

  /** `allowed[i]` answers `permissions[i]`, all at one revision. */
  checkPermissions(
    caller: Principal,
    place: PlaceInTenant,
    permissions: readonly string[],
    consistency: Consistency,
  ): MaybePromise<Answer<{ allowed: boolean[] }>> {
    return this.withFacts(caller, place, consistency, (facts) => {
      const decideOn = deciderIn(place, facts, this.clock.now());
      const allowed = permissions.map((permission) => {
        const decision = decideOn(permission);
        this.decided(decision);
        return decision.allowed;
      });
      return { allowed, revision: revisionOf(facts) };
    });
  }

  explain(caller: Principal, check: CheckInTenant, consistency: Consistency): MaybePromise<Answer<Explanation>> {
    return this.withFacts(caller, check, consistency, (facts) => ({
      ...explain(check, facts, this.clock.now()),
      revision: revisionOf(facts),
    }));
  }

  /** Everything that the user may do in the place; the matrix is null where there is no tenant. */
  reach(
    caller: Principal,
    place: PlaceInTenant,
    consistency: Consistency,
  ): MaybePromise<Answer<{ reach: Reach; matrix: RoleMatrix | null }>> {
    return this.withFacts(caller, place, consistency, (facts) => ({
      reach: reach(place, facts, this.clock.now()),
      matrix: facts.frame?.matrix ?? null,
      revision: revisionOf(facts),
    }));
  }

  private answer(check: CheckInTenant, facts: Facts, now: number): Answer<Decision> {
    const decision = decide(check, facts, now);
    this.decided(decision);
    return new DecisionAtRevision(decision, facts);
  }

  /** Synchronous where the facts are at hand. */
  private withFacts<T>(caller: Principal, pair: Pair, consistency: Consistency, answer: (facts: Facts) => T): MaybePromise<T> {
    if (!consistency.full) {
      const cached = this.facts.peek(pair.tenantId, pair.userId, consistency.atLeast);
      if (cached !== undefined) return answer(visibleTo(caller, pair, cached));
    }
    return this.facts
      .load(pair.tenantId, pair.userId)
      .then((facts) => answer(requireFresh(visibleTo(caller, pair, facts), consistency)));
  }
}

/**
 * People learn nothing of tenants to which they don't belong: asking about themselves there, they are answered as in a
 * tenant that does not exist. Whoever asks about others has shown before that they may, for the members of the tenant: of
 * others they are told what they would be told of nobody. Of an account OWNER, who may do everything everywhere, it is no secret.
 */
function visibleTo(caller: Principal, { userId }: Pair, facts: Facts): Facts {
  const belongs = facts.membershipStatus !== null || facts.accountRole === 'OWNER';
  if (belongs || knowsEverybody(caller)) return facts;
  return caller.kind === 'user' && caller.userId === userId ? Facts.NONE : facts.ofNobody();
}

function knowsEverybody(caller: Principal): boolean {
  return caller.kind === 'key' ? caller.tenantId === null : caller.accountRole === 'OWNER';
}

/** Asked of what the caller may see: the revision of a tenant that is not theirs is none of their business either. */
function requireFresh(facts: Facts, { atLeast }: Consistency): Facts {
  if (atLeast !== null && facts.revision !== null && facts.revision < atLeast) {
    throw badInput('consistency.atLeast', 'The tenant has not reached that revision: pass one that this gateway returned for the same tenant.');
  }
  return facts;
}

function revisionOf({ revision }: Facts): string | null {
  return revision === null ? null : revision.toString();
}
