import { isIdentifier } from '../../src/domain/identifier.js';

describe('an id or key', () => {
  it.each([
    ['one letter', 'a'],
    ['a permission', 'connectors.read'],
    ['capitals', 'ACME'],
    ['a digit', '7'],
    ['a uuid', '01976f9e-7c1b-7d6e-a3f2-000000000001'],
    ['an e-mail address', 'ann+x@example.com'],
    ['separators', 'a:b/c,d|e#f;g&h=i?j%k'],
    ['quotes and brackets', `'"<>{}[]()\\\``],
    ['the first printable character', '!'],
    ['the last printable character', '~'],
    ['what every object inherits', '__proto__'],
    ['a dot', '.'],
    ['255 characters', 'x'.repeat(255)],
  ])('may be %s', (_what, text) => {
    expect(isIdentifier(text)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['a blank', ' '],
    ['begun with a blank', ' a'],
    ['ended with a blank', 'a '],
    ['parted by a blank', 'a b'],
    ['ended with a line feed', 'a\n'],
    ['begun with a line feed', '\na'],
    ['two lines', 'a\nb'],
    ['ended with a carriage return', 'a\r'],
    ['a tab', '\t'],
    ['a null character', 'a\0'],
    ['a delete character', 'a\x7f'],
    ['a no-break space', 'a\u00a0b'],
    ['a zero-width space', 'a\u200bb'],
    ['a letter with an accent', 'caf\u00e9'],
    ['a Cyrillic letter that looks Latin', '\u0430dmin'],
    ['an emoji', '\u{1f511}'],
    ['half an emoji', '\ud83d'],
    ['a text whose direction is turned', 'a\u202eb'],
    ['256 characters', 'x'.repeat(256)],
    ['100,000 characters', 'x'.repeat(100_000)],
  ])('is not %s', (_what, text) => {
    expect(isIdentifier(text)).toBe(false);
  });
});
