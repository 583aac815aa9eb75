import type { ServerResponse } from 'node:http';
import { OidcTokens } from '../../src/access/oidc-tokens.js';
import type { IssuerKeysOptions } from '../../src/access/issuer-keys.js';
import { forge, rs256 } from './forge.js';
import { AUDIENCE, jwk, NOW, rsaKeys, TestClock, TestIssuer, type KeyPair } from './test-issuer.js';

const [first, second] = [rsaKeys(), rsaKeys()];
const unavailable = { code: 'UNAVAILABLE' };
const refused = { code: 'UNAUTHENTICATED' };

let issuer: TestIssuer;
let clock: TestClock;
beforeEach(async () => {
  issuer = await TestIssuer.start();
  issuer.keys = [jwk(first, 'first')];
  clock = new TestClock();
});
afterEach(() => issuer.stop());

const tokens = (options: IssuerKeysOptions = {}) => new OidcTokens(issuer.config, clock, options);
const token = (kid = 'first', { privateKey }: KeyPair = first, changes: object = {}) =>
  forge({ alg: 'RS256', kid }, { iss: issuer.url, aud: AUDIENCE, sub: 'ada', exp: NOW + 300, ...changes }, rs256(privateKey));

describe('when keys rotate', () => {
  it('finds the new key as soon as a token names it, and lets the withdrawn one go', async () => {
    const oidc = tokens({ cooldownMs: 0, retryMs: 0 });
    await oidc.verify(token());
    issuer.keys = [jwk(second, 'second')];
    expect(await oidc.verify(token('second', second))).toEqual({ userId: 'ada', signInId: null, expiresAt: (NOW + 300) * 1000 });
    await expect(oidc.verify(token())).rejects.toMatchObject(refused);
  });

  it('asks no more often than once a cool-down for kids that nobody knows, and good tokens count throughout', async () => {
    const oidc = tokens();
    await oidc.verify(token());
    for (let i = 0; i < 50; i++) {
      clock.time += 5_000;
      await expect(oidc.verify(token(`unknown-${i}`))).rejects.toMatchObject(refused);
    }
    await oidc.verify(token());
    expect(issuer.requests).toBe(1);
  });

  it('asks no more often than once in five seconds, even where the cool-down is over', async () => {
    const oidc = tokens({ cooldownMs: 0 });
    await oidc.verify(token());
    for (let round = 1; round <= 3; round++) {
      clock.time += 5_000;
      const flood = Array.from({ length: 50 }, (_, i) => oidc.verify(token(`unknown-${i}`)).catch(() => 'refused'));
      expect(new Set(await Promise.all(flood))).toEqual(new Set(['refused']));
      await oidc.verify(token());
      expect(issuer.requests).toBe(1 + round);
    }
  });

  it('asks again at once after its clock was set back', async () => {
    const oidc = tokens({ cooldownMs: 0 });
    await oidc.verify(token());
    clock.time -= 3_600_000;
    issuer.keys = [jwk(second, 'second')];
    expect(await oidc.verify(token('second', second))).toMatchObject({ userId: 'ada' });
  });

  it('refuses a token that two keys of one kid fit', async () => {
    issuer.keys = [jwk(first, 'first'), jwk(second, 'first')];
    await expect(tokens().verify(token())).rejects.toMatchObject(refused);
  });

  it.each<[string, object]>([
    ['for encryption', { use: 'enc' }],
    ['for another algorithm', { alg: 'RS512' }],
    ['whose operations leave verifying out', { key_ops: ['encrypt'] }],
  ])('refuses a token by a key %s', async (_, more) => {
    issuer.keys = [jwk(first, 'first', more)];
    await expect(tokens().verify(token())).rejects.toMatchObject(refused);
  });
});

describe('where the keys cannot be had, the answer is UNAVAILABLE and neither yes nor no:', () => {
  const keySet = () => JSON.stringify({ keys: issuer.keys });

  it.each<[string, (response: ServerResponse) => void]>([
    ['status 500', (response) => response.writeHead(500).end(keySet())],
    ['status 404', (response) => response.writeHead(404).end(keySet())],
    ['status 201', (response) => response.writeHead(201).end(keySet())],
    ['a closed connection', (response) => response.destroy()],
    ['an answer that breaks off', (response) => response.writeHead(200, { 'content-length': 9999 }).end(keySet())],
    ['no answer in time', () => undefined],
    ['an answer whose end never comes', (response) => void response.write(keySet().slice(0, 20))],
    ['a web page', (response) => response.end('<html></html>')],
    ['an empty answer', (response) => response.end()],
    ['a list instead of a key set', (response) => response.end(JSON.stringify(issuer.keys))],
    ['a key set larger than any', (response) => response.end(JSON.stringify({ keys: issuer.keys, pad: 'x'.repeat(300_000) }))],
    ['a key that is none', (response) => response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'first' }] }))],
    ['a private key', (response) => {
      const keys = [{ ...first.privateKey.export({ format: 'jwk' }), kid: 'first' }];
      response.end(JSON.stringify({ keys }));
    }],
  ])('%s', async (_, answer) => {
    issuer.answer = answer;
    await expect(tokens({ timeoutMs: 200 }).verify(token())).rejects.toMatchObject(unavailable);
    expect(issuer.requests).toBe(1);
  });

  it('an issuer that is down', async () => {
    const [oidc, good] = [tokens(), token()];
    await issuer.stop();
    await expect(oidc.verify(good)).rejects.toMatchObject(unavailable);
  });

  it('keys that were had once and have aged, at an issuer that is down', async () => {
    const oidc = tokens({ maxAgeMs: 0, retryMs: 0 });
    await oidc.verify(token());
    issuer.answer = (response) => response.destroy();
    await expect(oidc.verify(token())).rejects.toMatchObject(unavailable);
  });

  it.each([301, 302, 303, 307, 308])('a redirect with status %d, which nobody follows', async (status) => {
    const elsewhere = await TestIssuer.start();
    elsewhere.keys = [jwk(first, 'first')];
    issuer.answer = (response) => response.writeHead(status, { location: elsewhere.config.jwksUrl }).end();
    const outcome = await tokens().verify(token()).catch((error: unknown) => error);
    await elsewhere.stop();
    expect(outcome).toMatchObject(unavailable);
    expect(elsewhere.requests).toBe(0);
  });
});

describe('an issuer in trouble', () => {
  it('is asked no more than once in five seconds, and counts again once it answers', async () => {
    const oidc = tokens();
    issuer.answer = (response) => response.writeHead(500).end();
    for (let i = 0; i < 20; i++) await expect(oidc.verify(token())).rejects.toMatchObject(unavailable);
    expect(issuer.requests).toBe(1);
    issuer.answer = null;
    clock.time += 5_000;
    await oidc.verify(token());
    expect(issuer.requests).toBe(2);
  });

  it('costs nobody the keys that are known while an unknown kid cannot be looked up', async () => {
    const oidc = tokens({ cooldownMs: 0, retryMs: 0 });
    await oidc.verify(token());
    issuer.answer = (response) => response.writeHead(500).end();
    await expect(oidc.verify(token('unknown'))).rejects.toMatchObject(unavailable);
    await oidc.verify(token());
  });
});

it('is not asked at all for a token that its algorithm already condemns', async () => {
  const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'ada', exp: NOW + 300 };
  const hmac = forge({ alg: 'HS256', kid: 'first' }, claims, () => Buffer.alloc(32));
  await expect(tokens().verify(hmac)).rejects.toMatchObject(refused);
  expect(issuer.requests).toBe(0);
});

it.each([{ issuer: '' }, { audience: '' }])('does not start with an empty %p', (missing) => {
  expect(() => new OidcTokens({ ...issuer.config, ...missing }, clock)).toThrow(RangeError);
});
