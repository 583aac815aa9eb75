export const GRANT_REASONS = [
  'GRANTED_BY_ROLE',
  'GRANTED_BY_DEPARTMENT_OVERRIDE',
  'GRANTED_BY_ACCOUNT_ROLE',
] as const;

export const DENIAL_REASONS = [
  'UNKNOWN_TENANT',
  'UNKNOWN_PERMISSION',
  'UNKNOWN_DEPARTMENT',
  'UNKNOWN_CUSTOMER',
  'TENANT_SUSPENDED',
  'USER_DISABLED',
  'NO_MEMBERSHIP',
  'MEMBERSHIP_SUSPENDED',
  'MEMBERSHIP_EXPIRED',
  'WRONG_SURFACE',
  'CUSTOMER_ISOLATED',
  'NOT_RESOURCE_OWNER',
  'READ_ONLY_ACCOUNT',
  'NOT_IN_PLAN',
  'NOT_GRANTED',
] as const;

export type GrantReason = (typeof GRANT_REASONS)[number];
export type DenialReason = (typeof DENIAL_REASONS)[number];
export type DecisionReason = GrantReason | DenialReason;

export interface Decision {
  readonly allowed: boolean;
  readonly reason: DecisionReason;
  /** The key of the role that settled it, where one did. */
  readonly role: string | null;
}

const DENIALS = Object.freeze(
  Object.fromEntries(DENIAL_REASONS.map((reason) => [reason, Object.freeze({ allowed: false, reason, role: null })])),
) as Readonly<Record<DenialReason, Decision>>;

/** A refusal that no role settled: one shared value a reason, so that refusing makes no garbage. */
export function deny(reason: DenialReason): Decision {
  return DENIALS[reason];
}

export function denyBecauseOfRole(reason: DenialReason, role: string): Decision {
  return { allowed: false, reason, role };
}

export function grant(reason: GrantReason, role: string | null): Decision {
  return { allowed: true, reason, role };
}
