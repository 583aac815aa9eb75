import type { UserRecord } from './users.store.js';

/** What the audit log keeps of a user. */
export function accountOf({ name, email, accountRole, status }: UserRecord) {
  return { name, email, accountRole, status };
}
