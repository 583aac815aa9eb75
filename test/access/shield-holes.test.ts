import { allow, and, chain, deny, or, race, rule } from '../../src/access/graphql-shield.js';
import type { GraphQLSchema } from 'graphql';
import { applyShield } from '../../src/access/apply-shield.js';
import type { ShieldRule } from '../../src/access/shield-rule.js';
import type { ShieldTree } from '../../src/access/shield-tree.js';
import { forbidden } from '../../src/errors.js';
import { ask, fieldOf, schemaOf } from './shield/small-schema.js';
import type { Resolvers } from './shield/small-schema.js';
import { untypedRule } from './shield/untyped-rule.js';

const denied = () => forbidden();
const REFUSAL = forbidden().message;

function guarded(schema: GraphQLSchema, tree: ShieldTree): GraphQLSchema {
  return applyShield(schema, tree, { fallbackRule: deny, denied });
}

/** A field of its own under a rule; its resolver counts its calls. */
function underRule(guard: ShieldRule) {
  const calls: unknown[] = [];
  const schema = schemaOf('type Query { field: String }', { 'Query.field': () => `call ${calls.push(null)}` });
  return { calls, schema: guarded(schema, { Query: { field: guard } }) };
}

const PEOPLE = `
  interface Node { id: ID }
  union Found = User | Note
  type User implements Node { id: ID, name: String, ssn: String, boss: User }
  type Note implements Node { id: ID, text: String }
  type Query { me: User, node: Node, nodes: [Node], search: [Found], user(id: ID): User }
`;
const ada = { __typename: 'User', id: '1', name: 'Ada', ssn: 'SECRET', boss: { __typename: 'User', id: '2', ssn: 'SECRET' } };
const people: Resolvers = {
  'Query.me': () => ada,
  'Query.node': () => ada,
  'Query.nodes': async () => [ada, Promise.resolve(ada)],
  'Query.search': () => [ada],
  'Query.user': (_parent, { id }) => ({ ...ada, id, name: `name ${id}` }),
};

describe('a denied field of an object type', () => {
  const tree: ShieldTree = { Query: { '*': allow }, User: { '*': allow, ssn: deny }, Note: allow };
  const reaches: Readonly<Record<string, string>> = {
    'directly': '{ me { ssn } }',
    'under an alias': '{ me { name: ssn } }',
    'through an interface, by an inline fragment': '{ node { ... on User { ssn } } }',
    'through a list of an interface': '{ nodes { id ... on User { ssn } } }',
    'through a union': '{ search { ... on User { ssn } } }',
    'through a union, by way of the interface': '{ search { ... on Node { ... on User { ssn } } } }',
    'by a named fragment': '{ node { ...F } } fragment F on User { ssn }',
    'by a fragment within a fragment': '{ node { ...F } } fragment F on Node { id ...G } fragment G on User { ssn }',
    'by a fragment without a type': '{ me { ... { ssn } } }',
    'through an object that is allowed': '{ me { boss { ssn } } }',
  };
  it.each(Object.entries(reaches))('is not reached %s', async (_way, query) => {
    const result = await ask(guarded(schemaOf(PEOPLE, people), tree), query);
    expect(JSON.stringify(result.data)).not.toContain('SECRET');
    expect(new Set(result.errors?.map((error) => error.message))).toEqual(new Set([REFUSAL]));
  });

  it('takes nothing but itself out of the answer', async () => {
    const result = await ask(guarded(schemaOf(PEOPLE, people), tree), '{ node { id ... on User { name ssn } } }');
    expect(result.data).toEqual({ node: { id: '1', name: 'Ada', ssn: null } });
    expect(result.errors?.map((error) => error.path)).toEqual([['node', 'ssn']]);
  });
});

describe('a field that the tree does not mention', () => {
  it('is denied, with a resolver or without one', async () => {
    const schema = guarded(schemaOf(PEOPLE, people), { Query: { me: allow }, User: { name: allow } });
    const result = await ask(schema, '{ me { name ssn } node { id } }');
    expect(result.data).toEqual({ me: { name: 'Ada', ssn: null }, node: null });
    expect(result.errors?.map((error) => error.message)).toEqual([REFUSAL, REFUSAL]);
  });

  it('is denied under a name that every object inherits', async () => {
    const schema = schemaOf('type Query { constructor: String, toString: String }', { 'Query.constructor': () => 'SECRET' });
    const result = await ask(guarded(schema, { Query: {} }), '{ constructor toString }');
    expect(result.data).toEqual({ constructor: null, toString: null });
    expect(result.errors).toHaveLength(2);
  });

  it('does not hide __typename and introspection, which stay open as the documentation says', async () => {
    const result = await ask(guarded(schemaOf(PEOPLE, people), {}), '{ __typename __schema { queryType { name } } }');
    expect(result).toEqual({ data: { __typename: 'Query', __schema: { queryType: { name: 'Query' } } } });
  });
});

describe('a verdict', () => {
  const own = rule('own')((_parent, { id }) => id === '1');

  it('is not reused for a second alias with another argument', async () => {
    const schema = guarded(schemaOf(PEOPLE, people), { Query: { user: own }, User: allow });
    const result = await ask(schema, '{ a: user(id: "1") { name } b: user(id: "2") { name } c: user(id: "1") { name } }');
    expect(result.data).toEqual({ a: { name: 'name 1' }, b: null, c: { name: 'name 1' } });
  });

  it('is not remembered in the context, so that a right revoked during a connection is gone', async () => {
    const context = { admin: true };
    const { schema } = underRule(rule('admin')((_parent, _args, { admin }) => admin));
    expect((await ask(schema, '{ field }', context)).data).toEqual({ field: 'call 1' });
    context.admin = false;
    expect((await ask(schema, '{ field }', context)).data).toEqual({ field: null });
  });

  it('is not read from a context that somebody filled', async () => {
    const context = Object.freeze({ _shield: { cache: { no: true } } });
    const { schema } = underRule(rule('no')(() => false));
    expect((await ask(schema, '{ field }', context)).data).toEqual({ field: null });
  });
});

/** What JavaScript lets a function throw, which need not be an error. */
function raise(what: unknown): never {
  throw what;
}

function fault(): never {
  return raise(new Error('connect ECONNREFUSED db:5432'));
}

const thenable = new Map<never, never>();
Reflect.set(thenable, 'then', fault);

describe('a rule that does not say true', () => {
  const answers: Readonly<Record<string, () => unknown>> = {
    'returns 1': () => 1,
    'returns "true" as an object': () => Object('true'),
    'returns an object': () => ({ allowed: true }),
    'returns nothing': () => undefined,
    'returns null': () => null,
    'returns a function': () => () => true,
    'returns [true]': () => [true],
    'resolves to 1': async () => 1,
    'resolves to nothing': async () => undefined,
    'throws': fault,
    'throws nothing in particular': () => raise(undefined),
    'throws true': () => raise(true),
    'rejects': async () => fault(),
    'rejects with true': () => Promise.reject(true),
    'returns a thenable that throws': () => thenable,
  };
  const joins: Readonly<Record<string, (part: ShieldRule) => ShieldRule>> = {
    'alone': (part) => part,
    'in and()': (part) => and(allow, part, allow),
    'in or()': (part) => or(deny, part),
    'in chain()': (part) => chain(allow, part, allow),
    'in race()': (part) => race(deny, part),
  };
  const cases = Object.entries(answers).flatMap(([what, answer]) =>
    Object.entries(joins).map(([where, join]) => ({ what, where, answer, join })),
  );

  it.each(cases)('denies before the resolver runs, where it $what $where', async ({ answer, join }) => {
    const { calls, schema } = underRule(join(untypedRule('odd', answer)));
    const result = await ask(schema, '{ field }');
    expect(result.data).toEqual({ field: null });
    expect(result.errors?.map((error) => error.message)).toEqual([REFUSAL]);
    expect(calls).toEqual([]);
  });

  it.each(['throws', 'rejects'])('leaves a trace for the operator, and none for the client, where it %s', async (what) => {
    const faults: unknown[] = [];
    const schema = schemaOf('type Query { field: String }');
    const broken = untypedRule('broken', answers[what] ?? fault);
    const onRuleFault = (error: unknown, name: string) => faults.push([name, error]);
    applyShield(schema, { Query: broken }, { fallbackRule: deny, denied, onRuleFault });
    expect(JSON.stringify(await ask(schema, '{ field }'))).not.toContain('ECONNREFUSED');
    expect(faults).toEqual([['broken', new Error('connect ECONNREFUSED db:5432')]]);
  });

  const speakers: Readonly<Record<string, readonly [(...parts: ShieldRule[]) => ShieldRule, speaker: string]>> = {
    'the first of and()': [and, 'first'],
    'the first of or()': [or, 'first'],
    'the one that ended a chain()': [chain, 'first'],
    'the last of a race()': [race, 'last'],
  };
  it.each(Object.entries(speakers))('speaks for those beside it where it is %s', async (_which, [join, speaker]) => {
    for (const last of [() => 'last', async () => 'last']) {
      const guard = join(untypedRule('f', () => 'first'), deny, untypedRule('l', last), deny);
      expect((await ask(underRule(guard).schema, '{ field }')).errors?.map((error) => error.message)).toEqual([speaker]);
    }
  });

  it('speaks in its own words where it returns an error or a sentence', async () => {
    const own = new Error('Only on Mondays.');
    const result = await ask(underRule(and(deny, untypedRule('monday', () => own))).schema, '{ field }');
    expect(result.errors?.[0]?.originalError).toBe(own);
    const sentence = await ask(underRule(untypedRule('monday', async () => 'Only on Mondays.')).schema, '{ field }');
    expect(sentence.errors?.[0]?.message).toBe('Only on Mondays.');
  });
});

describe('a mutation', () => {
  const text = 'type Query { a: Int } type Mutation { remove(id: ID): Boolean }';
  it.each([
    ['a synchronous rule', () => false],
    ['an asynchronous rule', async () => false],
  ])('that %s refuses has no effect', async (_kind, no) => {
    const removed: unknown[] = [];
    const schema = schemaOf(text, { 'Mutation.remove': (_parent, { id }) => removed.push(id) > 0 });
    guarded(schema, { Mutation: { remove: rule('no')(no) } });
    const result = await ask(schema, 'mutation { a: remove(id: "1") b: remove(id: "2") }');
    expect(result.data).toEqual({ a: null, b: null });
    expect(removed).toEqual([]);
  });
});

describe('the resolver behind a rule that allows', () => {
  it('fails in its own words, with its own error object', async () => {
    const failure = new Error('No such customer.');
    const schema = schemaOf('type Query { field: String }', {
      'Query.field': () => raise(failure),
    });
    const result = await ask(guarded(schema, { Query: { field: rule('yes')(async () => true) } }), '{ field }');
    expect(result.errors?.map((error) => error.originalError)).toEqual([failure]);
  });

  it('fails its field where it throws what is not an error, which graphql-shield would serve as the value', async () => {
    const schema = schemaOf('type Query { field: String }', {
      'Query.field': () => raise('SECRET'),
    });
    const result = await ask(guarded(schema, { Query: { field: rule('yes')(() => true) } }), '{ field }');
    expect(result.data).toEqual({ field: null });
  });

  it('is left as it was where the rule is plain allow', () => {
    const schema = guarded(schemaOf('type Query { open: String, bare: String }', { 'Query.open': denied }), { Query: allow });
    expect(fieldOf(schema, 'Query.open').resolve).toBe(denied);
    expect(fieldOf(schema, 'Query.bare').resolve).toBeUndefined();
  });
});
