import { mintOneTimeSecret } from '../../access/one-time-secret.js';
import { actorOf, type Principal } from '../../access/principal.js';
import { isIdentifier } from '../../domain/identifier.js';
import { AppError, forbidden } from '../../errors.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import type { UserStore } from '../users/users.store.js';
import type { PasswordResetRule } from './password-reset-rule.js';
import type { SignInStore } from './sign-ins.store.js';

export interface PasswordReset {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const SECRET_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** One-time secrets with which users set a new password. */
export class PasswordResetService {
  constructor(
    private readonly signIns: SignInStore,
    private readonly users: UserStore,
    private readonly rule: PasswordResetRule,
    private readonly changes: PlatformChanges,
  ) {}

  /** Ends the user's sign-ins and the old password at once, so that whoever had it is out. */
  reset(caller: Principal, userId: string): Promise<PasswordReset> {
    const madeBy = actorOf(caller);
    return this.changes.runAs(madeBy, async ({ tx, now }) => {
      const user = isIdentifier(userId) ? await this.users.lock(userId, tx) : null;
      if (!(await this.rule.allows(madeBy, user, now, tx))) throw forbidden();
      if (user === null) throw new AppError('NOT_FOUND', 'There is no user of this id.');
      const { secret, hash } = mintOneTimeSecret();
      const expiresAt = now + SECRET_LIFETIME_MS;
      await this.signIns.deleteSecretsOf(userId, tx);
      const before = { changedAt: await this.signIns.findPasswordChange(userId, tx) };
      await this.signIns.deletePasswordHash(userId, tx);
      await this.signIns.insertSecret(hash, { purpose: 'PASSWORD', userId, madeBy, expiresAt }, tx);
      await this.signIns.endAll(userId, new Date(now), tx);
      const after = { changedAt: null, expiresAt: new Date(expiresAt).toISOString() };
      const entry = { action: 'password.reset', target: userId, before, after };
      return { result: { secret, expiresAt }, entry };
    });
  }
}
