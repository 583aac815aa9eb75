import * as fc from 'fast-check';
import { KeySecrets } from '../../src/features/idempotency/key-secrets.js';

const REPLY = { status: 200, body: '{"data":{"createApiKey":{"secret":"gh_1_2"}}}\n' };

describe('an idempotency key', () => {
  it('opens what it sealed, whatever the answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 100, max: 599 }), fc.string({ unit: 'grapheme' }), (key, actor, status, body) => {
        const sealed = new KeySecrets(key, actor).seal({ status, body });
        expect(new KeySecrets(key, actor).open(status, sealed)).toEqual({ status, body });
      }),
    );
  });

  it.each([
    ['another key', new KeySecrets('another', 'ann')],
    ['the same key of another caller', new KeySecrets('a-key', 'bob')],
  ])('keeps its answers from %s', (_other, other) => {
    const sealed = new KeySecrets('a-key', 'ann').seal(REPLY);
    expect(() => other.open(REPLY.status, sealed)).toThrow('unable to authenticate data');
  });

  it('notices each byte that was altered, and another status', () => {
    const secrets = new KeySecrets('a-key', 'ann');
    const sealed = secrets.seal(REPLY);
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 1;
      expect(() => secrets.open(REPLY.status, altered)).toThrow('unable to authenticate data');
    }
    expect(() => secrets.open(201, sealed)).toThrow('unable to authenticate data');
  });

  it('seals the same answer differently each time', () => {
    const secrets = new KeySecrets('a-key', 'ann');
    expect(secrets.seal(REPLY).equals(secrets.seal(REPLY))).toBe(false);
  });

  it('hashes a request by its content and not by the order of its variables', () => {
    const secrets = new KeySecrets('a-key', 'ann');
    const hash = secrets.hashRequest(['mutation', null, { a: 1, b: [{ c: 2, d: 3 }] }]);
    expect(secrets.hashRequest(['mutation', null, { b: [{ d: 3, c: 2 }], a: 1 }]).equals(hash)).toBe(true);
    expect(secrets.hashRequest(['mutation', 'Name', { a: 1, b: [{ c: 2, d: 3 }] }]).equals(hash)).toBe(false);
    expect(secrets.hashRequest(['mutation', null, { a: 1, b: [{ c: 2, d: 4 }] }]).equals(hash)).toBe(false);
  });

  it('is needed to find out which request a hash is of', () => {
    const request = ['mutation', null, { password: 'secret' }];
    const hash = new KeySecrets('a-key', 'ann').hashRequest(request);
    expect(new KeySecrets('another', 'ann').hashRequest(request).equals(hash)).toBe(false);
  });
});
