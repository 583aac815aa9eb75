import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** How often one key was tried in its window, the latest attempt included. */
export interface AttemptCount {
  readonly attempts: number;
  /** When the window ends, in milliseconds since the epoch. */
  readonly endsAt: number;
}

export interface CountedAttempt {
  readonly address: AttemptCount;
  /** Null where there was no account to count by, or the address had more attempts than it may. */
  readonly account: AttemptCount | null;
}

export interface AttemptKeys {
  readonly address: Buffer;
  readonly account: Buffer | null;
}

interface CountRecord {
  readonly address_attempts: number;
  readonly address_ends_at: Date;
  readonly account_attempts: number | null;
  readonly account_ends_at: Date | null;
}

/** $2: now; $3: when a window ends that begins now. */
const UPSERT = `
  ON CONFLICT (key) DO UPDATE SET
    attempts = CASE WHEN known.ends_at <= $2 THEN 1 ELSE known.attempts + 1 END,
    ends_at = CASE WHEN known.ends_at <= $2 THEN EXCLUDED.ends_at ELSE known.ends_at END
  RETURNING attempts, ends_at`;

/**
 * One statement, so that of many attempts at once each gets a number of its own. The address comes first: in that order
 * nobody deadlocks, and an address that is over its limit ($5) adds no rows for accounts that it makes up.
 */
const COUNT_SQL = `
  WITH address AS (
    INSERT INTO sign_in_attempts AS known (key, attempts, ends_at) VALUES ($1, 1, $3) ${UPSERT}
  ), account AS (
    INSERT INTO sign_in_attempts AS known (key, attempts, ends_at)
    SELECT $4, 1, $3 FROM address WHERE $4::bytea IS NOT NULL AND address.attempts <= $5 ${UPSERT}
  )
  SELECT address.attempts AS address_attempts, address.ends_at AS address_ends_at,
    account.attempts AS account_attempts, account.ends_at AS account_ends_at
  FROM address LEFT JOIN account ON true`;

const SWEEP_SQL = `
  DELETE FROM sign_in_attempts WHERE key IN (
    SELECT key FROM sign_in_attempts WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )`;

export class SignInAttemptStore extends Store {
  /** Counts one attempt, in windows that began with the first one and last until `endsAt` where they begin now. */
  async count({ address, account }: AttemptKeys, now: Date, endsAt: Date, addressLimit: number): Promise<CountedAttempt> {
    const [record]: CountRecord[] = await this.db().query(COUNT_SQL, [address, now, endsAt, account, addressLimit]);
    const { address_attempts: attempts, address_ends_at: ends, account_attempts: ofAccount, account_ends_at: accountEnds } = record!;
    return {
      address: { attempts, endsAt: ends.getTime() },
      account: ofAccount === null || accountEnds === null ? null : { attempts: ofAccount, endsAt: accountEnds.getTime() },
    };
  }

  /** Takes back one attempt of the address, unless its window is another by now. */
  async takeBack(address: Buffer, endsAt: Date, tx: Transaction): Promise<void> {
    const sql = 'UPDATE sign_in_attempts SET attempts = attempts - 1 WHERE key = $1 AND ends_at = $2 AND attempts > 0';
    await this.db(tx).query(sql, [address, endsAt]);
  }

  async forget(account: Buffer, tx: Transaction): Promise<void> {
    await this.db(tx).query('DELETE FROM sign_in_attempts WHERE key = $1', [account]);
  }

  /** Removes up to `limit` rows whose window has ended, passing over those that somebody is counting in. */
  async sweep(now: Date, limit: number): Promise<void> {
    await this.db().query(SWEEP_SQL, [now, limit]);
  }
}
