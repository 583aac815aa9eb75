import { parseOptions } from '@node-rs/argon2';
import { ConcurrencyLimit } from '../../src/access/concurrency-limit.js';
import { HASH_OF_NOBODY, PasswordHasher, requireAcceptablePassword } from '../../src/access/password.js';

const hasher = new PasswordHasher();

describe('a password hash', () => {
  it('is argon2id at OWASP\'s cost, and verifies its own password alone', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(hash, 'correct horse battery')).toBe(true);
    expect(await hasher.verify(hash, 'correct horse batterY')).toBe(false);
    expect(await hasher.verify(hash, 'correct horse battery ')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
    expect(await hasher.verify(hash, hash)).toBe(false);
  });

  it('is salted: the same password never hashes alike', async () => {
    expect(await hasher.hash('correct horse battery')).not.toBe(await hasher.hash('correct horse battery'));
  });

  it('is of the password\'s characters, however the keyboard composed them', async () => {
    const hash = await hasher.hash('Zo\u00eb\u2019s long password');
    expect(await hasher.verify(hash, 'Zoe\u0308\u2019s long password')).toBe(true);
  });

  it('counts a password to its last character', async () => {
    const hash = await hasher.hash(`${'a'.repeat(127)}b`);
    expect(await hasher.verify(hash, `${'a'.repeat(127)}c`)).toBe(false);
  });

  it('raises where it cannot be read, rather than answering', async () => {
    for (const hash of ['', '$argon2id$v=19$m=19456,t=2,p=1$']) {
      await expect(hasher.verify(hash, 'correct horse battery')).rejects.toThrow('Decoding failed');
    }
  });
});

describe('the password rule', () => {
  it.each(['a'.repeat(8), 'a'.repeat(128), '        ', '🔑'.repeat(8), '🔑'.repeat(128)])('takes %p', (password) => {
    expect(() => requireAcceptablePassword(password)).not.toThrow();
  });

  it.each(['', 'a'.repeat(7), 'a'.repeat(129), '🔑'.repeat(7), 'e\u0308'.repeat(7)])('refuses %p', async (password) => {
    const refusal = { code: 'BAD_USER_INPUT', field: 'password' };
    expect(() => requireAcceptablePassword(password)).toThrow(expect.objectContaining(refusal));
    await expect(hasher.hash(password)).rejects.toMatchObject(refusal);
  });
});

describe('checking the password of nobody', () => {
  it('is false at the cost of a real check', async () => {
    expect(await hasher.verifyAgainstNobody('correct horse battery')).toBe(false);
    expect(parseOptions(HASH_OF_NOBODY)).toEqual(parseOptions(await hasher.hash('correct horse battery')));
  });

  it('takes a place among the checks like any other', async () => {
    const crowded = new PasswordHasher(new ConcurrencyLimit(1, 0));
    const first = crowded.verifyAgainstNobody('correct horse battery');
    const refusal = { code: 'RATE_LIMITED' };
    await expect(crowded.verifyAgainstNobody('correct horse battery')).rejects.toMatchObject(refusal);
    await expect(crowded.verify(HASH_OF_NOBODY, 'correct horse battery')).rejects.toMatchObject(refusal);
    await expect(crowded.hash('correct horse battery')).rejects.toMatchObject(refusal);
    expect(await first).toBe(false);
  });
});
