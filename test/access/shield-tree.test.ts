import { allow, and, chain, deny, inputRule, not, or, race, rule, shield } from '../../src/access/graphql-shield.js';
import { applyShield } from '../../src/access/apply-shield.js';
import { compileRule } from '../../src/access/compile-rule.js';
import type { ShieldRule } from '../../src/access/shield-rule.js';
import { ShieldTreeError } from '../../src/access/shield-tree.js';
import { forbidden } from '../../src/errors.js';
import { fieldOf, schemaOf } from './shield/small-schema.js';

const TEXT = `
  interface Node { id: ID }
  union Found = User
  enum Color { RED }
  input Filter { id: ID }
  type User implements Node { id: ID, name: String }
  type Query { me: User, node: Node, find(filter: Filter): [Found], color: Color }
`;
const always = () => true;
const yes = rule('yes')(always);

/** Bears a name that graphql-shield trusts. */
class RuleTrue {
  readonly allows = true;
}

/** Trees come from data and from plain JavaScript, so they are handed over as they are. */
function problemsOf(tree: object, options: { fallbackRule?: unknown; requireEntry?: boolean } = {}): readonly string[] {
  try {
    Reflect.apply(applyShield, undefined, [schemaOf(TEXT), tree, { fallbackRule: deny, denied: forbidden, ...options }]);
    return [];
  } catch (error) {
    if (!(error instanceof ShieldTreeError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

describe('a tree that does not fit its schema', () => {
  const cases: Readonly<Record<string, readonly [tree: object, problem: string]>> = {
    'a type that the schema lacks': [{ Usr: { id: allow } }, '- Usr: the schema has no such type.'],
    'a field that the schema lacks': [{ User: { nam: allow } }, '- User.nam: the schema has no such field.'],
    'a field that only Object.prototype has': [{ User: { toString: allow } }, '- User.toString: the schema has no such field.'],
    'a wildcard for all types': [{ '*': deny }, '- *: the schema has no such type.'],
    'a rule on an interface, which would guard nothing': [{ Node: { id: deny } }, '- Node: only object types are guarded'],
    'a rule on a union, which would guard nothing': [{ Found: deny }, '- Found: only object types are guarded'],
    'a rule on an enum': [{ Color: deny }, '- Color: only object types are guarded'],
    'a rule on an input type': [{ Filter: { id: deny } }, '- Filter: only object types are guarded'],
    'a rule on introspection, which stays open': [{ __Schema: deny }, '- __Schema: only object types are guarded'],
    'a rule for the whole tree': [allow, '- rules: the schema has no such type.'],
    'an entry that is undefined, as an import cycle leaves it': [{ User: { id: undefined } }, '- User.id: this is no rule'],
    'an entry that is a function': [{ User: { id: () => true } }, '- User.id: this is no rule'],
    'a type whose entry is null': [{ User: null }, '- User: this is no rule'],
    'a rule of an unknown class': [{ User: new RuleTrue() }, '- User: this is no rule'],
    'a middleware of graphql-shield': [{ User: shield({}) }, '- User: this is no rule'],
    'two functions under one name': [
      { Query: { me: rule('same')(() => true), node: chain(rule('same')(() => false), yes) } },
      '- two different rules are called "same"; rename one.',
    ],
  };
  it.each(Object.entries(cases))('is refused at start: %s', (_name, [tree, problem]) => {
    expect(problemsOf(tree)).toEqual([expect.stringContaining(problem)]);
  });

  it('is refused with all of its faults at once, and leaves the schema as it was', () => {
    const schema = schemaOf(TEXT);
    const tree = { Usr: allow, Node: { id: deny }, Query: { me: not(yes), node: yes, you: yes } };
    const apply = () => applyShield(schema, tree, { fallbackRule: deny, denied: forbidden });
    expect(apply).toThrow(/Usr[^]*Node[^]*Query\.me[^]*Query\.you/);
    expect(fieldOf(schema, 'Query.node').resolve).toBeUndefined();
  });

  it('may use one rule, or one function under one name, in many places', () => {
    expect(problemsOf({ Query: { me: yes, node: yes }, User: { id: rule('f')(always), name: rule('f')(always) } })).toEqual([]);
  });
});

describe('a field without an entry', () => {
  it('is left to the fallback rule, unless every field must have one', () => {
    const tree = { Query: { me: yes }, User: { '*': yes } };
    expect(problemsOf(tree)).toEqual([]);
    expect(problemsOf(tree, { requireEntry: true })).toEqual([
      '- Query.node: the tree has no rule for this field; give it one.',
      '- Query.find: the tree has no rule for this field; give it one.',
      '- Query.color: the tree has no rule for this field; give it one.',
    ]);
    expect(problemsOf({ Query: allow, User: deny }, { requireEntry: true })).toEqual([]);
  });
});

describe('a fallback rule', () => {
  it('may not be allow', () => {
    expect(problemsOf({}, { fallbackRule: allow })).toEqual([expect.stringContaining('the fallback rule may not be allow')]);
  });
  it('may not be missing', () => {
    expect(problemsOf({}, { fallbackRule: undefined })).toEqual([expect.stringContaining('the fallback rule: this is no rule')]);
  });
  it('may not take a name that another rule of the tree has', () => {
    const problems = problemsOf({ Query: yes }, { fallbackRule: rule('yes')(() => false) });
    expect(problems).toEqual(['- two different rules are called "yes"; rename one.']);
  });
});

/** The rule as an instance of a subclass. */
function extended(joined: ShieldRule): ShieldRule {
  return Object.setPrototypeOf(joined, Object.create(Object.getPrototypeOf(joined)));
}

describe('a rule that would fail open', () => {
  const refused: Readonly<Record<string, readonly [ShieldRule, RegExp]>> = {
    'not(), which allows when its rule throws': [not(yes), /not\(\) allows whenever its rule throws/],
    'not() deep inside others': [and(yes, or(yes, chain(race(not(yes))))), /not\(\) allows whenever its rule throws/],
    'inputRule()': [inputRule('input')((yup) => yup.object()), /inputRule\(\) caches/],
    'a contextual cache': [rule('c', { cache: 'contextual' })(() => true), /rule "c" caches/],
    'a strict cache': [rule('s', { cache: 'strict' })(() => true), /rule "s" caches/],
    'a cache of true, which means strict': [rule('t', { cache: true })(() => true), /rule "t" caches/],
    'a cache with a key function': [or(rule('k', { cache: () => 'key' })(() => true)), /rule "k" caches/],
    'a fragment, which nothing fetches': [rule('f', { fragment: 'fragment F on User { id }' })(always), /asks for a fragment/],
    'and() of nothing, which allows everyone': [and(), /and\(\) joins no rules/],
    'chain() of nothing, which allows everyone': [or(yes, chain()), /chain\(\) joins no rules/],
    'or() of nothing': [or(), /or\(\) joins no rules/],
    'a class that extends one of graphql-shield': [extended(and(yes)), /no rule of graphql-shield/],
    'a rule without a function': [Reflect.apply(rule('none'), undefined, []), /rule "none" holds no function/],
  };
  it.each(Object.entries(refused))('is refused, alone and in a tree: %s', (_name, [unsafe, reason]) => {
    expect(() => compileRule(unsafe)).toThrow(reason);
    expect(problemsOf({ Query: { me: unsafe } })).toEqual([expect.stringMatching(reason)]);
  });

  it.each(['no_cache', false] as const)('is not one whose cache is %s', (cache) => {
    expect(problemsOf({ Query: { me: rule('plain', { cache })(() => true) } })).toEqual([]);
  });
});
