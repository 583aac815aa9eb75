import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import type { GraphqlAnswer } from '../support/client.js';
import { gatewayForTests, type GatewayForTests, ROOT } from '../support/gateway.js';
import { World } from '../support/world.js';
import { BAD_DATES, BAD_IDS, BAD_TEXTS, UNSTORABLE_TEXTS, WRONG_TYPES } from './bad-values.js';
import { expectNoInternals } from './expectations.js';
import { type InputPlace, inputPlaces } from './places-for-values.js';
import { richTenant, type RichTenant } from './rich-tenant.js';
import { validInputs } from './valid-inputs.js';

const PLACES = inputPlaces(buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8')));
const placesOf = (...kinds: InputPlace['kind'][]) => PLACES.filter(({ kind }) => kinds.includes(kind));

let test: GatewayForTests;
let world: World;
let rich: RichTenant;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  rich = await richTenant(world);
});
afterAll(() => test.close());

function send({ mutation, inputType, field }: InputPlace, value: unknown): Promise<GraphqlAnswer<Record<string, unknown>>> {
  const input = { ...validInputs(rich, world.unique('fresh'))[mutation], [field]: value };
  return world.root.send(`mutation($input: ${inputType}!) { ${mutation}(input: $input) { __typename } }`, { input });
}

/** Everything that changes leave behind. */
async function traces(): Promise<unknown> {
  return test.gateway.database.dataSource.query(
    `SELECT (SELECT count(*) FROM audit_events), (SELECT sum(revision) FROM tenants), (SELECT revision FROM platform), (SELECT count(*) FROM users),
       (SELECT count(*) FROM tenants), (SELECT count(*) FROM sign_ins), (SELECT count(*) FROM one_time_secrets), (SELECT count(*) FROM api_keys)`,
  );
}

/** `permissions` of `input.permissions[0]`. */
function fieldIn(path: unknown): string | undefined {
  return /(\w+)(?:\[\d+\])?$/.exec(String(path))?.[1];
}

/** Refused with 400 for the sake of this field, without a word too much, and with nothing done. */
async function expectRefused(place: InputPlace, values: readonly unknown[]): Promise<void> {
  const before = await traces();
  for (const value of values) {
    const { status, errors, text } = await send(place, value);
    const told = errors.map(({ extensions }) => [extensions.code, fieldIn(extensions['field'])]);
    expect({ value, status, told }).toEqual({ value, status: 400, told: [['BAD_USER_INPUT', place.field]] });
    expectNoInternals(text);
  }
  expect(await traces()).toEqual(before);
}

describe('every mutation', () => {
  it('has an input to start from that is well-formed: it goes through, or is refused for what it names', async () => {
    expect(Object.keys(validInputs(rich, 'fresh')).toSorted()).toEqual(
      [...new Set(PLACES.map(({ mutation }) => mutation))].toSorted(),
    );
    const codes = new Set<string>();
    const other = await richTenant(world);
    for (const mutation of Object.keys(validInputs(other, 'fresh'))) {
      const { errors } = await world.root.mutate(mutation, validInputs(other, world.unique('fresh'))[mutation]!, '__typename');
      codes.add(errors[0]?.extensions.code ?? 'done');
    }
    expect([...codes].toSorted()).toEqual(['NOT_FOUND', 'UNAUTHENTICATED', 'done']);
  });

  // Whose password may be reset depends on who they are: nobody is told more of whom there cannot be.
  const named = placesOf('ID').filter(({ mutation }) => mutation !== 'resetPassword');
  it.each(named)('refuses to $mutation with a $field that breaks the rule for ids', (place) => expectRefused(place, BAD_IDS));

  it('refuses to reset the password of whom there cannot be as that of anybody unknown', async () => {
    for (const userId of ['nobody', ...BAD_IDS]) {
      const answer = await world.root.mutate('resetPassword', { userId }, 'secret');
      expect([userId, answer.status, answer.errors.map((error) => error.extensions.code)]).toEqual([userId, 404, ['NOT_FOUND']]);
    }
  });

  it.each(placesOf('DateTime'))('refuses to $mutation with an $field that is no moment', (place) =>
    expectRefused(place, BAD_DATES),
  );

  it.each(placesOf('DateTime'))('refuses to $mutation with an $field that has passed', (place) =>
    expectRefused(place, ['2030-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z']),
  );

  it.each(placesOf('enum'))('refuses to $mutation with a $field that there is not', (place) =>
    expectRefused(place, ['SUPER_ADMIN', 'owner', '', 'OWNER ', 1, true, ['OWNER', 'ADMIN'], { OWNER: true }]),
  );

  it.each(placesOf('String', 'ID', 'list'))('refuses to $mutation with a $field of another type', (place) =>
    expectRefused(place, WRONG_TYPES[place.kind as 'String' | 'ID' | 'list']),
  );

  // Of passwords and secrets only hashes are stored.
  const stored = placesOf('String', 'list').filter(({ field }) => field !== 'password' && field !== 'secret');
  it.each(stored)('refuses to $mutation with a $field that would be stored as another text', async (place) => {
    await expectRefused(place, place.kind === 'list' ? UNSTORABLE_TEXTS.map((text) => [text]) : UNSTORABLE_TEXTS);
  });

  it.each(placesOf('String', 'list'))(
    'answers $mutation with odd text as $field by a refusal or by doing it, and never by a fault',
    async (place) => {
      for (const text of BAD_TEXTS) {
        const { status, errors, text: answer } = await send(place, place.kind === 'list' ? [text] : text);
        const codes = errors
          .map((error) => error.extensions.code)
          .filter((code) => code === 'INTERNAL' || code === 'UNAVAILABLE');
        expect({ text, codes, fault: status >= 500 }).toEqual({ text, codes: [], fault: false });
        expectNoInternals(answer);
      }
    },
  );
});
