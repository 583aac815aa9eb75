import { IdempotencyKeyRow } from '../../storage/entities/idempotency.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** One attempt at a request. */
export interface Claim {
  readonly actor: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  /** A UUID that no other attempt has. */
  readonly attempt: string;
}

export interface HeldClaim {
  readonly requestHash: Buffer;
  readonly committed: boolean;
  /** Null until the request was answered. */
  readonly reply: { readonly status: number; readonly sealed: Buffer } | null;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
}

/** In milliseconds since the epoch. */
export interface ClaimTimes {
  readonly now: number;
  /** Claims up to here are forgotten. */
  readonly deadUntil: number;
  /** Claims up to here, unanswered and without effect, are given up by whoever made them. */
  readonly staleUntil: number;
}

/** Requests under idempotency keys. Each statement commits by itself, but for the mark that belongs to the change. */
export class IdempotencyStore extends Store {
  /**
   * Whether the attempt has the request to itself: nobody claimed it before, or what there was is dead or stale. A row that
   * is being marked as committed is waited for, so that nobody takes over what takes effect at this moment.
   */
  async claim({ actor, keyHash, requestHash, attempt }: Claim, { now, deadUntil, staleUntil }: ClaimTimes): Promise<boolean> {
    const rows: unknown[] = await this.db().query(
      `INSERT INTO idempotency_keys AS held (actor, key_hash, request_hash, attempt, claimed_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (actor, key_hash) DO UPDATE SET request_hash = EXCLUDED.request_hash, attempt = EXCLUDED.attempt,
         claimed_at = EXCLUDED.claimed_at, committed = false, status = NULL, reply = NULL
       WHERE held.claimed_at <= $6
         OR held.claimed_at <= $7 AND held.reply IS NULL AND NOT held.committed AND held.request_hash = EXCLUDED.request_hash
       RETURNING held.attempt`,
      [actor, keyHash, requestHash, attempt, new Date(now), new Date(deadUntil), new Date(staleUntil)],
    );
    return rows.length > 0;
  }

  async find({ actor, keyHash }: Claim): Promise<HeldClaim | null> {
    const row = await this.db().getRepository(IdempotencyKeyRow).findOneBy({ actor, keyHash });
    if (row === null) return null;
    const { requestHash, committed, status, reply, claimedAt } = row;
    const answered = status === null || reply === null ? null : { status, sealed: reply };
    return { requestHash, committed, reply: answered, claimedAt: claimedAt.getTime() };
  }

  /** False where somebody else took the request over. Otherwise nobody can, until the transaction ends. */
  async markCommitted({ actor, keyHash, attempt }: Claim, tx: Transaction): Promise<boolean> {
    const { affected } = await this.db(tx).getRepository(IdempotencyKeyRow).update({ actor, keyHash, attempt }, { committed: true });
    return affected === 1;
  }

  async keep({ actor, keyHash, attempt }: Claim, status: number, sealed: Buffer): Promise<void> {
    await this.db().getRepository(IdempotencyKeyRow).update({ actor, keyHash, attempt }, { status, reply: sealed });
  }

  /** Forgets the claim, unless something was committed under it; whether it is forgotten. */
  async release({ actor, keyHash, attempt }: Claim): Promise<boolean> {
    const { affected } = await this.db().getRepository(IdempotencyKeyRow).delete({ actor, keyHash, attempt, committed: false });
    return affected === 1;
  }

  /** Removes at most `limit` of the claims that are dead, the oldest first. */
  async sweep(deadUntil: number, limit: number): Promise<void> {
    await this.db().query(
      `WITH dead AS MATERIALIZED (
         SELECT actor, key_hash FROM idempotency_keys WHERE claimed_at <= $1 ORDER BY claimed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       DELETE FROM idempotency_keys k USING dead WHERE k.actor = dead.actor AND k.key_hash = dead.key_hash`,
      [new Date(deadUntil), limit],
    );
  }
}
