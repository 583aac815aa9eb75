import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import { startToy } from '../http/toy-server.js';

const times = (count: number, part: (i: number) => string): string => Array.from({ length: count }, (_, i) => part(i)).join(' ');

const HOSTILE: readonly (readonly [string, string])[] = [
  ['101 aliases of __typename', `{ ${times(101, (i) => `x${i}: __typename`)} }`],
  ['20,000 aliases', `{ ${times(20_000, (i) => `x${i}: hello`)} }`],
  ['10 directives', `{ hello ${'@aa'.repeat(10)} }`],
  ['5,000 directives', `{ hello ${'@aa'.repeat(5000)} }`],
  ['11 levels', `{ ${'self{'.repeat(10)}hello${'}'.repeat(10)} }`],
  ['100,000 levels', `{ ${'self{'.repeat(100_000)}hello${'}'.repeat(100_000)} }`],
  ['11 mutations', `mutation { ${times(11, (i) => `x${i}: bump`)} }`],
  ['3,000 fields', `{ ${'hello '.repeat(3000)} }`],
  ['a document of 500 KB', `{ echo(text: "${'x'.repeat(500_000)}") }`],
  ['comments without end', `${'#\n'.repeat(5000)}{ hello }`],
  ...Array.from({ length: 20 }, (_, i): readonly [string, string] => {
    const last = i + 11;
    const fragments = times(last, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    return [`a bomb of ${last} fragments`, `{ ...F0 } ${fragments} fragment F${last} on Query { hello }`];
  }),
];

describe('limits, as clients meet them', () => {
  it.each(HOSTILE)('refuses %s with 400 and LIMIT_EXCEEDED', async (_name, query) => {
    const toy = await startToy();
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await toy.ask(query, {}, { accept });
      expect(answer.status).toBe(400);
      expect(answer.json.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED' });
      expect(answer.json.errors).toHaveLength(1);
      expect(answer.json.data).toBeUndefined();
    }
  });

  const stopped: readonly (readonly [string, string])[] = [
    [`{ ${'a '.repeat(2000)} }`, 'The document has more than 2000 tokens, the limit. Ask for less at once.'],
    [`${'#\n'.repeat(1001)}{ a }`, 'The document has more than 1000 comments, the limit.'],
    [`{ echo(text: "${'x'.repeat(131_072)}") }`, 'The document is longer than 131072 characters, the limit. Send values as variables.'],
    [
      `{ ${'hello '.repeat(1500)} }`,
      'The document selects too many fields side by side to be checked. Ask for less at once.',
    ],
  ];
  it.each(stopped)('says which limit stopped a document (case %#)', async (query, message) => {
    const toy = await startToy();
    const answer = await toy.ask(query);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ errors: [{ message, extensions: { code: 'LIMIT_EXCEEDED' } }] });
  });

  it('refuses a document again that it refused before', async () => {
    const toy = await startToy();
    const query = `{ ${times(31, (i) => `x${i}: hello`)} }`;
    expect([(await toy.ask(query)).status, (await toy.ask(query)).status]).toEqual([400, 400]);
  });

  it('answers a ring of fragments with 400', async () => {
    const toy = await startToy();
    const ring = times(100, (i) => `fragment F${i} on Query { hello self { ...F${(i + 1) % 100} } ...F${(i + 1) % 100} }`);
    const answer = await toy.ask(`{ ...F0 ...F1 ...F2 } ${ring}`);
    expect(answer.status).toBe(400);
    expect(answer.json.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('reports at most a handful of errors of one document', async () => {
    const toy = await startToy();
    const answer = await toy.ask(`{ ${times(900, (i) => `unknown${i}`)} }`);
    expect(answer.status).toBe(400);
    expect(answer.json.errors?.length).toBeLessThanOrEqual(11);
  });

  it('answers the introspection query with a schema that clients can build', async () => {
    const toy = await startToy();
    const answer = await toy.ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true }));
    expect(answer.status).toBe(200);
    const schema = buildClientSchema((JSON.parse(answer.text) as { readonly data: IntrospectionQuery }).data);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain('hello');
  });

  it('does not let introspection go round in circles', async () => {
    const toy = await startToy();
    const answer = await toy.ask(`{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} }'.repeat(5)} } } }`);
    expect(answer.status).toBe(400);
  });
});
