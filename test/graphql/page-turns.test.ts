import { buildSchema, getOperationAST, type GraphQLSchema, parse, validate } from 'graphql';
import { asksForPages } from '../../src/graphql/page-turns.js';
import { type CompiledQuery, QueryCompiler } from '../../src/graphql/query-compiler.js';

const AT_A_TIME = 8;

/** A page under way: what finishes it. */
interface Page {
  readonly resolve: (page: object) => void;
  readonly reject: (error: Error) => void;
}

let begun: Page[];
let schema: GraphQLSchema;
let compiler: QueryCompiler;

beforeEach(() => {
  begun = [];
  schema = buildSchema(`
    type Query { number: Int! things: ThingConnection shelf: Shelf }
    type Shelf { things: ThingConnection }
    type ThingConnection { count: Int! }
  `);
  const { number, things } = schema.getQueryType()!.getFields();
  number!.resolve = () => 1;
  things!.resolve = () => new Promise((resolve, reject) => begun.push({ resolve, reject }));
  compiler = new QueryCompiler(schema, 1);
});

function compiled(text: string): CompiledQuery {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return compiler.compiled(document, getOperationAST(document)!)!;
}

/** Until whatever can go on has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('queries that ask for pages', () => {
  const query = () => compiled('{ things { count } }');
  const ask = async () => askBy(query());
  const askBy = (asked: CompiledQuery) => asked.inTurn(() => asked.execute({}, {}));

  it(`begin ${AT_A_TIME} at a time, first come, first served, and are all answered`, async () => {
    const answers = Array.from({ length: 20 }, ask);
    for (let done = 0; done < 20; done++) {
      await settled();
      expect(begun.length).toBe(Math.min(20, AT_A_TIME + done));
      begun[done]!.resolve({ count: done });
    }
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, (_, count) => ({ data: { things: { count } } })));
  });

  it('make room for the next where they fail', async () => {
    const answers = Array.from({ length: AT_A_TIME + 1 }, ask);
    await settled();
    begun[0]!.reject(new Error('the database is gone'));
    await settled();
    expect(begun.length).toBe(AT_A_TIME + 1);
    for (const page of begun) page.resolve({ count: 0 });
    const [failed, ...others] = await Promise.all(answers);
    expect(failed!.errors!.map(({ message }) => message)).toEqual(['the database is gone']);
    expect(others).toEqual(Array.from({ length: AT_A_TIME }, () => ({ data: { things: { count: 0 } } })));
  });

  it('have their turn until all that there is to do with them is done', async () => {
    const finished: (() => void)[] = [];
    const turns = Array.from({ length: AT_A_TIME }, async () => query().inTurn(() => new Promise<void>((resolve) => finished.push(resolve))));
    const next = ask();
    await settled();
    expect(begun.length).toBe(0);
    for (const finish of finished) finish();
    await Promise.all(turns);
    await settled();
    begun[0]!.resolve({ count: 1 });
    expect(await next).toEqual({ data: { things: { count: 1 } } });
  });

  it('keep nobody waiting who asks for none', async () => {
    const answers = Array.from({ length: AT_A_TIME * 2 }, ask);
    await settled();
    expect(askBy(compiled('{ number }'))).toEqual({ data: { number: 1 } });
    for (let done = 0; done < answers.length; done++) {
      await settled();
      begun[done]!.resolve({ count: 0 });
    }
    await Promise.all(answers);
  });

  it.each([
    ['{ number }', false],
    ['{ shelf { __typename } }', false],
    ['{ things { count } }', true],
    ['{ shelf { things { count } } }', true],
    ['{ ...Parts } fragment Parts on Query { shelf { things { count } } }', true],
    ['{ shelf { ... on Shelf { more: things { count } } } number }', true],
  ])('are told by the types of their fields: %s', (text, isPage) => {
    expect(asksForPages(schema, parse(text))).toBe(isPage);
  });
});
