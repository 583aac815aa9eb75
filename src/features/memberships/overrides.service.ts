import type { Principal } from '../../access/principal.js';
import { roleIn } from '../../domain/facts.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError, badInput } from '../../errors.js';
import { requireFeature } from '../changes/feature-gate.js';
import type { Changed, TenantChanges } from '../changes/tenant-changes.js';
import { requireFuture, requireIdentifier } from '../input.js';
import { referenceTo, requireDepartment, requireOverrideGivable, requireOverrideTakeable, requireRole } from './membership-rules.js';
import type { MembershipRecord, MembershipStore, OverrideRecord } from './memberships.store.js';

export interface NewOverride {
  readonly userId: string;
  readonly departmentId: string;
  readonly role: string;
  readonly expiresAt: Date | null;
}

/** One more role inside one department, additive on top of the primary role. */
export class OverrideService {
  constructor(
    private readonly members: MembershipStore,
    private readonly changes: TenantChanges,
    private readonly plans: PlanCatalogue,
  ) {}

  /** Adds the override or replaces the one held in that department. */
  set(caller: Principal, tenantId: string, asked: NewOverride): Promise<Changed<MembershipRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const { frame, tx, now } = scope;
      const userId = requireIdentifier('userId', asked.userId);
      const departmentId = requireIdentifier('departmentId', asked.departmentId);
      const before = await this.members.findOverride({ tenantId, userId }, departmentId, tx);
      const isHeld = before !== null && before.roleKey === roleIn(frame, asked.role)?.key && before.expiresAt === (asked.expiresAt?.getTime() ?? null);
      if (!isHeld) requireFeature(frame, 'DEPARTMENT_OVERRIDES', this.plans);
      const role = requireRole(frame, requireIdentifier('role', asked.role));
      requireDepartment(frame, departmentId);
      const expiresAt = requireFuture('expiresAt', asked.expiresAt, now);
      requireOverrideGivable(scope, role, { departmentId, expiresAt });
      const member = await this.requireMember(tenantId, userId, tx);
      if (isHeld) return { result: member, entry: null };
      if (role.surface === 'WIDGET_ONLY' && member.customerId === null) {
        throw badInput('role', `The role "${role.key}" acts for one customer, and the member is bound to none.`);
      }
      if (before !== null) requireOverrideTakeable(scope, before);
      const override: OverrideRecord = { tenantId, userId, departmentId, ...referenceTo(frame, role), expiresAt };
      await this.members.putOverride(override, new Date(now), tx);
      return {
        result: member,
        entry: { action: 'override.set', target: userId, before: described(before), after: described(override) },
        touches: [userId],
      };
    });
  }

  remove(caller: Principal, tenantId: string, userId: string, departmentId: string): Promise<Changed<MembershipRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const { tx } = scope;
      const member = await this.requireMember(tenantId, requireIdentifier('userId', userId), tx);
      const before = await this.members.findOverride(member, requireIdentifier('departmentId', departmentId), tx);
      if (before === null) throw new AppError('NOT_FOUND', 'The member has no override in this department.');
      requireOverrideTakeable(scope, before);
      await this.members.deleteOverride(member, departmentId, tx);
      return { result: member, entry: { action: 'override.removed', target: userId, before: described(before) }, touches: [userId] };
    });
  }

  private async requireMember(tenantId: string, userId: string, tx: Parameters<MembershipStore['update']>[1]): Promise<MembershipRecord> {
    const member = await this.members.find(tenantId, userId, tx);
    if (member === null) throw new AppError('NOT_FOUND', 'The user does not belong to the tenant: add them first.');
    return member;
  }
}

/** What the audit log keeps of an override. */
function described(override: OverrideRecord | null) {
  if (override === null) return null;
  const { departmentId, roleKey, expiresAt } = override;
  return { departmentId, role: roleKey, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
