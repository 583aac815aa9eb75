import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.js';
import type { VerifiedToken } from './access-token.js';
import { claimedIssuer } from './compact-jwt.js';
import { LOCAL_ISSUER, type LocalTokens } from './local-tokens.js';
import type { OidcTokens } from './oidc-tokens.js';
import { refused } from './refusal.js';

const MAX_TOKENS = 10_000;
/** In characters of all remembered tokens together. */
const MAX_CHARACTERS = 16_000_000;
/** How long a signature is taken as checked: a key that the issuer withdraws may count for this much longer. */
const REMEMBER_MS = 60_000;

interface Remembered {
  readonly token: VerifiedToken;
  /** Milliseconds since the epoch, never past the token's own end. */
  readonly until: number;
}

/** Verifies each token by the issuer that it names, and its signature once a minute rather than with each request. */
export class VerifiedTokens {
  /** By the whole token: no two share an entry. */
  private readonly remembered = new LRUCache<string, Remembered>({
    max: MAX_TOKENS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });

  constructor(
    private readonly localTokens: LocalTokens,
    private readonly oidcTokens: OidcTokens | null,
    private readonly clock: Clock,
  ) {}

  /** What this very text proved a moment ago; null says nothing about the token. */
  recall(text: string): VerifiedToken | null {
    const found = this.remembered.get(text);
    return found !== undefined && this.clock.now() < found.until ? found.token : null;
  }

  /** UNAUTHENTICATED for a token that does not count, UNAVAILABLE where its issuer's keys cannot be had. */
  async verify(text: string): Promise<VerifiedToken> {
    const token = await this.verifierFor(text).verify(text);
    this.remembered.set(text, { token, until: Math.min(token.expiresAt, this.clock.now() + REMEMBER_MS) });
    return token;
  }

  private verifierFor(text: string): LocalTokens | OidcTokens {
    const issuer = claimedIssuer(text);
    if (issuer === LOCAL_ISSUER) return this.localTokens;
    if (this.oidcTokens !== null && issuer === this.oidcTokens.issuer) return this.oidcTokens;
    throw refused(new Error('the credential is neither a key nor a token of a known issuer'));
  }
}
