import { jwtVerify, type JWSAlgorithm } from 'jose';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../errors.js';
import { expiryOf, requireAccessToken, subjectOf, type VerifiedToken } from './access-token.js';
import { isCompactJwt } from './compact-jwt.js';
import { IssuerKeys, type IssuerKeysOptions } from './issuer-keys.js';
import { refused } from './refusal.js';

export interface OidcIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

/** Asymmetric ones alone: with a symmetric one among them, the public key would be a secret to sign with. */
const ALGORITHMS: JWSAlgorithm[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

/** In seconds: how far the issuer's clock and ours may be apart. */
const CLOCK_TOLERANCE = 5;

/** Access tokens of one OpenID Connect issuer, meant for one audience. */
export class OidcTokens {
  readonly issuer: string;
  private readonly audience: string;
  private readonly keys: IssuerKeys;

  constructor({ issuer, audience, jwksUrl }: OidcIssuer, private readonly clock: Clock, options: IssuerKeysOptions = {}) {
    if (issuer === '' || audience === '') throw new RangeError('an issuer comes with its name and an audience');
    this.issuer = issuer;
    this.audience = audience;
    this.keys = new IssuerKeys(jwksUrl, clock, options);
  }

  /** Whose token it is; UNAUTHENTICATED for one that does not count, UNAVAILABLE where the issuer's keys cannot be had. */
  async verify(token: string): Promise<VerifiedToken> {
    if (!isCompactJwt(token)) throw refused(new Error('the token is no compact JWT'));
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header, jws) => this.keys.find(header, jws), {
        algorithms: ALGORITHMS,
        issuer: this.issuer,
        audience: this.audience,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: new Date(this.clock.now()),
      });
      requireAccessToken(protectedHeader, payload);
      return { userId: subjectOf(payload), signInId: null, expiresAt: expiryOf(payload) };
    } catch (cause) {
      throw cause instanceof AppError ? cause : refused(cause);
    }
  }
}
