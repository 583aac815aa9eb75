import { v7 as uuidv7 } from 'uuid';
import type { LocalTokens } from '../../access/local-tokens.js';
import { hashOneTimeSecret } from '../../access/one-time-secret.js';
import type { PasswordHasher } from '../../access/password.js';
import type { Clock } from '../../domain/clock.js';
import { type AppError, unauthenticated } from '../../errors.js';
import type { Transaction, Transactions } from '../../storage/transaction.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import { requireText } from '../input.js';
import type { UserRecord, UserStore } from '../users/users.store.js';
import type { PasswordResetRule } from './password-reset-rule.js';
import type { SignInThrottle } from './sign-in-throttle.js';
import type { OneTimeSecret, SignInStore } from './sign-ins.store.js';

export interface SignedIn {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly user: UserRecord;
}

const SIGN_IN_LIFETIME_MS = 8 * 60 * 60 * 1000;

/** Local sign-in, for where no identity provider is connected. */
export class SignInService {
  constructor(
    private readonly signIns: SignInStore,
    private readonly users: UserStore,
    private readonly transactions: Transactions,
    private readonly platform: PlatformChanges,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly tokens: LocalTokens,
    private readonly resetRule: PasswordResetRule,
    private readonly clock: Clock,
  ) {}

  /**
   * One and the same refusal, after the same work, whether the e-mail address is unknown, the password wrong or the user
   * disabled. `address` is that of the connection's peer, by which attempts are counted as well as by the e-mail address.
   */
  async signIn(email: string, password: string, address: string | null): Promise<SignedIn> {
    const attempt = await this.throttle.countSignIn(requireText('email', email), address);
    const user = await this.users.findByEmail(email);
    const hash = user === null ? null : await this.signIns.findPasswordHash(user.id);
    const matches = hash === null ? await this.passwords.verifyAgainstNobody(password) : await this.passwords.verify(hash, password);
    if (!matches || user === null || user.status !== 'ACTIVE') throw wrong();
    return this.transactions.run(async (tx) => {
      // Whoever disables the user meanwhile waits, and then ends this sign-in with the others.
      if ((await this.users.hold(user.id, tx))?.status !== 'ACTIVE') throw wrong();
      // A password that was reset while this one was being checked ends this sign-in before it begins.
      if ((await this.signIns.lockPasswordHash(user.id, tx)) !== hash) throw wrong();
      await this.throttle.succeeded(attempt, tx);
      return this.begin(user, tx);
    });
  }

  /** Uses up the one-time secret, which counts for as long as its maker might make it; ends the user's sign-ins and begins a new one. */
  async setPassword(secret: string, password: string, address: string | null): Promise<SignedIn> {
    const attempt = await this.throttle.countSecret(address);
    const hash = await this.passwords.hash(password);
    return this.platform.runAsFound(async ({ tx, now }) => {
      const taken = requireUnexpired(await this.signIns.takeSecret(hashOneTimeSecret(secret), 'PASSWORD', tx), now);
      const user = await this.users.lock(taken.userId!, tx);
      // The user may have come to hold more since, and the maker of the secret less.
      if (user?.status !== 'ACTIVE' || !(await this.resetRule.allows(taken.madeBy!, user, now, tx))) throw usedUp();
      await this.replacePassword(user.id, hash, now, tx);
      await this.throttle.succeeded(attempt, tx);
      const entry = { action: 'password.set', target: user.id, after: { changedAt: new Date(now) } };
      return { result: await this.begin(user, tx), actor: user.id, entry };
    });
  }

  /** Writes the password and ends whatever the old one gave: sign-ins, and secrets that would set another. */
  async replacePassword(userId: string, hash: string, now: number, tx: Transaction): Promise<void> {
    const at = new Date(now);
    await this.signIns.putPasswordHash(userId, hash, at, tx);
    await this.signIns.endAll(userId, at, tx);
    await this.signIns.deleteSecretsOf(userId, tx);
  }

  async begin(user: UserRecord, tx: Transaction): Promise<SignedIn> {
    const now = this.clock.now();
    const signIn = { id: uuidv7(), userId: user.id, expiresAt: now + SIGN_IN_LIFETIME_MS };
    await this.signIns.insert(signIn, new Date(now), tx);
    const accessToken = await this.tokens.issue({ userId: user.id, signInId: signIn.id, expiresAt: signIn.expiresAt });
    return { accessToken, expiresAt: signIn.expiresAt, user };
  }
}

export function requireUnexpired(secret: OneTimeSecret | null, now: number): OneTimeSecret {
  if (secret === null || now >= secret.expiresAt) throw usedUp();
  return secret;
}

function usedUp(): AppError {
  return unauthenticated('The secret is unknown, used up or expired: ask for a new one.');
}

function wrong(): AppError {
  return unauthenticated('The e-mail address or the password is wrong.');
}
