import { isObjectType } from 'graphql';
import type { Client, GraphqlAnswer } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { GUARDED, MATRICES, type MatrixKey, type Person, PLAIN, PUBLIC, type Row, SIGNED_IN } from './authorization-matrix.js';
import { type Probe, PROBES } from './probes.js';
import { Stage } from './stage.js';

let test: GatewayForTests;
let world: World;
const stages = new Map<MatrixKey, Stage>();
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  for (const matrix of MATRICES) stages.set(matrix, await Stage.make(test, world, matrix));
});
afterAll(() => test.close());

/** What every change leaves a mark on: revisions, and the audit log. */
async function marks(): Promise<unknown> {
  return test.gateway.database.dataSource.query(
    'SELECT (SELECT count(*) FROM audit_events) AS events, (SELECT sum(revision) FROM tenants) AS revisions, (SELECT revision FROM platform) AS platform',
  );
}

function codesOf({ errors }: GraphqlAnswer<unknown>): string {
  return errors.length === 0 ? 'through' : errors.map((error) => error.extensions.code).join(' ');
}

/** Everybody whom the row refuses, and what they must be told. */
async function refusedOn(stage: Stage, row: Row): Promise<[string, Client, string][]> {
  const people = await Promise.all(
    stage.kindsOfPeople.filter((kind) => !row[stage.matrix].includes(kind)).map(async (kind): Promise<[string, Client]> => [kind, (await stage.person(kind)).client]),
  );
  const known = [...people, ...(await stage.keysRefused(row))];
  return [['anonymous', world.anonymous, 'UNAUTHENTICATED'], ...known.map(([kind, client]): [string, Client, string] => [kind, client, 'FORBIDDEN'])];
}

async function stageFor(probe: Probe, shared: Stage): Promise<Stage> {
  return probe.usesUpTenant ? Stage.make(test, world, shared.matrix) : shared;
}

/** One after the other, each with something of their own to do it to: who gets through changes what the next would find. */
async function answersOfAllowed(shared: Stage, row: Row, probe: Probe): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const kind of row[shared.matrix]) {
    const stage = await stageFor(probe, shared);
    const { client } = await stage.person(kind);
    answers[kind] = codesOf(await (await probe.prepare(stage))(client));
  }
  const { length } = await shared.keysThrough(row, probe.reach);
  for (let i = 0; i < length; i++) {
    const stage = await stageFor(probe, shared);
    const [kind, client] = (await stage.keysThrough(row, probe.reach))[i]!;
    answers[kind] = codesOf(await (await probe.prepare(stage))(client));
  }
  return answers;
}

describe('the authorization matrix', () => {
  it('has a row for every query, mutation and subscription, and every field of a tenant, a person or a change that is not plainly reachable', () => {
    const { schema } = test.gateway.parts;
    const fields = ['Query', 'Mutation', 'Subscription', ...Object.keys(PLAIN)].flatMap((name) => {
      const type = schema.getType(name);
      const plain = PLAIN[name] ?? [];
      return isObjectType(type) ? Object.keys(type.getFields()).filter((field) => !plain.includes(field)).map((field) => `${name}.${field}`) : [];
    });
    const rows = [...Object.keys(GUARDED).filter((row) => !row.includes(' ')), ...SIGNED_IN, ...PUBLIC];
    expect(fields.toSorted()).toEqual(rows.toSorted());
    expect(Object.keys(PROBES).toSorted()).toEqual(Object.keys(GUARDED).toSorted());
  });
});

describe.each(MATRICES)('under the matrix %s', (matrix) => {
  const rows = Object.entries(GUARDED);

  it.each(rows)('%s refuses everybody whom the authorization matrix does not name, without any effect', async (name, row) => {
    const probe = PROBES[name]!;
    const stage = await stageFor(probe, stages.get(matrix)!);
    const callers = await refusedOn(stage, row);
    const ask = await probe.prepare(stage);
    const before = await marks();
    const answers = await Promise.all(callers.map(async ([kind, client]) => [kind, codesOf(await ask(client))]));
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(callers.map(([kind, , code]) => [kind, code])));
    expect(await marks()).toEqual(before);
  });

  it.each(rows)('%s lets through everybody whom the authorization matrix names', async (name, row) => {
    const answers = await answersOfAllowed(stages.get(matrix)!, row, PROBES[name]!);
    // There is no ownership to pass on under a matrix without an owner role, which only those are told who may ask.
    const through = name === 'Mutation.transferOwnership' && matrix === 'nanami' ? 'BAD_USER_INPUT' : 'through';
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((kind) => [kind, through])));
  });

  it.each(SIGNED_IN)('%s answers whoever is signed in, and every key, but nobody else', async (name) => {
    const stage = stages.get(matrix)!;
    const field = { 'Query.viewer': 'viewer { memberships { totalCount } }', 'Query.roleMatrix': `roleMatrix(key: "${matrix}") { key }` }[name as string];
    const query = `{ ${field ?? (name === 'Query.tenants' ? 'tenants { totalCount }' : 'roleMatrices { key }')} }`;
    for (const [kind, client] of await everybody(stage)) expect([kind, codesOf(await client.send(query))]).toEqual([kind, 'through']);
    expect(codesOf(await world.anonymous.send(query))).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['Mutation.bootstrap', 'bootstrap(input: { secret: "guessed", name: "M", email: "m@people.example", password: "long enough" }) { accessToken }'],
    ['Mutation.acceptInvitation', 'acceptInvitation(input: { secret: "guessed" }) { revision }'],
    ['Mutation.signIn', 'signIn(input: { email: "m@people.example", password: "guessed" }) { accessToken }'],
    ['Mutation.setPassword', 'setPassword(input: { secret: "guessed", password: "long enough" }) { accessToken }'],
  ])('%s says the same to everybody who only guesses, signed in or not', async (_name, field) => {
    const answers: string[] = [];
    // Guessing is throttled by account and by address: each guesses at an account of their own, after the window of the test before.
    test.clock.advance(16 * 60_000);
    for (const [i, [, client]] of [['anonymous', world.anonymous] as const, ...(await everybody(stages.get(matrix)!))].entries()) {
      const { status, text } = await client.send(`mutation { ${field.replace('m@', `m-${i}@`)} }`);
      answers.push(`${status} ${text}`);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^(401|404) .*"code":"(UNAUTHENTICATED|NOT_FOUND)"/);
  });
});

/** Every kind of caller who is somebody. */
async function everybody(stage: Stage): Promise<[string, Client][]> {
  const people = await Promise.all(stage.kindsOfPeople.map(async (kind): Promise<[string, Client]> => [kind, (await stage.person(kind)).client]));
  return [...people, ...(await stage.keysRefused(GUARDED['Query.check']!)), ['root key', world.root]];
}

describe('about themselves', () => {
  const answered: readonly Person[] = ['end_user', 'viewer', 'suspended admin', 'expired admin', 'member of another tenant', 'nobody'];
  it.each(answered)('%s asks, reads and renames, though not others', async (kind) => {
    const stage = stages.get('fastn')!;
    const { client, userId } = await stage.person(kind);
    const input = { tenantId: stage.tenantId, userId, permission: stage.words.permission };
    const own = `query($id: ID!, $input: CheckInput!, $inputs: [CheckInput!]!, $all: EffectivePermissionsInput!) {
      user(id: $id) { memberships { totalCount } } check(input: $input) { allowed } checks(inputs: $inputs) { allowed }
      explain(input: $input) { decision { allowed } } effectivePermissions(input: $all) { keys }
      viewer { user { id } memberships { edges { node { effectivePermissions { keys } } } } } }`;
    const asked = await client.send(own, { id: userId, input, inputs: [input], all: { tenantId: stage.tenantId, userId } });
    expect(codesOf(asked)).toBe('through');
    expect(codesOf(await client.mutate('updateUser', { userId, name: 'By themselves' }, 'user { name }'))).toBe('through');
    const { userId: other } = await stage.member();
    expect(codesOf(await client.mutate('updateUser', { userId: other, name: 'By somebody else' }, 'user { name }'))).toBe('FORBIDDEN');
  });
});
