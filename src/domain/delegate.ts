import type { WorkspaceCapability } from './capability.js';
import { RESERVED_CAPABILITIES } from './capability.js';
import { decide, reach } from './decide.js';
import { type Facts, isCurrent } from './facts.js';
import { PermissionSet } from './permission-set.js';

/**
 * Whether the member holds a capability of the gateway in the tenant: by the permission to which the matrix maps it,
 * asked on the platform and for no customer, or as any active member. The reserved ones are the tenant owner's; where
 * the matrix has no owner role, the account OWNER's.
 */
export function holdsCapability(capability: WorkspaceCapability, userId: string, facts: Facts, now: number): boolean {
  const { frame, member } = facts;
  if (member === null || member.status === 'DISABLED') return false;
  // An account OWNER may know which tenants there are, and so holds it where there is none, too.
  if (member.accountRole === 'OWNER' && !RESERVED_CAPABILITIES.has(capability)) return true;
  if (frame === null) return false;
  if (RESERVED_CAPABILITIES.has(capability)) return isOwner(facts, now);
  const guard = frame.matrix.guardOf(capability);
  if (guard === undefined) return false;
  if (guard === 'member') return frame.status === 'ACTIVE' && member.membership !== null && isCurrent(member.membership, now);
  return decide({ ...platformWide(userId), permission: guard.permission }, facts, now).allowed;
}

/** What of `granted` the giver does not hold: nobody hands out more than they hold. */
export function beyondReach(granted: PermissionSet, giver: GiverReach): PermissionSet {
  return giver === 'everything' ? PermissionSet.empty(granted.capacity) : granted.difference(giver);
}

/** A platform key may hand out everything; a person what they hold. */
export type GiverReach = PermissionSet | 'everything';

/** What a person may hand out in the tenant, or, for an override, in one department of it. */
export function reachOfGiver(userId: string, departmentId: string | null, facts: Facts, now: number): PermissionSet {
  const held = reach({ ...platformWide(userId), departmentId }, facts, now).permissions;
  return held ?? PermissionSet.empty(0);
}

function isOwner({ frame, member }: Facts, now: number): boolean {
  const { ownerRole } = frame!.matrix;
  if (ownerRole === null) return member!.accountRole === 'OWNER';
  if (frame!.status !== 'ACTIVE' || member!.accountRole === 'VIEWER') return false;
  const held = member!.membership;
  return held !== null && held.roleKey === ownerRole && isCurrent(held, now);
}

function platformWide(userId: string) {
  return { userId, departmentId: null, customerId: null, ownerId: null, surface: 'PLATFORM' } as const;
}
