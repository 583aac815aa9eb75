import { actorOf, type Principal } from '../../access/principal.js';
import { keyHolds } from '../../access/authority.js';
import { isWorkspaceCapability, type PlatformCapability, type WorkspaceCapability } from '../../domain/capability.js';
import type { Clock } from '../../domain/clock.js';
import { type GiverReach, holdsCapability, reachOfGiver } from '../../domain/delegate.js';
import type { Facts, TenantFrame } from '../../domain/facts.js';
import { AppError, forbidden } from '../../errors.js';
import type { Transaction, Transactions } from '../../storage/transaction.js';
import { type AuditEntry, changeText } from '../audit/audit-entry.js';
import type { AuditStore } from '../audit/audit.store.js';
import type { FactsCache } from '../decisions/facts-cache.js';
import type { FactsStore } from '../decisions/facts.store.js';
import { requireIdentifier } from '../input.js';
import type { TenantRecord, TenantStore } from '../tenants/tenants.store.js';
import type { Announcer } from './announcer.js';
import type { CallerCheck } from './caller-check.js';
import type { Touched } from './tenant-change.js';

/** What a change works with: everything read after the tenant's row was locked. */
export interface ChangeScope {
  readonly tx: Transaction;
  readonly tenant: TenantRecord;
  readonly frame: TenantFrame;
  readonly caller: Principal;
  readonly now: number;
  /** What the caller may hand out in the tenant. */
  readonly giverReach: GiverReach;
  /** What the caller may hand out as an override in a department, which counts until `lastMoment`. */
  giverReachIn(departmentId: string, lastMoment: number): GiverReach;
  /** Whether the caller holds a capability here, as of now. */
  holds(capability: WorkspaceCapability): boolean;
  /** The person whose rights stand behind the caller; null for the platform's own keys. */
  readonly boundTo: string | null;
  /** Has every node ask anew who its callers are. */
  announceCallers(): Promise<void>;
}

/** Without an entry, everything was already as asked: no event, and no new revision. */
export type Outcome<T> =
  | { readonly result: T; readonly entry: null }
  | { readonly result: T; readonly entry: AuditEntry; readonly touches: Touched };

export interface Changed<T> {
  readonly result: T;
  readonly revision: bigint;
}

interface ChangeRequest {
  readonly caller: Principal;
  readonly tenantId: string;
  /** What the caller must hold, asked once more inside the transaction. */
  readonly demands: WorkspaceCapability | PlatformCapability;
  /** Whom the audit log names, where that is not the caller. */
  readonly actor?: string;
}

/**
 * Every change of a tenant: lock the tenant's row, check the caller again, let the change check its rule and write,
 * raise the revision, append the audit event, commit.
 */
export class TenantChanges {
  constructor(
    private readonly transactions: Transactions,
    private readonly tenants: TenantStore,
    private readonly facts: FactsStore,
    private readonly frames: FactsCache,
    private readonly audit: AuditStore,
    private readonly callers: CallerCheck,
    private readonly announcer: Announcer,
    private readonly clock: Clock,
  ) {}

  run<T>(request: ChangeRequest, change: (scope: ChangeScope) => Promise<Outcome<T>>): Promise<Changed<T>> {
    return this.transactions.run((tx) => this.within(tx, request, change));
  }

  /** As `run`, inside a transaction that has begun; no other tenant may be locked in it before. */
  async within<T>(tx: Transaction, request: ChangeRequest, change: (scope: ChangeScope) => Promise<Outcome<T>>): Promise<Changed<T>> {
    const scope = await this.open(request, tx);
    const outcome = await change(scope);
    const { result } = outcome;
    if (outcome.entry === null) return { result, revision: scope.tenant.revision };
    const { entry, touches } = outcome;
    return { result, revision: await this.record(request.actor ?? actorOf(request.caller), request.tenantId, entry, touches, tx) };
  }

  /** Raises the revision and appends the event, in a transaction that has locked the tenant. */
  async record(actor: string, tenantId: string, entry: AuditEntry, touches: Touched, tx: Transaction): Promise<bigint> {
    const revision = await this.tenants.raiseRevision(tenantId, touches, tx);
    const { action, target } = entry;
    await this.audit.append({ tenantId, revision, at: this.clock.now(), actor, action, target, change: changeText(entry) }, tx);
    await this.announcer.tenantChanged({ tenantId, revision, touches }, tx);
    return revision;
  }

  private async open({ caller, tenantId, demands }: ChangeRequest, tx: Transaction): Promise<ChangeScope> {
    const tenant = await this.tenants.lock(requireIdentifier('tenantId', tenantId), tx);
    if (tenant === null) throw absentTenant(caller);
    if (caller.kind === 'key') await this.callers.requireLiveKey(caller, tx);
    const boundTo = caller.kind === 'user' ? caller.userId : await this.callers.findPersonBehind(caller, tx);
    // The lock on the tenant does not keep the account role of an account OWNER, who need not belong to it.
    if (boundTo !== null) await this.callers.holdPerson(boundTo, tx);
    const facts = await this.facts.readLocked({ tenantId, userId: boundTo ?? '' }, tx, this.frames.frameAtHand(tenantId));
    const now = this.clock.now();
    const holds = (capability: WorkspaceCapability): boolean => holdsNow(caller, boundTo, capability, facts, now);
    // The guard has let the caller in; what they hold may have gone since.
    if (!isWorkspaceCapability(demands)) await this.callers.requireOnPlatform(caller, demands, tx);
    else if (!holds(demands)) throw forbidden();
    const giverReachIn = (departmentId: string | null, lastMoment: number): GiverReach =>
      boundTo === null ? 'everything' : reachOfGiver(boundTo, departmentId, facts, now, lastMoment);
    const giverReach = giverReachIn(null, now);
    const announceCallers = () => this.announcer.callersChanged(tx);
    return { tx, tenant, frame: facts.frame!, caller, now, boundTo, holds, giverReach, giverReachIn, announceCallers };
  }
}

/** A key holds what it was given, as long as its tenant is active and the person behind it, where there is one, holds that too. */
function holdsNow(caller: Principal, boundTo: string | null, capability: WorkspaceCapability, facts: Facts, now: number): boolean {
  if (caller.kind === 'key' && !keyHolds(caller, capability, facts.frame!.tenantId)) return false;
  if (caller.kind === 'key' && caller.tenantId !== null && facts.frame!.status !== 'ACTIVE') return false;
  return boundTo === null || holdsCapability(capability, boundTo, facts, now);
}

/** A platform key may know which tenants there are; everybody else is refused as for a tenant that is not theirs. */
function absentTenant(caller: Principal): AppError {
  const mayKnow = caller.kind === 'key' ? caller.tenantId === null : caller.accountRole === 'OWNER';
  return mayKnow ? new AppError('NOT_FOUND', 'There is no tenant of this id.') : forbidden();
}
