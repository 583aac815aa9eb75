/** What breaks the rule for ids and keys: 1 to 255 printable ASCII characters without blanks. */
export const BAD_IDS: readonly string[] = [
  '',
  ' ',
  'a b',
  ' a',
  'a\n',
  'a\u0000b',
  '\u007f',
  'é',
  'a\u00a0b',
  '\u202eabc',
  '😀',
  '\ud800',
  'x'.repeat(256),
];

export const BAD_DATES: readonly unknown[] = [
  '',
  'tomorrow',
  '2031-02-30T00:00:00Z',
  '2031-13-01T00:00:00Z',
  '2031-01-01T25:00:00Z',
  '2031-01-01',
  '2031-01-01T00:00:00',
  '01/02/2031',
  '+2031-01-01T00:00:00Z',
  '2031-01-01T00:00:00Z\u0000',
  ' 2031-01-01T00:00:00Z',
  '99999-01-01T00:00:00Z',
  true,
  {},
  ['2031-01-01T00:00:00Z', '2032-01-01T00:00:00Z'],
];

/** Names, descriptions, addresses and secrets as nobody means them. */
export const BAD_TEXTS: readonly string[] = [
  '',
  ' ',
  'a\u0000b',
  '\ud800',
  '\u202e',
  "'; DROP TABLE users; --",
  '\\',
  'x'.repeat(256),
  'x'.repeat(100_000),
];

/** What no database holds as it was sent. */
export const UNSTORABLE_TEXTS: readonly string[] = ['a\u0000', '\u0000', 'N\ud800', '\udc00N', 'N\udc00\ud800', 'n@people.example\ud83d'];

export const WRONG_TYPES = {
  ID: [true, 1.5, {}, { id: 'x' }, ['a', 'b']],
  String: [1, 1.5, true, {}, { text: 'x' }, ['a', 'b']],
  list: [1, true, {}, [1], [null], [['roles.read']], [{}]],
} as const;
