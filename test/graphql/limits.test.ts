import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import type { GraphQLError } from 'graphql';
import { AppError } from '../../src/errors.js';
import { limitRule } from '../../src/graphql/limits.js';

const schema = buildSchema(`
  directive @tag(n: Int) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY | VARIABLE_DEFINITION | FRAGMENT_DEFINITION
  type Query { a(i: Int): Query b: Int }
  type Mutation { m: Query }
`);

/** With the specified rules around it, as a server runs it. */
function check(document: string): readonly GraphQLError[] {
  return validate(schema, parse(document), [...specifiedRules, limitRule()], { hideSuggestions: true });
}

function nested(levels: number): string {
  return `${'a{'.repeat(levels - 1)}b${'}'.repeat(levels - 1)}`;
}

const times = (count: number, part: (i: number) => string): string => Array.from({ length: count }, (_, i) => part(i)).join(' ');

const WITHIN: readonly (readonly [string, string])[] = [
  ['10 levels', `{ ${nested(10)} }`],
  ['10 levels, the last by a fragment', `{ ${'a{'.repeat(9)}...F${'}'.repeat(9)} } fragment F on Query { b }`],
  ['30 aliases', `{ ${times(30, (i) => `x${i}: b`)} }`],
  ['30 aliases by a fragment that is spread three times', '{ ...F a(i:1) { ...F } } fragment F on Query { p: b q: b }'],
  ['5 directives', `{ b ${'@tag'.repeat(5)} }`],
  ['10 root mutations', `mutation { ${times(10, () => 'm { b }')} }`],
  ['many root fields of a query', `{ ${times(100, () => 'b')} }`],
  ['the standard introspection query', getIntrospectionQuery()],
  [
    'the introspection query with all that it can ask',
    getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  ],
  ['__typename at the deepest level', `{ ${'a{'.repeat(10)}__typename${'}'.repeat(10)} }`],
];

function bomb(fragments: number): string {
  return `{ ...F0 } ${times(fragments, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F${fragments} on Query { b }`;
}

const PAST: readonly (readonly [string, string, number, number])[] = [
  ['11 levels', `{ ${nested(11)} }`, 10, 11],
  ['11 levels by fragments', `{ ${'a{'.repeat(5)}...F${'}'.repeat(5)} } fragment F on Query { ${nested(6)} }`, 10, 11],
  ['11 levels in inline fragments', `{ ...on Query { ${'a{...{'.repeat(10)}b${'}}'.repeat(10)} } }`, 10, 11],
  ['11 levels in the second operation', `query A { b } query B { ${nested(11)} }`, 10, 11],
  ['600 levels', `{ ${nested(600)} }`, 10, 600],
  ['31 aliases', `{ ${times(31, (i) => `x${i}: b`)} }`, 30, 31],
  ['101 aliases of __typename', `{ ${times(101, (i) => `x${i}: __typename`)} }`, 30, 101],
  ['20,000 aliases', `{ ${times(20_000, (i) => `x${i}: b`)} }`, 30, 20_000],
  ['aliases multiplied by spreads', `{ ${times(16, (i) => `a(i: ${i}) { ...F }`)} } fragment F on Query { p: b q: b }`, 30, 32],
  ['6 directives', `{ b ${'@tag'.repeat(6)} }`, 5, 6],
  ['directives that there are not', `{ b ${times(500, (i) => `@x${i}`)} }`, 5, 500],
  ['directives on a spread', `{ ...F ${'@tag'.repeat(6)} } fragment F on Query { b }`, 5, 6],
  ['directives on a fragment', `{ ...F } fragment F on Query ${'@tag'.repeat(6)} { b }`, 5, 6],
  ['directives on an operation', `query ${'@tag'.repeat(6)} { b }`, 5, 6],
  ['directives on a variable', `query ($v: Int ${'@tag'.repeat(6)}) { a(i: $v) { b } }`, 5, 6],
  ['11 root mutations', `mutation { ${times(11, () => 'm { b }')} }`, 10, 11],
  ['11 root mutations by fragments', `mutation { ...F ...F ...on Mutation { m { b } } } fragment F on Mutation { ${times(5, () => 'm { b }')} }`, 10, 11],
  ['5,001 selections', `{ ${times(50, () => '...F')} a { b } } fragment F on Query { ${times(99, () => 'b')} }`, 5000, 5002],
  ['30 levels of introspection', `{ __type(name: "Query") { ${'ofType{'.repeat(28)}name${'}'.repeat(28)} } }`, 20, 30],
];

describe('limits of documents', () => {
  it.each(WITHIN)('lets %s pass', (_name, document) => {
    expect(check(document)).toEqual([]);
  });

  it.each(PAST)('refuses %s with the limit and the count, and nothing else', (_name, document, limit, count) => {
    const errors = check(document);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.originalError).toBeInstanceOf(AppError);
    expect(errors[0]?.originalError).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit, count } });
    expect(errors[0]?.message).toContain(String(limit));
    expect(errors[0]?.message).toContain(String(count));
  });

  it.each(Array.from({ length: 20 }, (_, i) => i + 11))('refuses a bomb of %d fragments without setting it off', (fragments) => {
    const [error] = check(bomb(fragments));
    expect(error?.originalError).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 5000 } });
  });

  it('counts past all numbers without losing itself', () => {
    const [error] = check(bomb(20_000));
    expect(error?.message).toContain('more than 1000000000');
    expect(error?.originalError).toMatchObject({ details: { count: 1_000_000_000 } });
  });

  const cycles: readonly (readonly [string, string])[] = [
    ['a fragment that spreads itself', '{ ...F } fragment F on Query { b ...F }'],
    ['two fragments that spread each other', '{ ...F } fragment F on Query { a { ...G } } fragment G on Query { a { ...F } }'],
    ['a ring that nothing uses', '{ b } fragment F on Query { ...G } fragment G on Query { ...F }'],
    ['a ring of 20,000 fragments', times(20_000, (i) => `fragment F${i} on Query { ...F${(i + 1) % 20_000} }`)],
    ['a ring of 200 fragments', `{ ...F0 ...F1 } ${times(200, (i) => `fragment F${i} on Query { b a { ...F${(i + 1) % 200} } ...F${(i + 1) % 200} }`)}`],
  ];
  it.each(cycles)('refuses %s', (_name, document) => {
    const errors = check(document);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/^Cannot spread fragment "\w+" within itself\.$/);
  });

  it('leaves what it does not limit to the specified rules', () => {
    expect(check('{ c }').map((error) => error.message)).toEqual(['Cannot query field "c" on type "Query".']);
    expect(check('{ ...Missing }').map((error) => error.message)).toEqual(['Unknown fragment "Missing".']);
  });
});
