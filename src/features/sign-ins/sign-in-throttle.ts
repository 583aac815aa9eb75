import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../errors.js';
import type { Log } from '../../storage/log.js';
import type { Transaction } from '../../storage/transaction.js';
import { networkOf } from './network-of.js';
import type { AttemptCount, AttemptKeys, CountedAttempt, SignInAttemptStore } from './sign-in-attempts.store.js';

/** An attempt that was let through and counted as failed, until `succeeded` says otherwise. */
export interface Attempt {
  readonly keys: AttemptKeys;
  readonly addressEndsAt: number;
}

/** Begins with the first attempt. Long enough to make guessing hopeless, short enough for somebody locked out to wait. */
const WINDOW_MS = 15 * 60 * 1000;
/** People mistype a few times; a guesser gets 960 tries a day, of the billions that even a poor password of eight characters has. */
const ACCOUNT_LIMIT = 10;
/** An office behind one address mistypes more often; one password tried on every account ends here. */
const ADDRESS_LIMIT = 100;
/** Many more than an attempt can add, so that what has ended goes away while others keep coming. */
const SWEPT_AT_ONCE = 20;

/**
 * Slows down whoever guesses passwords or one-time secrets, on all nodes together. Every attempt counts before anything of
 * it is looked at, so that attempts at once are no way around it, and an account that does not exist counts like any other.
 * Past the limit a right password is refused too: otherwise the refusals would tell right from wrong.
 */
export class SignInThrottle {
  constructor(
    private readonly attempts: SignInAttemptStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** By password. `address`: of the connection's peer. Throws RATE_LIMITED with `retryAfterSeconds`. */
  countSignIn(email: string, address: string | null): Promise<Attempt> {
    return this.count(address, keyOf('account', email.toLowerCase()));
  }

  /** By a one-time secret, which names no account: counts for the address alone. */
  countSecret(address: string | null): Promise<Attempt> {
    return this.count(address, null);
  }

  /** It was no failure: the account begins anew, and the address has one attempt less; its failures stay. */
  async succeeded({ keys, addressEndsAt }: Attempt, tx: Transaction): Promise<void> {
    await this.attempts.takeBack(keys.address, new Date(addressEndsAt), tx);
    if (keys.account !== null) await this.attempts.forget(keys.account, tx);
  }

  private async count(address: string | null, account: Buffer | null): Promise<Attempt> {
    const keys = { address: keyOf('address', address === null ? 'gone' : networkOf(address)), account };
    const now = this.clock.now();
    const counted = await this.attempts.count(keys, new Date(now), new Date(now + WINDOW_MS), ADDRESS_LIMIT);
    if (counted.address.attempts === 1 || counted.account?.attempts === 1) this.sweep(now);
    this.requireWithin(counted, address, now);
    return { keys, addressEndsAt: counted.address.endsAt };
  }

  private requireWithin({ address: ofAddress, account }: CountedAttempt, address: string | null, now: number): void {
    if (ofAddress.attempts > ADDRESS_LIMIT) throw this.refusal(ofAddress, ADDRESS_LIMIT, 'from one address', address, now);
    if (account !== null && account.attempts > ACCOUNT_LIMIT) throw this.refusal(account, ACCOUNT_LIMIT, 'to one account', address, now);
  }

  /** Logged once a window. Not the account: what was typed may be anything, a password even. */
  private refusal({ attempts, endsAt }: AttemptCount, limit: number, what: string, address: string | null, now: number): AppError {
    if (attempts === limit + 1) this.log.warn({ address }, `Too many attempts to sign in ${what}: further ones are refused for a while.`);
    const retryAfterSeconds = Math.ceil((endsAt - now) / 1000);
    return new AppError('RATE_LIMITED', 'Too many attempts to sign in: wait for retryAfterSeconds, then try again.', { details: { retryAfterSeconds } });
  }

  /** Nobody waits for it, and whoever signs in is none the worse where it fails. */
  private sweep(now: number): void {
    this.attempts.sweep(new Date(now), SWEPT_AT_ONCE).catch((err: unknown) => {
      this.log.warn({ err }, 'Old attempts to sign in could not be removed; the next one tries again.');
    });
  }
}

function keyOf(kind: 'account' | 'address', text: string): Buffer {
  return createHash('sha256').update(`${kind} ${text}`).digest();
}
