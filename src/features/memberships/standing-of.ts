import type { MembershipRecord } from './memberships.store.js';

/** What the audit log keeps of a membership. */
export function standingOf({ roleKey, status, customerId, expiresAt }: MembershipRecord) {
  return { role: roleKey, status, customerId, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
