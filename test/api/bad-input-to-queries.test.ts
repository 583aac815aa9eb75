import type { GraphqlAnswer } from '../support/client.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { BAD_IDS, BAD_TEXTS, WRONG_TYPES } from './bad-values.js';
import { expectNoInternals } from './expectations.js';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let userId: string;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  ({ tenantId } = await world.tenant({ departments: ['sales'], customers: ['initech'] }));
  ({ userId } = await world.member(tenantId, 'developer'));
});
afterAll(() => test.close());

/** Refused with this code for the sake of this field, and without a word too much. */
function expectRefused(
  answer: GraphqlAnswer<unknown>,
  refusal: { readonly status?: number; readonly code?: string; readonly field?: string },
): void {
  const { status = 400, code = 'BAD_USER_INPUT', ...field } = refusal;
  expect([answer.status, answer.errors.map(({ extensions }) => extensions)]).toEqual([status, [{ code, ...field }]]);
  expectNoInternals(answer.text);
}

const QUESTIONS: readonly (readonly [string, string, string])[] = [
  ['check', 'CheckInput', 'allowed'],
  ['explain', 'CheckInput', 'decision { allowed }'],
  ['checkPermissions', 'CheckPermissionsInput', 'allowed'],
  ['effectivePermissions', 'EffectivePermissionsInput', 'keys'],
  ['usersWithPermission', 'UsersWithPermissionInput', 'totalCount'],
];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  CheckInput: ['userId', 'tenantId', 'departmentId', 'customerId', 'ownerId'],
  CheckPermissionsInput: ['userId', 'tenantId', 'departmentId', 'customerId', 'ownerId'],
  EffectivePermissionsInput: ['userId', 'tenantId', 'departmentId', 'customerId'],
  UsersWithPermissionInput: ['tenantId', 'departmentId', 'customerId'],
};

function questionOf(type: string): Record<string, unknown> {
  const permission = type === 'CheckPermissionsInput' ? { permissions: ['connectors.read'] } : { permission: 'connectors.read' };
  const person = type === 'UsersWithPermissionInput' ? {} : { userId };
  return { tenantId, ...person, ...(type === 'EffectivePermissionsInput' ? {} : permission) };
}

describe.each(QUESTIONS)('%s', (query, type, select) => {
  const ask = (input: object) =>
    world.root.send(`query($input: ${type}!) { ${query}(input: $input) { ${select} } }`, {
      input: { ...questionOf(type), ...input },
    });

  it.each(FIELDS[type]!)('refuses a %s that breaks the rule for ids, or is of another type', async (field) => {
    for (const id of [...BAD_IDS, ...WRONG_TYPES.ID]) expectRefused(await ask({ [field]: id }), { field: `input.${field}` });
  });

  it('refuses a surface that there is not', async () => {
    for (const surface of ['MOON', 'platform', '', 1, true, ['PLATFORM', 'WIDGET']])
      expectRefused(await ask({ surface }), { field: 'input.surface' });
    const literal = `{ ${query}(input: { tenantId: "t", surface: MOON }) { ${select} } }`;
    const answer = await world.root.send(literal);
    expect([answer.status, answer.errors[0]!.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(answer.text).not.toMatch(/did you mean/i);
  });

  it('takes null for whatever may be left out', async () => {
    const nothing = type === 'UsersWithPermissionInput' || type === 'EffectivePermissionsInput' ? {} : { ownerId: null };
    const { errors } = await ask({ departmentId: null, customerId: null, surface: null, ...nothing });
    expect(errors).toEqual([]);
  });

  it('takes a number for an id, as GraphQL has it', async () => {
    expect((await ask({ tenantId: 12 })).errors).toEqual([]);
  });
});

describe('a permission that is no permission', () => {
  it.each([
    '',
    ' ',
    'connectors',
    'Connectors.read',
    'connectors.read ',
    'connectors.*',
    '*',
    'ünïcode',
    'x'.repeat(10_000),
    '__proto__',
    'a\u0000b',
  ])('%j is refused with a reason and never an error', async (permission) => {
    const document = `query($check: CheckInput!, $list: CheckPermissionsInput!, $all: UsersWithPermissionInput!) {
        check(input: $check) { allowed reason } explain(input: $check) { decision { reason } }
        checkPermissions(input: $list) { allowed } usersWithPermission(input: $all) { totalCount } }`;
    const variables = {
      check: { tenantId, userId, permission },
      list: { tenantId, userId, permissions: [permission] },
      all: { tenantId, permission },
    };
    expect(await world.root.ask(document, variables)).toEqual({
      check: { allowed: false, reason: 'UNKNOWN_PERMISSION' },
      explain: { decision: { reason: 'UNKNOWN_PERMISSION' } },
      checkPermissions: { allowed: [false] },
      usersWithPermission: { totalCount: 0 },
    });
  });
});

describe('lists of questions', () => {
  const CHECKS = 'query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed } }';
  const PERMISSIONS = 'query($input: CheckPermissionsInput!) { checkPermissions(input: $input) { allowed } }';
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      tenantId,
      userId,
      permission: i % 2 === 0 ? 'connectors.read' : 'billing.manage',
    }));
  const keys = (count: number) => many(count).map(({ permission }) => permission);

  it.each([0, 1, 999, 1000])('of %d are answered one by one in their order', async (count) => {
    const expected = many(count).map((_question, i) => i % 2 === 0);
    const { checks } = await world.root.ask<{ checks: { allowed: boolean }[] }>(CHECKS, { inputs: many(count) });
    expect(checks.map(({ allowed }) => allowed)).toEqual(expected);
    expect(await world.root.ask(PERMISSIONS, { input: { tenantId, userId, permissions: keys(count) } })).toEqual({
      checkPermissions: { allowed: expected },
    });
  });

  it.each([1001, 5000])('of %d are refused', async (count) => {
    expectRefused(await world.root.send(CHECKS, { inputs: many(count) }), { code: 'LIMIT_EXCEEDED', field: 'inputs' });
    const input = { tenantId, userId, permissions: keys(count) };
    expectRefused(await world.root.send(PERMISSIONS, { input }), { code: 'LIMIT_EXCEEDED', field: 'input.permissions' });
  });

  it('are refused whole for one malformed question, which is named', async () => {
    const inputs = many(10).with(7, { tenantId, userId: 'no body', permission: 'connectors.read' });
    expectRefused(await world.root.send(CHECKS, { inputs }), { field: 'inputs.7.userId' });
  });

  it.each([[[null]], [[1]], ['check'], [{ 0: {} }], [[[]]]])('are refused where they are %j', async (inputs) => {
    const answer = await world.root.send(CHECKS, { inputs });
    expect([answer.status, answer.errors[0]!.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expectNoInternals(answer.text);
  });
});

describe('arguments that name things', () => {
  const ARGUMENTS: readonly (readonly [string, string, number])[] = [
    ['id', 'query($id: ID!) { tenant(id: $id) { id } }', 400],
    ['id', 'query($id: ID!) { user(id: $id) { id } }', 400],
    ['key', 'query($key: ID!) { roleMatrix(key: $key) { key } }', 400],
    ['userId', 'query($t: ID!, $userId: ID!) { tenant(id: $t) { membership(userId: $userId) { status } } }', 200],
    ['key', 'query($t: ID!, $key: ID!) { tenant(id: $t) { role(key: $key) { key } } }', 200],
    ['role', 'query($t: ID!, $role: ID!) { tenant(id: $t) { memberships(role: $role) { totalCount } } }', 200],
    [
      'departmentId',
      'query($t: ID!, $departmentId: ID!) { tenant(id: $t) { memberships(departmentId: $departmentId) { totalCount } } }',
      200,
    ],
    [
      'customerId',
      'query($t: ID!, $customerId: ID!) { tenant(id: $t) { memberships(customerId: $customerId) { totalCount } } }',
      200,
    ],
  ];
  it.each(ARGUMENTS)('are refused as %s in %s', async (name, document, status) => {
    const tenant = document.includes('$t:') ? { t: tenantId } : {};
    for (const id of BAD_IDS) expectRefused(await world.root.send(document, { ...tenant, [name]: id }), { status, field: name });
    for (const id of WRONG_TYPES.ID) expectRefused(await world.root.send(document, { ...tenant, [name]: id }), { field: name });
  });

  it('are told to nobody who may not know the tenant', async () => {
    const { client } = await world.person();
    for (const id of BAD_IDS)
      expect(await client.codes('query($id: ID!) { tenant(id: $id) { id } }', { id })).toEqual(['FORBIDDEN']);
  });

  it.each(['tenantId', 'departmentId', 'customerId', 'ownerId'])('are nothing that the viewer could do something with, as %s', async (field) => {
    const { client } = await world.person();
    const document = `query($t: ID!, $id: ID!) { viewer { can(tenantId: $t, permission: "x", ${field === 'tenantId' ? '' : `${field}: $id`}) } v: viewer { user { id } } }`;
    for (const id of BAD_IDS) {
      const answer = await client.send<{ viewer: { can: boolean } }>(
        field === 'tenantId' ? document.replace('$t, perm', '$id, perm').replace('$t: ID!, ', '') : document,
        { t: tenantId, id },
      );
      expect([answer.errors, answer.data?.viewer.can]).toEqual([[], false]);
    }
  });

  it.each(BAD_TEXTS)('answers a search for %j without a fault', async (search) => {
    const answer = await world.root.send('query($search: String) { users(search: $search, first: 1) { totalCount } }', {
      search,
    });
    expect(answer.status).toBeLessThan(500);
    expect(answer.errors.map((error) => error.extensions.code)).toEqual(search.includes('\u0000') ? ['BAD_USER_INPUT'] : []);
    expectNoInternals(answer.text);
  });
});

describe('a mode of consistency that there is not', () => {
  const document = 'query($c: ConsistencyInput, $input: CheckInput!) { check(input: $input, consistency: $c) { allowed } }';
  const ask = (mode: unknown) =>
    world.root.send(document, { c: { mode }, input: { tenantId, userId, permission: 'connectors.read' } });

  it.each(['full', 'EVENTUAL', '', 1, true])('is refused: %j', async (mode) => {
    expectRefused(await ask(mode), { field: 'c.mode' });
  });

  it('may be null, which is the ordinary one', async () => {
    expect((await ask(null)).data).toEqual({ check: { allowed: true } });
  });
});
