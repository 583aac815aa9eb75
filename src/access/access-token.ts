import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { isIdentifier } from '../domain/identifier.js';
import { passesForAnother } from './principal.js';

/** What a token proved: whose it is, and until when. */
export interface VerifiedToken {
  readonly userId: string;
  /** The local sign-in that it was issued for; null for a token of the OpenID Connect issuer. */
  readonly signInId: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** RFC 9068 section 4 and RFC 8725 section 3.11: a token says what it is for. Many issuers say only JWT, or nothing. */
const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);
/** Hashes that OpenID Connect Core puts into ID tokens alone. */
const ID_TOKEN_CLAIMS = ['at_hash', 'c_hash'];

/** The user's id; raises unless `sub` is an identifier that cannot be mistaken for an API key or the gateway itself. */
export function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || !isIdentifier(sub) || passesForAnother(sub)) throw new Error('the sub claim is no user id');
  return sub;
}

/** `exp` in milliseconds; raises for what is no date, such as a fraction or 2^53, which would never expire. */
export function expiryOf({ exp }: JWTPayload): number {
  if (typeof exp !== 'number' || !Number.isSafeInteger(exp)) throw new Error('the exp claim is no whole number of seconds');
  return exp * 1000;
}

/** Raises for an ID token, a refresh token, and a token with critical extensions, of which Gatehouse understands none. */
export function requireAccessToken(header: JWTHeaderParameters, claims: JWTPayload): void {
  if (header.crit !== undefined) throw new Error('the token has critical extensions');
  if (header.typ !== undefined && !isAccessTokenType(header.typ)) throw new Error('the typ header names no access token');
  const { token_use: use, typ: kind } = claims;
  if (use !== undefined && use !== 'access') throw new Error('the token_use claim names no access token');
  if (kind !== undefined && kind !== 'Bearer') throw new Error('the typ claim names no access token');
  if (ID_TOKEN_CLAIMS.some((claim) => Object.hasOwn(claims, claim))) throw new Error('the token is an ID token');
}

function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && ACCESS_TOKEN_TYPES.has(typ.toLowerCase().replace(/^application\//, ''));
}
