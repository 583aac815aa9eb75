export interface ExecutionCase {
  readonly body: Readonly<Record<string, unknown>> | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const SEVERAL = 'query First { int } query Second { colour } mutation Third { bump }';
const INTROSPECTION = '{ __schema { queryType { name } types { name kind fields { name args { name defaultValue type { name } } } } directives { name } } __type(name: "Thing") { name } }';

function asked(query: string, variables?: unknown): ExecutionCase {
  return { body: { query, ...(variables === undefined ? {} : { variables }) } };
}

function named(query: string, operationName: unknown): ExecutionCase {
  return { body: { query, operationName } };
}

/** Which operation it is that a request asks for. */
const OPERATIONS: Readonly<Record<string, ExecutionCase>> = {
  'the first of several operations': named(SEVERAL, 'First'),
  'the second of several operations': named(SEVERAL, 'Second'),
  'the mutation among several operations': named(SEVERAL, 'Third'),
  'an operation that is not there': named(SEVERAL, 'Fourth'),
  'none of several operations': asked(SEVERAL),
  'none of several operations, by null': named(SEVERAL, null),
  'none of several operations, by an empty name': named(SEVERAL, ''),
  'the only operation without its name': asked('query Only { int }'),
  'the only operation by its name': named('query Only { int }', 'Only'),
  'the only operation by another name': named('query Only { int }', 'Other'),
  'the only operation by an empty name': named('query Only { int }', ''),
  'an operation without a name by null': named('{ int }', null),
  'an operation without a name by an empty name': named('{ int }', ''),
  'an operation without a name by a name': named('{ int }', 'Only'),
  'a name of the wrong type': named('{ int }', 7),
  'a name that holds the beginning of a text': named('query Only { int }', 'Only\n#'),
  'a name that is in the prototype of objects': named('query Only { int }', 'constructor'),
};

const DOCUMENTS: Readonly<Record<string, ExecutionCase>> = {
  'fragments': asked('{ thing { ...Part child { ...Part } } } fragment Part on Thing { name sure child { name } }'),
  'inline fragments': asked('{ thing { ... on Thing { name } ... { sure } } ... on Query { int } }'),
  'fields that merge': asked('{ thing { child { name } } thing { child { sure } name } }'),
  'aliases': asked('{ a: thing { x: name y: name } b: thing { name } c: said(int: 1) d: said(int: 2) }'),
  'an alias that is another field': asked('{ int: colour colour: int }'),
  'names that JavaScript keeps to itself': asked('{ constructor: int toString: colour __proto: int then: int hasOwnProperty: int }'),
  '__proto__ as an alias': asked('{ __proto__: int colour }'),
  'the order of fields, some of which come later': asked('{ thingLater { name } int throwsLater thing { sureChild { name } name } colour }'),
  'aliases that together read as a place': asked('{ x: thing { y: place } y_x: place x_y: place a: things { b: place } b_a: place a_b: place }'),
  'aliases that together read as a place beneath': asked('{ y_x: place x_y: place x: thing { y: place } }'),
  'introspection': asked(INTROSPECTION),
  'introspection beside data': asked('{ __typename int thing { __typename } __type(name: "Colour") { enumValues { name } } none: __type(name: "No") { name } }'),
  '__typename': asked('{ __typename again: __typename }'),
  'a field that does not exist': asked('{ nowhere }'),
  'a document that does not parse': asked('{ int '),
  'an empty document': asked(''),
  'a document that is deeper than the limit': asked(`{ thing ${'{ child '.repeat(12)} { name } ${'}'.repeat(12)} }`),
  'a document with more aliases than the limit': asked(`{ ${Array.from({ length: 31 }, (_, i) => `a${i}: int`).join(' ')} }`),
  'a document that is not compiled for its length': asked(`{ int # ${'long '.repeat(2000)}\n}`),
  'a mutation': asked('mutation { bump }'),
};

const DIRECTIVE = 'query ($on: Boolean) { int @include(if: $on) colour @skip(if: $on) }';
const SURE_DIRECTIVE = 'query ($on: Boolean! = true) { int @include(if: $on) thing { name @skip(if: $on) sure } }';
const DIRECTIVES: Readonly<Record<string, ExecutionCase>> = {
  'literal conditions': asked('{ int @skip(if: true) colour @include(if: true) thing @include(if: false) { name } }'),
  'all fields left out': asked('{ int @skip(if: true) }'),
  'a fragment left out': asked('query ($on: Boolean!) { ...Part @include(if: $on) colour } fragment Part on Query { int }', { on: false }),
  'a condition that is met': asked(SURE_DIRECTIVE, { on: true }),
  'a condition that is not met': asked(SURE_DIRECTIVE, { on: false }),
  'a condition by its default': asked(SURE_DIRECTIVE),
  'a condition that is null': asked(SURE_DIRECTIVE, { on: null }),
  'a condition that need not be given, which validation refuses': asked(DIRECTIVE, {}),
  'a condition that is null in the place of its default': asked('query ($on: Boolean = true) { colour int @include(if: $on) }', { on: null }),
  'a condition of the wrong type': asked(SURE_DIRECTIVE, { on: 'yes' }),
};

const SAID = 'query ($v: TYPE) { said(ARG: $v) }';
const VALUES: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['int', 'Int', [1, -0, 1.0, 1.5, '1', true, null, [1], [], {}, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 1e300]],
  ['float', 'Float', [1, 1.5, 1e300, '1.5', null, [1.5], {}]],
  ['text', 'String', ['text', '', '\u0000\ud800', 1, true, null, ['text'], {}, 'x'.repeat(100_000)]],
  ['flag', 'Boolean', [true, false, 1, 'true', null]],
  ['id', 'ID', ['id', 12, -1, 1.5, 1e21, 2 ** 53, true, null, ['id'], {}]],
  ['colour', 'Colour', ['RED', 'BLUE', 'red', '', 0, null, ['RED'], { RED: 1 }, 'constructor', '__proto__']],
  ['at', 'DateTime', ['2030-01-01T00:00:00Z', '2030-01-01', 'text', 0, null, {}, ['2030-01-01T00:00:00Z']]],
  ['ints', '[Int!]', [[], [1, 2], 1, [null], [1, '2'], [[1]], null, { 0: 1 }, 'text', [2 ** 31]]],
  ['nested', '[[Int]]', [[], [[1], [2]], [1, 2], 1, [[1], null, [null]], [[[1]]], [1, [2]]]],
  ['shape', 'Shape', [
    { id: 'a' }, { id: 1 }, { id: null }, {}, [], [{ id: 'a' }], null, 'text', 7, { id: 'a', more: 1 }, { id: 'a', colour: 'BLUE' },
    { id: 'a', colour: null }, { id: 'a', inner: {} }, { id: 'a', inner: { amount: null, tags: 'one' } }, { id: 'a', inner: [] }, { id: 'a', at: '2030-01-01T00:00:00Z' },
    { id: 'a', list: [[1], 2] }, { id: 'a', list: 3 }, { id: 'a', inner: { tags: [null] } }, { id: 'a', constructor: 1 }, JSON.parse('{"id":"a","__proto__":{"colour":"GREEN"}}') as unknown,
    JSON.parse('{"__proto__":{"id":"a"}}') as unknown,
  ]],
  ['shapes', '[Shape!]', [[{ id: 'a' }, { id: 2 }], { id: 'a' }, [[{ id: 'a' }]], [{ id: 'a' }, null], [{}], []]],
];

function valueCases(): Record<string, ExecutionCase> {
  const cases: Record<string, ExecutionCase> = {};
  for (const [argument, type, values] of VALUES) {
    const query = SAID.replace('TYPE', type).replace('ARG', argument);
    cases[`${type} that is not given`] = asked(query, {});
    for (const value of values) cases[`${type} by ${shorten(value)}`] = asked(query, { v: value });
  }
  return cases;
}

function shorten(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60);
}

/** What graphql-jit 0.8.9 writes in the place of a moment, to be taken for `new Date(…)` where it finds it again. */
const MARK = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

const VARIABLES: Readonly<Record<string, ExecutionCase>> = {
  'no variables': asked('query ($v: Int) { said(int: $v) }'),
  'variables that are null': asked('query ($v: Int) { said(int: $v) }', null),
  'variables that are an array': asked('query ($v: Int) { said(int: $v) }', [1]),
  'variables that are a text': asked('query ($v: Int) { said(int: $v) }', '{"v":1}'),
  'a variable too many': asked('query ($v: Int) { said(int: $v) }', { v: 1, w: 2 }),
  'variables that nobody asks for': asked('{ int }', { v: 1 }),
  'an own member __proto__ of the variables': { body: '{"query":"query ($v: Int) { said(int: $v) }","variables":{"__proto__":{"v":1}}}' },
  'a variable called __proto__': { body: '{"query":"query ($__proto__: Int) { said(int: $__proto__) }","variables":{"__proto__":1}}' },
  'a variable called constructor': asked('query ($constructor: Int) { said(int: $constructor) }', {}),
  'defaults of variables': asked('query ($i: Int = 3, $c: Colour = GREEN, $l: [Int!] = 4, $s: Shape = { id: 1 }) { said(int: $i, colour: $c, ints: $l, shape: $s) }'),
  'a default that is a moment': asked('query ($at: DateTime = "2030-01-01T00:00:00Z") { said(at: $at) }'),
  'a default that holds a moment': asked('query ($s: Shape = { id: "a", at: "2030-01-01T00:00:00Z" }) { said(shape: $s) }'),
  'a literal moment': asked('{ said(at: "2030-01-01T00:00:00Z", shape: { id: "a", at: "2030-01-01T00:00:00Z" }) }'),
  'null in the place of a default': asked('query ($i: Int = 3) { said(int: $i) }', { i: null }),
  'a default where none may be null': asked('query ($i: Int! = 3) { said(int: $i) }'),
  'null in the place of a default that may not be null': asked('query ($i: Int! = 3) { said(int: $i) }', { i: null }),
  'an argument with a default, left empty by a variable': asked('query ($i: Int) { saidOf(int: $i) }', {}),
  'an argument with a default, nulled by a variable': asked('query ($i: Int) { saidOf(int: $i) }', { i: null }),
  'an argument with a default, given': asked('query ($i: Int) { saidOf(int: $i) }', { i: 8 }),
  'arguments with defaults': asked('{ saidOf }'),
  'a required argument': asked('query ($id: ID!) { needs(id: $id) }', { id: 'a' }),
  'a required variable that is not given': asked('query ($id: ID!) { needs(id: $id) }', {}),
  'a required variable that is null': asked('query ($id: ID!) { needs(id: $id) }', { id: null }),
  'variables within literals': asked('query ($i: Int, $t: String!, $c: Colour) { said(ints: [1, 2], nested: [[$i], [3, $i]], shape: { id: "a", colour: $c, inner: { amount: $i, tags: [$t, "b"] } }) }', { i: 5, t: 'tag', c: 'GREEN' }),
  'variables within literals that are not given': asked('query ($i: Int, $t: [String!], $c: Colour) { said(nested: [[$i], [3, $i]], shape: { id: "a", colour: $c, inner: { amount: $i, tags: $t } }) }', {}),
  'variables within literals that are null': asked('query ($i: Int, $t: [String!], $c: Colour) { said(nested: [[$i], [3, $i]], shape: { id: "a", colour: $c, inner: { amount: $i, tags: $t } }) }', { i: null, t: null, c: null }),
  'a variable in a list that may hold no null': asked('query ($i: Int = 1) { said(ints: [$i]) }', { i: null }),
  'a variable in an input that may hold no null': asked('query ($id: ID = "a") { said(shape: { id: $id }) }', { id: null }),
  'one variable in several fields': asked('query ($i: Int) { a: said(int: $i) b: said(float: 1.5, ints: [1], int: $i) }', { i: 1 }),
  'a literal that graphql-jit would run as a program': asked(`{ said(text: "${MARK}0,globalThis.entered=true") }`),
  'a literal within a literal that graphql-jit would run as a program': asked(`{ said(shape: { id: "${MARK}0,globalThis.entered=true" }) }`),
  'a block string that graphql-jit would run as a program': asked(`{ said(text: """${MARK}0,globalThis.entered=true""") }`),
  'a literal that graphql-jit would take for no number': asked('{ said(text: "__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8") }'),
  'a default that graphql-jit might run as a program': asked(`query ($t: String = "${MARK}0,globalThis.entered=true") { said(text: $t) }`),
  'literals of all kinds': asked('{ said(text: "connectors.read", id: "user_a", float: 1.5, flag: true, colour: RED, ints: [1, 2], at: null) }'),
  'texts of all kinds': asked(String.raw`{ a: said(text: "a \"quoted\" text, $x ${'$'}{y} \u2028 \\ \n") b: said(text: "日本") c: said(text: "") }`),
  'a single value for a list, as a literal': asked('{ said(ints: 3, nested: 4, shapes: { id: "a" }) }'),
  'an ID as a number, as a literal': asked('{ said(id: 12) }'),
  'an Int out of range, as a literal': asked('{ said(int: 2147483648) }'),
  'many wrong values': asked('query ($v: [Int!]) { said(ints: $v) }', { v: Array.from({ length: 40 }, () => 'x') }),
  'a value nested deeply': asked('query ($v: Shape) { said(shape: $v) }', { v: nest(300) }),
};

function nest(levels: number): unknown {
  return levels === 0 ? 1 : { inner: nest(levels - 1) };
}

const FAULTS = [
  'nothing', 'nothingLater', 'throws', 'throwsLater', 'returnsError', 'returnsErrorLater', 'throwsText', 'throwsNothing', 'throwsGraphQL', 'returnsGraphQL', 'forbidden', 'unavailable',
  'badInput', 'errorsInList', 'errorsInSureList', 'promisesInList', 'noList', 'aSet', 'int', 'tooLarge', 'notANumber', 'noColour', 'colour', 'moment', 'noMoment', 'anObject', 'id',
  'method { name }', 'thing { fails }', 'thing { failsLater }', 'thing { sureFails }', 'thing { sureFailsLater }', 'thingLater { fails }', 'thingLater { sureFailsLater }',
  'sureThing { sureFails }', 'sureThing { sureFailsLater }', 'things { fails }', 'things { sureFails }', 'things { sureFailsLater }', 'sureThings { failsLater }', 'sureThings { sureFails }',
  'sureThings { sureFailsLater }', 'thing { children { fails } }', 'thing { children { sureFailsLater } }', 'thing { sureChildren { sureFails } }', 'thing { sureChildren { name failsLater } name }',
  'thing { sureChild { fails sureFails } }', 'thing { sureChild { sureFailsLater failsLater } name }', 'thing { child { sureChild { sureFails } name } fails }',
];

/** Each fault alone, beside data, and beside another one on either side. */
function faultCases(): Record<string, ExecutionCase> {
  const cases: Record<string, ExecutionCase> = {};
  for (const fault of FAULTS) {
    cases[fault] = asked(`{ ${fault} }`);
    cases[`${fault} beside data`] = asked(`{ a: int thingLater { name } ${fault} b: colour }`);
    cases[`${fault} before a refusal`] = asked(`{ f: ${fault} u: unavailable r: forbidden }`);
    cases[`${fault} after a refusal`] = asked(`{ r: forbidden u: unavailable f: ${fault} }`);
  }
  return cases;
}

const REQUESTS: Readonly<Record<string, ExecutionCase>> = {
  'an empty object of extensions': { body: { query: '{ int }', extensions: {} } },
  'extensions that are null': { body: { query: '{ int }', extensions: null } },
  'extensions that are a text': { body: { query: '{ int }', extensions: 'x' } },
  'a persisted query': { body: { query: '{ int }', extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } },
  'a persisted query without its text': { body: { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } } },
  'members that nobody knows': { body: { query: '{ int }', id: 7, doc_id: 'x', mutation: 'mutation { bump }' } },
  'no query': { body: { variables: {} } },
  'a query of the wrong type': { body: { query: { kind: 'Document' } } },
  'an empty object': { body: {} },
  'an array of requests': { body: '[{"query":"{ int }"}]' },
  'a text that is not JSON': { body: '{"query":' },
  'a query given twice': { body: '{"query":"{ colour }","query":"{ int }"}' },
  'a query in escapes': { body: '{"query":"\\u007b int \\u007d"}' },
  'white space about the JSON': { body: ' \n{"query" : "{ int }"}\n ' },
  'a byte order mark in the query': { body: { query: '\ufeff{ int }' } },
  'a lone surrogate in the query': { body: { query: '{ said(text: "\ud800") }' } },
  'an Idempotency-Key, which a query ignores': { body: { query: '{ int }' }, headers: { 'idempotency-key': 'a key' } },
  'an Idempotency-Key that cannot be used': { body: { query: '{ int }' }, headers: { 'idempotency-key': ' , ' } },
  'a media type that is refused': { body: { query: '{ int }' }, headers: { accept: 'text/html' } },
  'a media type with parameters': { body: { query: '{ forbidden }' }, headers: { accept: 'application/graphql-response+json; charset=utf-8, application/json;q=0.9' } },
  'a content type that is refused': { body: { query: '{ int }' }, headers: { 'content-type': 'text/plain' } },
};

export const EXECUTION_CASES: Readonly<Record<string, Readonly<Record<string, ExecutionCase>>>> = {
  'the operation of a request': OPERATIONS,
  'documents': DOCUMENTS,
  'directives': DIRECTIVES,
  'values of variables': valueCases(),
  'variables': VARIABLES,
  'faults of resolvers': faultCases(),
  'requests': REQUESTS,
};
