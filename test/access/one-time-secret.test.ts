import { hashOneTimeSecret, mintOneTimeSecret } from '../../src/access/one-time-secret.js';

it('mints a secret of 256 bits that is found by its hash', () => {
  const { secret, hash } = mintOneTimeSecret();
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(hashOneTimeSecret(secret)).toEqual(hash);
});

it('mints no secret twice', () => {
  expect(new Set(Array.from({ length: 100 }, () => mintOneTimeSecret().secret)).size).toBe(100);
});

it('finds nothing by a secret that is cut, extended, or spelled differently', () => {
  const { secret, hash } = mintOneTimeSecret();
  const others = [secret.slice(0, -1), `${secret}A`, `${secret}=`, ` ${secret}`, secret + secret, hash.toString('base64url')];
  expect(others.filter((other) => hashOneTimeSecret(other).equals(hash))).toEqual([]);
});
