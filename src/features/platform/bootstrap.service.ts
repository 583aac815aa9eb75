import { hashOneTimeSecret, mintOneTimeSecret } from '../../access/one-time-secret.js';
import type { PasswordHasher } from '../../access/password.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../errors.js';
import type { Transactions } from '../../storage/transaction.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import { requireEmail, requireName } from '../input.js';
import type { SignInThrottle } from '../sign-ins/sign-in-throttle.js';
import { requireUnexpired, type SignedIn, type SignInService } from '../sign-ins/sign-ins.service.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { CommunityTenant } from '../tenants/community-tenant.js';
import { accountOf } from '../users/account-of.js';
import { newUserId } from '../users/new-user-id.js';
import type { UserStore } from '../users/users.store.js';

export interface FirstOwner {
  readonly secret: string;
  readonly id: string | null;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const SECRET_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** How the first account OWNER comes to be: whoever reads the secret at the first start becomes it. */
export class BootstrapService {
  constructor(
    private readonly signIns: SignInStore,
    private readonly signInService: SignInService,
    private readonly users: UserStore,
    private readonly transactions: Transactions,
    private readonly platform: PlatformChanges,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly clock: Clock,
    /** Null in the edition saas. */
    private readonly community: CommunityTenant | null,
  ) {}

  /** A new secret, good for a day; null where there is an account OWNER already. */
  mintSecret(): Promise<string | null> {
    return this.transactions.run(async (tx) => {
      if ((await this.users.countOwners(tx)) > 0) return null;
      const { secret, hash } = mintOneTimeSecret();
      await this.signIns.insertSecret(hash, { purpose: 'BOOTSTRAP', userId: null, madeBy: null, expiresAt: this.clock.now() + SECRET_LIFETIME_MS }, tx);
      return secret;
    });
  }

  /** `address`: of the connection's peer, by which attempts are counted. */
  async makeFirstOwner(first: FirstOwner, address: string | null): Promise<SignedIn> {
    const attempt = await this.throttle.countSecret(address);
    const user = {
      id: newUserId('id', first.id),
      name: requireName('name', first.name),
      email: requireEmail('email', first.email),
      accountRole: 'OWNER',
      status: 'ACTIVE',
    } as const;
    const passwordHash = await this.passwords.hash(first.password);
    return this.platform.runAs(user.id, async ({ tx, now }) => {
      requireUnexpired(await this.signIns.takeSecret(hashOneTimeSecret(first.secret), 'BOOTSTRAP', tx), now);
      if ((await this.users.countOwners(tx)) > 0) throw new AppError('CONFLICT', 'There is an account OWNER already: ask them.');
      await this.users.requireFree(user, tx);
      await this.users.insert(user, new Date(now), tx);
      await this.community?.follow({ user, before: null, actor: user.id, at: new Date(now) }, tx);
      await this.signInService.replacePassword(user.id, passwordHash, now, tx);
      await this.signIns.deleteBootstrapSecrets(tx);
      await this.throttle.succeeded(attempt, tx);
      const signedIn = await this.signInService.begin(user, tx);
      return { result: signedIn, entry: { action: 'user.created', target: user.id, after: accountOf(user) } };
    });
  }
}
