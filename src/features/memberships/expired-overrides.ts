import type { Transaction } from '../../storage/transaction.js';
import type { MembershipStore, OverridesOf } from './memberships.store.js';

/**
 * Removes the overrides that count no more, and never will again, lest they keep a role or a department from being
 * deleted. Returns what the event of that deletion says of them.
 */
export async function forgetExpired(members: MembershipStore, overrides: OverridesOf, now: number, tx: Transaction) {
  const count = await members.deleteExpiredOverrides(overrides, now, tx);
  return count === 0 ? {} : { expiredOverrides: count };
}
