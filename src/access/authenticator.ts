import type { Clock } from '../domain/clock.js';
import { isExpired } from '../domain/facts.js';
import type { VerifiedToken } from './access-token.js';
import { API_KEY_PREFIX, hashSecret, matches, parseApiKey } from './api-key-secret.js';
import type { CallerDirectory, CallerSignIn, CallerUser } from './caller-directory.js';
import type { LocalTokens } from './local-tokens.js';
import type { OidcTokens } from './oidc-tokens.js';
import { ROOT_KEY, type KeyPrincipal, type Principal, type UserPrincipal } from './principal.js';
import { refused } from './refusal.js';
import { VerifiedTokens } from './verified-tokens.js';

export interface AuthenticatorParts {
  /** GATEHOUSE_ROOT_KEY; null where there is none. */
  readonly rootKey: string | null;
  readonly localTokens: LocalTokens;
  /** Null where no issuer is configured: its tokens end with that. */
  readonly oidcTokens: OidcTokens | null;
  readonly directory: CallerDirectory;
  readonly clock: Clock;
}

/** Says who is calling. What only the signature proves is remembered; whether the caller still counts is asked each time. */
export class Authenticator {
  private readonly rootKeyHash: Buffer | null;
  private readonly tokens: VerifiedTokens;
  private readonly directory: CallerDirectory;
  private readonly clock: Clock;

  constructor({ rootKey, localTokens, oidcTokens, directory, clock }: AuthenticatorParts) {
    this.rootKeyHash = rootKey === null ? null : hashSecret(rootKey);
    this.tokens = new VerifiedTokens(localTokens, oidcTokens, clock);
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * The principal of this credential; null (anonymous) only where there is no credential. UNAUTHENTICATED, in one and the same
   * sentence, for any that does not count. What the directory raises passes through: a fault is no answer.
   */
  async authenticate(credential: string | null): Promise<Principal | null> {
    if (credential === null) return null;
    const recalled = this.tokens.recall(credential);
    if (recalled !== null) return this.userOf(recalled);
    if (this.rootKeyHash !== null && matches(this.rootKeyHash, credential)) return ROOT_KEY;
    if (credential.startsWith(API_KEY_PREFIX)) return this.keyOf(credential);
    return this.userOf(await this.tokens.verify(credential));
  }

  private async keyOf(credential: string): Promise<KeyPrincipal> {
    const parsed = parseApiKey(credential);
    if (parsed === null) throw refused(new Error('the API key is malformed'));
    const key = await this.directory.findApiKey(parsed.id);
    if (key === null || !matches(key.hash, parsed.secret)) throw refused(new Error('there is no such API key'));
    if (key.revokedAt !== null) throw refused(new Error('the API key is revoked'));
    if (isExpired(key, this.clock.now())) throw refused(new Error('the API key has expired'));
    return { kind: 'key', keyId: key.id, tenantId: key.tenantId, capabilities: new Set(key.capabilities), boundTo: key.boundTo };
  }

  private async userOf({ userId, signInId }: VerifiedToken): Promise<UserPrincipal> {
    const [user, signIn] = await Promise.all([
      this.directory.findUser(userId),
      signInId === null ? null : this.directory.findSignIn(signInId),
    ]);
    if (user?.status === 'DISABLED') throw refused(new Error('the user is disabled'));
    if (signInId !== null) this.requireSignIn(user, signIn);
    return { kind: 'user', userId, accountRole: user?.accountRole ?? null, signInId };
  }

  /** A local token lives by its sign-in, so that ending the sign-in, or removing the user, ends the token. */
  private requireSignIn(user: CallerUser | null, signIn: CallerSignIn | null): void {
    if (user === null) throw refused(new Error('there is no such user'));
    if (signIn === null) throw refused(new Error('there is no such sign-in'));
    if (signIn.userId !== user.userId) throw refused(new Error('the sign-in belongs to another user'));
    if (signIn.endedAt !== null) throw refused(new Error('the sign-in was ended'));
    if (isExpired(signIn, this.clock.now())) throw refused(new Error('the sign-in has expired'));
  }
}
