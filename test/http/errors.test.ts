import { readCredential } from '../../src/access/bearer.js';
import { AppError } from '../../src/errors.js';
import { SECRETS } from './toy-schema.js';
import { anonymously, exchange, rawPost, startToy } from './toy-server.js';
import type { Answer } from './toy-server.js';

const RESPONSE = 'application/graphql-response+json';

function first(answer: Answer): { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> } {
  const error = answer.json.errors?.[0];
  if (error === undefined) throw new Error(`no error in ${answer.text}`);
  return error;
}

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

describe('errors of execution', () => {
  const known: readonly (readonly [string, number, object])[] = [
    ['forbidden', 403, { code: 'FORBIDDEN' }],
    ['missing', 404, { code: 'NOT_FOUND' }],
    ['badRole', 400, { code: 'BAD_USER_INPUT', field: 'role' }],
    ['escalation(text: "roles.manage")', 403, { code: 'ESCALATION', missing: ['roles.manage'] }],
    ['invalid', 400, { code: 'BAD_USER_INPUT', field: 'input.name' }],
  ];
  it.each(known)('tells the client what %s means', async (field, status, extensions) => {
    const toy = await startToy();
    const answer = await toy.ask(`{ ${field} }`);
    expect(answer.status).toBe(status);
    expect(first(answer).extensions).toEqual(extensions);
    expectNoSecret(answer.text);
  });

  const masked = ['unknown', 'thrownText', 'foreign', 'nothing', 'fragile(value: "x")'];
  it.each(masked)('masks what %s throws, and logs it under the id that it gives', async (field) => {
    const toy = await startToy();
    const answer = await toy.ask(`{ ${field} }`);
    const { message, extensions } = first(answer);
    expect(answer.status).toBe(500);
    expect(extensions).toEqual({ code: 'INTERNAL', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(message).toBe(`Something went wrong; quote this id to support: ${String(extensions['errorId'])}`);
    expectNoSecret(answer.text);
    expect(toy.log.filter((line) => line.includes(String(extensions['errorId'])))).toHaveLength(1);
  });

  it.each(['unknown', 'fault'])('logs the cause of %s', async (field) => {
    const toy = await startToy();
    const answer = await toy.ask(`{ ${field} }`);
    const line = toy.log.find((entry) => entry.includes(String(first(answer).extensions['errorId'])));
    expect(line).toContain(SECRETS[1]);
    expect(line).toContain(SECRETS[2]);
    expectNoSecret(answer.text);
  });

  it('says of a fault what to do, with 503', async () => {
    const toy = await startToy();
    const answer = await toy.ask('{ fault }');
    expect(answer.status).toBe(503);
    expect(first(answer)).toMatchObject({ message: 'Try again shortly.', extensions: { code: 'UNAVAILABLE' } });
  });

  it('masks a fault of a scalar in a variable', async () => {
    const toy = await startToy();
    const answer = await toy.ask('query ($v: Fragile) { fragile(value: $v) }', { v: 1 });
    expect(first(answer).extensions).toMatchObject({ code: 'INTERNAL' });
    expectNoSecret(answer.text);
  });

  it('tells what a scalar of ours refuses, in variables and in literals', async () => {
    const toy = await startToy();
    const answers = [await toy.ask('{ key(key: "x") }'), await toy.ask('query ($k: Key) { key(key: $k) }', { k: '' })];
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(first(answer)).toMatchObject({ message: 'A key has 1 to 255 printable characters.', extensions: { code: 'BAD_USER_INPUT', field: 'key' } });
    }
  });

  const statuses: readonly (readonly [string, number])[] = [
    ['{ missing }', 404],
    ['{ missing forbidden }', 404],
    ['{ forbidden missing }', 403],
    ['{ hello missing }', 200],
    ['{ missing __typename }', 200],
    ['{ missing echo }', 200],
    ['{ self { missing } }', 200],
    ['{ nothing hello }', 500],
  ];
  it.each(statuses)('answers %s with %d', async (query, status) => {
    const toy = await startToy();
    expect((await toy.ask(query)).status).toBe(status);
    const asked = await toy.ask(query, {}, { accept: RESPONSE });
    expect(asked.status).toBe(200);
    expect(asked.json.errors?.length).toBeGreaterThan(0);
  });

  it('keeps the errors of requests apart that fail at the same time', async () => {
    const toy = await startToy();
    const texts = Array.from({ length: 50 }, (_, i) => `permission.${i}.`);
    const answers = await Promise.all(texts.map((text) => toy.ask('query ($t: String) { escalation(text: $t) unknown }', { t: text })));
    for (const [i, answer] of answers.entries()) {
      expect(answer.json.errors?.[0]?.extensions).toEqual({ code: 'ESCALATION', missing: [texts[i]] });
    }
    expect(new Set(answers.map((answer) => answer.json.errors?.[1]?.extensions['errorId'])).size).toBe(50);
  });
});

describe('errors of documents and variables', () => {
  const cases: readonly (readonly [string, string, object, object])[] = [
    ['a document that is none', '{ hello', {}, { code: 'GRAPHQL_PARSE_FAILED' }],
    ['a field that there is not', '{ helo }', {}, { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['an enum literal that there is not', '{ surface(surface: WIDGIT) }', {}, { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['an enum value that there is not', 'query ($s: Surface) { surface(surface: $s) }', { s: 'WIDGIT' }, { code: 'BAD_USER_INPUT', field: 's' }],
    [
      'an enum value deep inside',
      'query ($input: SignIn) { signIn(input: $input) }',
      { input: { email: 'a', surface: 'WIDGIT' } },
      { code: 'BAD_USER_INPUT', field: 'input.surface' },
    ],
    [
      'an input field that there is not',
      'query ($input: SignIn) { signIn(input: $input) }',
      { input: { email: 'a', pasword: 1 } },
      { code: 'BAD_USER_INPUT', field: 'input' },
    ],
    ['a variable that is missing', 'query ($id: ID!) { need(id: $id) }', {}, { code: 'BAD_USER_INPUT', field: 'id' }],
    ['a variable that may be null for an argument that may not', 'query ($id: ID = "x") { need(id: $id) }', { id: null }, { code: 'BAD_USER_INPUT', field: 'id' }],
    ['a directive without its value', 'query ($b: Boolean = true) { hello @skip(if: $b) }', { b: null }, { code: 'BAD_USER_INPUT' }],
    ['no operation of that name', 'query A { hello } query B { hello }', {}, { code: 'OPERATION_RESOLUTION_FAILURE' }],
  ];
  it.each(cases)('refuses %s with 400 and suggests nothing', async (_name, query, variables, extensions) => {
    const toy = await startToy();
    const answer = await toy.ask(query, variables);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toHaveLength(1);
    expect(first(answer).extensions).toEqual(extensions);
    expect(answer.text).not.toMatch(/did you mean|hello"|WIDGET|password/i);
    expect(answer.text).not.toMatch(/node_modules|\.js:|\.ts:/);
  });

  it('does not send a large input back once for each of its errors', async () => {
    const toy = await startToy();
    const names = Array.from({ length: 10 }, (_, i) => `v${i}`);
    const declared = names.map((name) => `$${name}: SignIn`).join(' ');
    const used = names.map((name) => `${name}: signIn(input: $${name})`).join(' ');
    const variables = Object.fromEntries(names.map((name) => [name, { bulk: 'x'.repeat(50_000) }]));
    const answer = await toy.ask(`query (${declared}) { ${used} }`, variables);
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(20_000);
    expect(answer.json.errors?.every((error) => error.extensions['code'] === 'BAD_USER_INPUT')).toBe(true);
  });

  it('cuts suggestions from long messages without reading them over and over', async () => {
    const toy = await startToy();
    const answer = await toy.ask(`{ surface(surface: "${'Did you mean '.repeat(9000)}") }`);
    expect(answer.status).toBe(400);
    expect(first(answer).message.length).toBeLessThan(600);
  });
});

const contextOf: typeof anonymously = async (call) => {
  if (readCredential(call) === 'bad') throw new AppError('UNAUTHENTICATED', 'Sign in again.', { cause: new Error('expired') });
  return anonymously(call);
};

describe('authentication', () => {
  it('answers a token that does not count with 401, and executes nothing', async () => {
    const toy = await startToy({ contextOf });
    const answer = await toy.ask('{ hello }', {}, { authorization: 'Bearer bad' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.json).toEqual({ errors: [{ message: 'Sign in again.', extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(toy.log.some((line) => line.includes('expired'))).toBe(true);
  });

  it('lets those who decide see a header that was sent twice', async () => {
    const toy = await startToy({ contextOf });
    const headers = ['Content-Type: application/json', 'Connection: close', 'Authorization: Bearer good', 'Authorization: Bearer good'];
    expect(await exchange(toy.url, rawPost('{ hello }', headers))).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('masks a fault while it finds out who is calling', async () => {
    const toy = await startToy({ contextOf: () => Promise.reject(new Error(SECRETS.join(' '))) });
    const answer = await toy.ask('{ hello }');
    expect(answer.status).toBe(500);
    expect(first(answer).extensions).toMatchObject({ code: 'INTERNAL' });
    expectNoSecret(answer.text);
  });
});
