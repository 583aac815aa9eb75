import { decodeJwt, decodeProtectedHeader } from 'jose';
import { LocalTokens } from '../../src/access/local-tokens.js';
import { NOW, TestClock } from './test-issuer.js';

const clock = new TestClock();
const secret = Buffer.alloc(32, 7);
const tokens = new LocalTokens(secret, clock);
const signIn = { userId: 'ada', signInId: 's1', expiresAt: (NOW + 60) * 1000 };

beforeEach(() => {
  clock.time = NOW * 1000;
});

it('issues a token that says whose it is, for which sign-in and until when', async () => {
  const token = await tokens.issue(signIn);
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
  expect(decodeJwt(token)).toEqual({ iss: 'gatehouse', aud: 'gatehouse', sub: 'ada', jti: 's1', iat: NOW, exp: NOW + 60 });
  expect(await tokens.verify(token)).toEqual(signIn);
});

it('verifies on another node what one node issued with the same secret', async () => {
  expect(await new LocalTokens(Buffer.from(secret), clock).verify(await tokens.issue(signIn))).toEqual(signIn);
});

it('refuses what was issued with another secret', async () => {
  const token = await new LocalTokens(Buffer.alloc(32, 8), clock).issue(signIn);
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('counts until the very second of its end and not at it', async () => {
  const token = await tokens.issue(signIn);
  clock.time = signIn.expiresAt - 1;
  expect(await tokens.verify(token)).toEqual(signIn);
  clock.time = signIn.expiresAt;
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('never outlives a sign-in that ends within a second', async () => {
  const { expiresAt } = await tokens.verify(await tokens.issue({ ...signIn, expiresAt: signIn.expiresAt + 999 }));
  expect(expiresAt).toBe(signIn.expiresAt);
});

it.each([0, 31, 33])('does not start with a secret of %d bytes', (bytes) => {
  expect(() => new LocalTokens(Buffer.alloc(bytes), clock)).toThrow(RangeError);
});
