import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../domain/clock.js';
import { expiryOf, subjectOf, type VerifiedToken } from './access-token.js';
import { isCompactJwt } from './compact-jwt.js';
import { refused } from './refusal.js';

/** Issuer and audience at once: Gatehouse makes these tokens for itself. */
export const LOCAL_ISSUER = 'gatehouse';

const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const SECRET_BYTES = 32;

export interface SignInToken {
  readonly userId: string;
  readonly signInId: string;
  /** Milliseconds since the epoch; the token ends at the last whole second before it. */
  readonly expiresAt: number;
}

/** The access tokens of local sign-ins, signed and verified with one secret that the nodes share. */
export class LocalTokens {
  constructor(
    private readonly secret: Uint8Array,
    private readonly clock: Clock,
  ) {
    if (secret.length !== SECRET_BYTES) throw new RangeError(`the secret of local tokens has ${SECRET_BYTES} bytes`);
  }

  async issue({ userId, signInId, expiresAt }: SignInToken): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(LOCAL_ISSUER)
      .setAudience(LOCAL_ISSUER)
      .setSubject(userId)
      .setJti(signInId)
      .setIssuedAt(Math.floor(this.clock.now() / 1000))
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(this.secret);
  }

  /** Whose token it is; UNAUTHENTICATED for anything that `issue` did not make, or that has ended: `now < exp` and no later. */
  async verify(token: string): Promise<VerifiedToken & { readonly signInId: string }> {
    if (!isCompactJwt(token)) throw refused(new Error('the token is no compact JWT'));
    try {
      const { payload } = await jwtVerify(token, this.secret, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: LOCAL_ISSUER,
        audience: LOCAL_ISSUER,
        requiredClaims: ['sub', 'jti', 'iat', 'exp'],
        clockTolerance: 0,
        currentDate: new Date(this.clock.now()),
      });
      if (typeof payload.jti !== 'string') throw new Error('the jti claim is no sign-in id');
      return { userId: subjectOf(payload), signInId: payload.jti, expiresAt: expiryOf(payload) };
    } catch (cause) {
      throw refused(cause);
    }
  }
}
