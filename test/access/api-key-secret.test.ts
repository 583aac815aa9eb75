import { hashSecret, matches, mintApiKey, parseApiKey } from '../../src/access/api-key-secret.js';

describe('a minted API key', () => {
  const { id, token, hash } = mintApiKey();

  it('parses into its id and a secret that matches its hash', () => {
    const parsed = parseApiKey(token);
    expect(parsed?.id).toBe(id);
    expect(matches(hash, parsed!.secret)).toBe(true);
  });

  it('carries an id of 96 bits and a secret of 256 bits, and none of the secret in its hash', () => {
    expect(token).toMatch(/^gh_[0-9a-f]{24}_[0-9a-f]{64}$/);
    expect(hash).toHaveLength(32);
    expect(parseApiKey(token)!.secret).not.toBe(hash.toString('hex'));
  });

  it('is like no other', () => {
    const tokens = new Set(Array.from({ length: 100 }, () => mintApiKey().token));
    expect(tokens.size).toBe(100);
  });
});

describe('what is not spelled like an API key', () => {
  const { token } = mintApiKey();

  it.each<[string, string]>([
    ['the empty string', ''],
    ['the prefix', 'gh_'],
    ['upper case', token.toUpperCase()],
    ['upper case in the secret', token.slice(0, 29) + 'A' + token.slice(30)],
    ['another prefix', token.replace('gh_', 'hg_')],
    ['no prefix', token.slice(3)],
    ['a missing separator', token.slice(0, 27) + token.slice(28)],
    ['a doubled separator', token.slice(0, 27) + '_' + token.slice(27)],
    ['an id without a secret', token.slice(0, 28)],
    ['a blank in front', ` ${token}`],
    ['a line feed behind', `${token}\n`],
    ['a NUL behind', `${token}\0`],
    ['itself twice', token + token],
    ['digits of another script', token.slice(0, -1) + '٣'],
  ])('is refused: %s', (_, text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('is refused when cut at any offset or extended by any character', () => {
    const cut = Array.from(token, (_, offset) => token.slice(0, offset));
    const extended = [...'0af_-.=Z'].map((character) => token + character);
    expect([...cut, ...extended].filter((text) => parseApiKey(text) !== null)).toEqual([]);
  });
});

describe('matching a secret', () => {
  it('fails for another secret and for the hash itself', () => {
    const hash = hashSecret('secret');
    expect(matches(hash, 'secreT')).toBe(false);
    expect(matches(hash, hash.toString('hex'))).toBe(false);
    expect(matches(hash, '')).toBe(false);
  });

  it('fails for a stored hash of the wrong length rather than raising', () => {
    expect(matches(Buffer.alloc(0), 'secret')).toBe(false);
    expect(matches(hashSecret('secret').subarray(0, 31), 'secret')).toBe(false);
  });
});
