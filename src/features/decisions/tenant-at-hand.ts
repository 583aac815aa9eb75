import { Facts, type Member, type TenantFrame } from '../../domain/facts.js';
import type { Touched } from '../changes/tenant-change.js';

/** Past so many users touched one by one, everybody counts as touched: what is remembered of a tenant stays small. */
const MAX_TOUCHED_USERS = 64;

/** What was read of a user in a tenant. */
export interface MemberAtHand {
  readonly tenant: TenantAtHand;
  readonly userId: string;
  /** Null where there is no such user. */
  readonly member: Member | null;
  /** When the reading began, and how often callers had changed then. */
  readonly startedAt: number;
  readonly callerChanges: number;
}

/** The facts about a member at hand, at the tenant's revision of this moment; one object for all that each question looks at. */
export class FactsAtHand extends Facts {
  /** The tenant's, at that revision. */
  readonly step: number;

  constructor(
    readonly about: MemberAtHand,
    /** How many members had been taken in when it was last noted as used. */
    public notedAt: number,
  ) {
    // With the tenant's own frame and number of the revision: one of each for all of its members.
    super(about.tenant.frame, about.member, about.tenant.revision);
    this.step = about.tenant.step;
  }
}

/**
 * What this node knows of a tenant: its frame, its latest revision, and whom the revisions on the way there touched. Facts
 * about somebody hold until a revision that touches them, or one of which it is not known whom it touches.
 */
export class TenantAtHand {
  /** By user id, as of the latest revision at which they were asked for. */
  readonly members = new Map<string, FactsAtHand>();
  /** How often the revision has risen here: told from others at a glance, where two revisions would have to be looked into. */
  step = 0;
  /** The latest revision that may have touched anybody. */
  private everybodyTouchedAt: bigint;
  private readonly touchedAt = new Map<string, bigint>();

  constructor(
    public frame: TenantFrame,
    public revision: bigint,
    /** When the reading that found `revision` began. */
    public confirmedAt: number,
  ) {
    this.everybodyTouchedAt = revision;
  }

  /** A step that was heard of; one after a step that was not is taken to touch everybody. */
  note(revision: bigint, touches: Touched): void {
    if (revision <= this.revision) return;
    const isNextStep = revision === this.revision + 1n;
    this.riseTo(revision);
    if (touches === 'everybody' || !isNextStep || this.touchedAt.size + touches.length > MAX_TOUCHED_USERS) this.touchEverybody();
    else for (const userId of touches) this.touchedAt.set(userId, revision);
  }

  /** What a reading found, which may be ahead of what was heard. Whether the frame has become another. */
  read(frame: TenantFrame, revision: bigint, startedAt: number): boolean {
    if (revision > this.revision) {
      this.riseTo(revision);
      this.touchEverybody();
    }
    this.confirmedAt = Math.max(this.confirmedAt, startedAt);
    if (frame.structureRevision <= this.frame.structureRevision) return false;
    this.frame = frame;
    return true;
  }

  /** The facts about the user as of the latest revision; undefined where what was read of them may not hold at it. */
  latest(facts: FactsAtHand): FactsAtHand | undefined {
    return facts.step === this.step ? facts : this.renewed(facts);
  }

  private renewed({ about, revision, notedAt }: FactsAtHand): FactsAtHand | undefined {
    if (!this.stillHolds(about.userId, revision!)) return undefined;
    const facts = new FactsAtHand(about, notedAt);
    this.members.set(about.userId, facts);
    return facts;
  }

  private riseTo(revision: bigint): void {
    this.revision = revision;
    this.step += 1;
  }

  private stillHolds(userId: string, readAt: bigint): boolean {
    if (readAt < this.everybodyTouchedAt) return false;
    return this.touchedAt.size === 0 || readAt >= (this.touchedAt.get(userId) ?? readAt);
  }

  private touchEverybody(): void {
    this.everybodyTouchedAt = this.revision;
    this.touchedAt.clear();
  }
}
