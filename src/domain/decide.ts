import { type Decision, deny, type DecisionReason } from './decision.js';
import type { Facts } from './facts.js';
import { isCurrent } from './facts.js';
import { PermissionSet } from './permission-set.js';
import { type Request, settle, settlerOf } from './rules.js';
import { accountCeiling, givenBy, overrideRole, type Place, roleByAccount } from './sources.js';

export interface Check extends Request {
  readonly permission: string;
}

/**
 * The decision: pure, synchronous and total. `now` is in milliseconds since the epoch. Silence denies, and the first
 * rule that settles the question gives the reason.
 */
export function decide(check: Check, facts: Facts, now: number): Decision {
  return settle(check, facts, now) ?? deny('NOT_GRANTED');
}

/** `decide` for one permission after the other in one place: the answers are the same, and what they have in common is found out once. */
export function deciderIn(place: Place, facts: Facts, now: number): (permission: string) => Decision {
  const settleFor = settlerOf(place, facts, now);
  return (permission) => settleFor(permission) ?? deny('NOT_GRANTED');
}

/** Everything that a user may do in one place. */
export interface Reach {
  /** Null where there is no matrix to speak of, as in an unknown tenant. */
  readonly permissions: PermissionSet | null;
  /** The primary role, where there is an active membership. */
  readonly role: string | null;
  /** The override that added to `permissions`, where one did. */
  readonly departmentRole: { readonly departmentId: string; readonly role: string } | null;
  /** Why `permissions` is empty, where it is. */
  readonly reason: DecisionReason | null;
}

/** The same rules, asked for every permission at once: a permission is in the answer exactly where `decide` allows it. */
export function reach(place: Place, facts: Facts, now: number): Reach {
  const request: Request = { ...place, permission: null };
  const settled = settle(request, facts, now);
  if (settled === null) return heldIn(place, facts, now);
  const { frame } = facts;
  const permissions = frame && (settled.allowed ? frame.matrix.all : PermissionSet.empty(frame.matrix.permissions.length));
  return { permissions, role: activeRole(facts, now), departmentRole: null, reason: settled.allowed ? null : settled.reason };
}

/** What the sources of the last rule add up to, for a member whom no earlier rule has stopped. */
function heldIn(place: Place, facts: Facts, now: number): Reach {
  const frame = facts.frame!;
  const role = facts.primaryRole;
  const ceiling = accountCeiling(facts);

  const primary = givenBy(frame, role);
  const override = frame.plan.features.has('DEPARTMENT_OVERRIDES') ? overrideRole(facts, place, now) : null;
  const added = givenBy(frame, override);

  let permissions = primary.union(added).union(givenBy(frame, roleByAccount(facts, place.surface)));
  if (facts.accountPermissions !== null) permissions = permissions.union(facts.accountPermissions);
  permissions = permissions.intersection(ceiling);

  const overrideAdds = override !== null && !primary.isSupersetOf(added.intersection(ceiling));
  return {
    permissions,
    role: role?.key ?? facts.member!.membership!.roleKey,
    departmentRole: overrideAdds ? { departmentId: place.departmentId!, role: override.key } : null,
    reason: permissions.isEmpty ? 'NOT_GRANTED' : null,
  };
}

/** The primary role of an active membership, whatever it grants. */
function activeRole({ frame, member, primaryRole }: Facts, now: number): string | null {
  const membership = member?.membership ?? null;
  if (frame === null || membership === null || !isCurrent(membership, now)) return null;
  return primaryRole?.key ?? membership.roleKey;
}
