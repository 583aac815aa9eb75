import { randomBytes } from 'node:crypto';
import { Authenticator } from '../../src/access/authenticator.js';
import { LocalTokens } from '../../src/access/local-tokens.js';
import { OidcTokens } from '../../src/access/oidc-tokens.js';
import { forge, rs256, type Signer } from './forge.js';
import { TestDirectory } from './test-directory.js';
import { AUDIENCE, ecKeys, edKeys, jwk, NOW, rsaKeys, TestClock, TestIssuer } from './test-issuer.js';

/** An issuer with a key of each kind, an attacker with keys and a server of their own, and Gatehouse between them. */
export class TokenWorld {
  readonly rsa = rsaKeys();
  readonly bareRsa = rsaKeys();
  readonly weakRsa = rsaKeys(1024);
  readonly p256 = ecKeys('P-256');
  readonly p384 = ecKeys('P-384');
  readonly ed = edKeys();
  readonly attacker = rsaKeys();
  readonly secret = randomBytes(32);
  readonly clock = new TestClock();
  readonly directory = new TestDirectory();
  readonly localTokens = new LocalTokens(this.secret, this.clock);
  readonly oidcTokens: OidcTokens;
  readonly authenticator: Authenticator;

  private constructor(
    readonly issuer: TestIssuer,
    readonly trap: TestIssuer,
  ) {
    issuer.keys = [
      jwk(this.rsa, 'rsa', { alg: 'RS256', use: 'sig' }),
      jwk(this.bareRsa, 'bare'),
      jwk(this.weakRsa, 'weak'),
      jwk(this.p256, 'p256'),
      jwk(this.p384, 'p384'),
      jwk(this.ed, 'ed'),
    ];
    trap.keys = [jwk(this.attacker, 'rsa'), jwk(this.attacker, 'evil')];
    this.oidcTokens = new OidcTokens(issuer.config, this.clock, { cooldownMs: Infinity, maxAgeMs: Infinity });
    this.authenticator = new Authenticator({
      rootKey: null,
      localTokens: this.localTokens,
      oidcTokens: this.oidcTokens,
      directory: this.directory,
      clock: this.clock,
    });
    this.directory.users.set('ada', { userId: 'ada', accountRole: 'MEMBER', status: 'ACTIVE' });
    this.directory.signIns.set('s1', { userId: 'ada', expiresAt: (NOW + 3600) * 1000, endedAt: null });
  }

  static async start(): Promise<TokenWorld> {
    return new TokenWorld(await TestIssuer.start(), await TestIssuer.start());
  }

  async stop(): Promise<void> {
    await this.issuer.stop();
    await this.trap.stop();
  }

  /** The claims of a good token of the issuer; undefined leaves a claim out. */
  claims(changes: object = {}): object {
    return { iss: this.issuer.url, aud: AUDIENCE, sub: 'ada', iat: NOW, exp: NOW + 300, ...changes };
  }

  /** A token of the issuer: good, but for the changes. */
  token(claims: object = {}, header: object = {}, signer: Signer = rs256(this.rsa.privateKey)): string {
    return forge({ alg: 'RS256', kid: 'rsa', ...header }, this.claims(claims), signer);
  }

  /** A good token of the issuer whose payload is this very text. */
  rawToken(payload: string): string {
    return forge({ alg: 'RS256', kid: 'rsa' }, payload, rs256(this.rsa.privateKey));
  }
}
