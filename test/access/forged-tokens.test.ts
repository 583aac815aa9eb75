import { flipBit } from './forge.js';
import { algorithms, claims, good, keyHeaders, kids, kinds, local, localTokens, shapes, type Case } from './forged-cases.js';
import { TokenWorld } from './token-world.js';

const refusal = {
  code: 'UNAUTHENTICATED',
  message: 'This token or API key does not count, or no longer: sign in again, or use another key.',
};

let world: TokenWorld;
beforeAll(async () => {
  world = await TokenWorld.start();
});
afterAll(() => world.stop());

it.each(good)('accepts %s', async (_, token) => {
  const ada = { kind: 'user', userId: 'ada', accountRole: 'MEMBER' };
  expect(await world.authenticator.authenticate(token(world))).toMatchObject(ada);
});

describe('refuses, in one and the same sentence,', () => {
  it.each([...algorithms, ...kids, ...keyHeaders, ...claims, ...kinds, ...localTokens, ...shapes])('%s', async (_, token) => {
    await expect(world.authenticator.authenticate(token(world))).rejects.toMatchObject(refusal);
  });

  it.each([...claims, ...shapes])('%s, by either verifier alone', async (_, token) => {
    await expect(world.oidcTokens.verify(token(world))).rejects.toMatchObject(refusal);
    await expect(world.localTokens.verify(token(world))).rejects.toMatchObject(refusal);
  });

  it.each(localTokens)('%s, by its verifier alone', async (_, token) => {
    await expect(world.localTokens.verify(token(world))).rejects.toMatchObject(refusal);
  });

  it('padding behind a local token, by its verifier alone', async () => {
    await expect(world.localTokens.verify(`${local(world)}=`)).rejects.toMatchObject(refusal);
  });

  it.each<Case>([good[0]!, good[3]!, good[5]!, ['a local sign-in', (w) => local(w)]])(
    '%s with any one character changed, or cut anywhere',
    async (_, make) => {
      const token = make(world);
      const offsets = Array.from(token, (__, offset) => offset);
      const accepted: string[] = [];
      for (const changed of offsets.flatMap((offset) => [flipBit(token, offset), token.slice(0, offset)])) {
        const outcome = await Promise.resolve(world.authenticator.authenticate(changed)).catch((error: { code: string }) => error.code);
        if (outcome !== 'UNAUTHENTICATED') accepted.push(changed);
      }
      expect(accepted).toEqual([]);
    },
  );

  it('and never asks the address that a token names', async () => {
    for (const [, token] of [...keyHeaders, ...good]) await Promise.resolve(world.authenticator.authenticate(token(world))).catch(() => undefined);
    expect(world.trap.requests).toBe(0);
    expect(world.issuer.requests).toBe(1);
  });
});
