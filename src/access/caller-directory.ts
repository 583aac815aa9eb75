import type { Capability } from '../domain/capability.js';
import type { UserStatus } from '../domain/facts.js';
import type { MaybePromise } from '../domain/maybe-promise.js';
import type { AccountRole } from '../domain/matrix.js';

export interface CallerUser {
  readonly userId: string;
  readonly accountRole: AccountRole;
  readonly status: UserStatus;
}

/** Times in milliseconds since the epoch. */
export interface CallerSignIn {
  readonly userId: string;
  readonly expiresAt: number;
  /** Null while the sign-in has not been ended. */
  readonly endedAt: number | null;
}

/** Times in milliseconds since the epoch. */
export interface CallerKey {
  readonly id: string;
  /** Null for a platform key. */
  readonly tenantId: string | null;
  /** SHA-256 of the key's secret. */
  readonly hash: Buffer;
  readonly capabilities: readonly Capability[];
  /** The person whose rights stand behind the key; null for the platform's own. */
  readonly boundTo: string | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/**
 * What storage knows about a caller, no older than the staleness bound. Null says that there is no such row; where storage
 * cannot tell, the promise rejects. A row that has not changed is the same object each time.
 */
export interface CallerDirectory {
  findUser(userId: string): MaybePromise<CallerUser | null>;
  findSignIn(signInId: string): MaybePromise<CallerSignIn | null>;
  findApiKey(id: string): MaybePromise<CallerKey | null>;
}
