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

/**
 * What a person may hand out in the tenant, or, as an override, in one department of it until `lastMoment`: on the strength of an
 * override nobody gives for longer than it lasts, or two could prolong theirs for one another. Times in milliseconds since the epoch.
 */
export function reachOfGiver(userId: string, departmentId: string | null, facts: Facts, now: number, lastMoment: number): PermissionSet {
  const held = (department: string | null, at: number): PermissionSet =>
    reach({ ...platformWide(userId), departmentId: department }, facts, at).permissions ?? PermissionSet.empty(0);
  if (departmentId === null || lastMoment <= now) return held(departmentId, now);
  return held(departmentId, now).intersection(held(null, now).union(held(departmentId, lastMoment)));
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
