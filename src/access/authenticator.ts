import type { Clock } from '../domain/clock.js';
import { isExpired } from '../domain/facts.js';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import type { VerifiedToken } from './access-token.js';
import { API_KEY_PREFIX, hashSecret, matches, parseApiKey } from './api-key-secret.js';
import type { CallerDirectory, CallerKey, CallerSignIn, CallerUser } from './caller-directory.js';
import type { LocalTokens } from './local-tokens.js';
import type { OidcTokens } from './oidc-tokens.js';
import { ROOT_KEY, type KeyPrincipal, type Principal, type UserPrincipal } from './principal.js';
import { refused } from './refusal.js';
import { type VerifiedKey, VerifiedKeys } from './verified-keys.js';
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

/** Says who is calling. What only a secret proves is remembered; whether the caller still counts is asked each time. */
export class Authenticator {
  private readonly rootKeyHash: Buffer | null;
  private readonly tokens: VerifiedTokens;
  private readonly keys = new VerifiedKeys();
  private readonly directory: CallerDirectory;
  private readonly clock: Clock;

  constructor({ rootKey, localTokens, oidcTokens, directory, clock }: AuthenticatorParts) {
    this.rootKeyHash = rootKey === null ? null : hashSecret(rootKey);
    this.tokens = new VerifiedTokens(localTokens, oidcTokens, clock);
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * The principal of this credential, at once where all is at hand; null (anonymous) only where there is no credential. Rejects
   * with UNAUTHENTICATED, in one and the same sentence, for any that does not count, and with what the directory raises: a
   * fault is no answer.
   */
  authenticate(credential: string | null): MaybePromise<Principal | null> {
    try {
      return credential === null ? null : this.callerOf(credential);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private callerOf(credential: string): MaybePromise<Principal> {
    const known = this.keys.recall(credential);
    if (known !== null) return this.keyOf(known.key.id, credential, known);
    const token = this.tokens.recall(credential);
    if (token !== null) return this.userOf(token);
    if (this.rootKeyHash !== null && matches(this.rootKeyHash, credential)) return ROOT_KEY;
    if (!credential.startsWith(API_KEY_PREFIX)) return this.tokens.verify(credential).then((verified) => this.userOf(verified));
    const parsed = parseApiKey(credential);
    if (parsed === null) throw refused(new Error('the API key is malformed'));
    return this.keyOf(parsed.id, credential, null);
  }

  private keyOf(id: string, credential: string, known: VerifiedKey | null): MaybePromise<KeyPrincipal> {
    return whenKnown(this.directory.findApiKey(id), (key) => this.keyPrincipal(key, credential, known));
  }

  private keyPrincipal(key: CallerKey | null, credential: string, known: VerifiedKey | null): KeyPrincipal {
    const principal = key === null ? null : this.keys.verify(key, credential, known);
    if (key === null || principal === null) throw refused(new Error('there is no such API key'));
    if (key.revokedAt !== null) throw refused(new Error('the API key is revoked'));
    if (isExpired(key, this.clock.now())) throw refused(new Error('the API key has expired'));
    return principal;
  }

  private userOf({ userId, signInId }: VerifiedToken): MaybePromise<UserPrincipal> {
    const user = this.directory.findUser(userId);
    const signIn = signInId === null ? null : this.directory.findSignIn(signInId);
    if (!(user instanceof Promise) && !(signIn instanceof Promise)) return this.userPrincipal(userId, signInId, user, signIn);
    return Promise.all([user, signIn]).then((read) => this.userPrincipal(userId, signInId, ...read));
  }

  private userPrincipal(userId: string, signInId: string | null, user: CallerUser | null, signIn: CallerSignIn | null): UserPrincipal {
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
