import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { type IdArgument, idArguments } from './id-arguments.js';

const MALFORMED = { empty: '', 'with a blank': 'a b', 'too long': 'x'.repeat(256), 'with a null character': 'a\0b', 'not ASCII': 'tenänt' };

interface Tenant {
  readonly tenantId: string;
  readonly owner: Person;
  readonly departmentId: string;
  readonly customerId: string;
  readonly role: string;
  readonly userId: string;
  readonly invitationId: string;
  readonly keyId: string;
}

let test: GatewayForTests;
let world: World;
let mine: Tenant;
let theirs: Tenant;
let suspended: Tenant;
let everyArgument: readonly IdArgument[];
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  everyArgument = idArguments(test.gateway.parts.schema);
  mine = await furnished();
  theirs = await furnished();
  suspended = await furnished();
  await must(world.root.mutate('suspendTenant', { tenantId: suspended.tenantId }, 'revision'));
});
afterAll(() => test.close());

/** A tenant with one of everything, under ids that no other tenant has. */
async function furnished(): Promise<Tenant> {
  const departmentId = world.unique('department');
  const customerId = world.unique('customer');
  const role = world.unique('role');
  const { tenantId, owner } = await world.tenant({ departments: [departmentId], customers: [customerId] });
  await must(world.root.mutate('createRole', { tenantId, key: role, name: role, permissions: ['connectors.read'] }, 'revision'));
  const { userId } = await world.member(tenantId, 'viewer');
  const invited = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', { tenantId, email: `${world.unique('guest')}@people.example`, role }, 'invitation { id }'));
  const key = await must(world.root.mutate<{ apiKey: { id: string } }>('createApiKey', { tenantId, name: 'a key', capabilities: ['decision.read'] }, 'apiKey { id }'));
  return { tenantId, owner, departmentId, customerId, role, userId, invitationId: invited.data!['inviteMember']!.invitation.id, keyId: key.data!['createApiKey']!.apiKey.id };
}

/** Everything that an operation may want, named after what is in a tenant. */
function inputsOf({ tenantId, departmentId, customerId, role, userId, invitationId, keyId }: Tenant): Record<string, unknown> {
  const names = { name: 'A name', email: 'somebody@people.example', permission: 'connectors.read', permissions: ['connectors.read'], capabilities: ['decision.read'] };
  const ids = { tenantId, departmentId, customerId, role, userId, invitationId, id: keyId, newOwnerId: userId, sourceRole: role, key: world.unique('role') };
  return { ...names, ...ids, accountRole: 'MEMBER', matrix: 'fastn', ownerId: userId, secret: 'guessed', password: 'long enough' };
}

/** The whole answer but for the id that was asked about, which the caller knows. */
async function answerTo(client: Client, argument: IdArgument, id: string, others: Record<string, unknown>): Promise<string> {
  const { status, text } = await client.send(argument.document, argument.variables(id, others));
  return `${status} ${text}`.replaceAll(id === '' ? '\0' : JSON.stringify(JSON.stringify(id)).slice(1, -1), '<id>').replaceAll(id === '' ? '\0' : id, '<id>');
}

const namesTenant = ({ name }: IdArgument): boolean => name.endsWith('tenantId)') || name === 'Query.tenant(id)';
/** Of mutations of a tenant, the arguments that name something in it. */
const insideTenant = (): IdArgument[] =>
  everyArgument.filter((argument) => {
    const { input } = argument.variables('x', inputsOf(mine)) as { input?: object };
    return argument.operation.startsWith('Mutation.') && !namesTenant(argument) && input !== undefined && 'tenantId' in input && input.tenantId !== undefined;
  });
const FORBIDDEN = /^403 .*"code":"FORBIDDEN"/;

describe('to somebody who does not belong to it', () => {
  it('a tenant that exists answers every operation as one that is suspended, absent or malformed', async () => {
    const stranger = await world.member(mine.tenantId, 'admin');
    const alike = everyArgument.filter(namesTenant);
    expect(alike.length).toBeGreaterThan(30);
    for (const argument of alike) {
      const others = inputsOf(theirs);
      const expected = await answerTo(stranger.client, argument, theirs.tenantId, others);
      expect([argument.name, expected]).toEqual([argument.name, expect.stringMatching(FORBIDDEN)]);
      for (const id of [suspended.tenantId, world.unique('tenant'), ...Object.values(MALFORMED)]) {
        expect([argument.name, id, await answerTo(stranger.client, argument, id, others)]).toEqual([argument.name, id, expected]);
      }
    }
  });

  it('a person answers every operation as one who is absent or malformed', async () => {
    const stranger = await world.person();
    const alike = everyArgument.filter(({ name }) => /\((input\.userId|inputs\.userId|id)\)$/.test(name) && name !== 'Query.tenant(id)');
    expect(alike.length).toBeGreaterThan(15);
    for (const argument of alike) {
      const expected = await answerTo(stranger.client, argument, theirs.userId, inputsOf(theirs));
      expect([argument.name, expected]).toEqual([argument.name, expect.stringMatching(FORBIDDEN)]);
      for (const id of [world.unique('user'), ...Object.values(MALFORMED)]) {
        expect([argument.name, id, await answerTo(stranger.client, argument, id, inputsOf(theirs))]).toEqual([argument.name, id, expected]);
      }
    }
  });
});

describe('to somebody who asks about themselves', () => {
  /** Without the sentences of `explain`, which repeat the id that was asked about. */
  const QUESTIONS = `query($input: CheckInput!, $inputs: [CheckInput!]!, $many: CheckPermissionsInput!, $all: EffectivePermissionsInput!, $tenantId: ID!) {
    check(input: $input) { allowed reason role revision } checks(inputs: $inputs) { reason revision } checkPermissions(input: $many) { allowed revision }
    effectivePermissions(input: $all) { keys reason revision } explain(input: $input) { decision { reason revision } steps { rule passed } }
    viewer { can(tenantId: $tenantId, permission: "connectors.read") } }`;

  it.each(['tenantId', 'departmentId', 'customerId'] as const)('a %s of another tenant decides as one that is absent or malformed', async (field) => {
    const { client, userId } = await world.member(mine.tenantId, 'admin');
    const answer = async (id: string): Promise<unknown> => {
      const place = { tenantId: mine.tenantId, userId, [field]: id };
      const input = { ...place, permission: 'connectors.read' };
      const variables = { input, inputs: [input], many: { ...place, permissions: [input.permission] }, all: place, tenantId: place.tenantId };
      const { data, errors } = await client.send(QUESTIONS, variables);
      return { data, errors };
    };
    const expected = await answer(theirs[field]);
    expect(expected).toMatchObject({ errors: [], data: { check: { allowed: false } } });
    for (const id of [world.unique('absent'), ...Object.values(MALFORMED)]) expect([id, await answer(id)]).toEqual([id, expected]);
  });
});

describe('to a member without the right', () => {
  it('what the tenant has answers every mutation as what is absent, of another tenant, or malformed', async () => {
    const { client } = await world.member(mine.tenantId, 'viewer');
    const alike = insideTenant();
    expect(alike.length).toBeGreaterThan(20);
    for (const argument of alike) {
      const others = inputsOf(mine);
      const field = argument.path.at(-1)!;
      for (const id of [others[field], inputsOf(theirs)[field], world.unique('id'), ...Object.values(MALFORMED)]) {
        const answer = await answerTo(client, argument, String(id), others);
        expect([argument.name, id, answer]).toEqual([argument.name, id, expect.stringMatching(FORBIDDEN)]);
      }
    }
  });
});

/** Named afresh by whoever makes something; a person may be anybody whom the platform knows. */
const FREE: ReadonlySet<string> = new Set([
  'Mutation.createDepartment(input.id)',
  'Mutation.createCustomer(input.id)',
  'Mutation.createRole(input.key)',
  'Mutation.duplicateRole(input.key)',
  'Mutation.addMember(input.userId)',
]);

describe('to the owner of another tenant', () => {
  it('what another tenant has answers every mutation as what does not exist', async () => {
    const arguments_ = insideTenant().filter(({ name }) => !FREE.has(name));
    expect(arguments_.length).toBeGreaterThan(20);
    for (const argument of arguments_) {
      const foreign = String(inputsOf(theirs)[argument.path.at(-1)!]);
      const expected = await answerTo(mine.owner.client, argument, world.unique('absent'), inputsOf(mine));
      expect([argument.name, expected]).toEqual([argument.name, expect.stringMatching(/"code":"(NOT_FOUND|BAD_USER_INPUT|CONFLICT)"/)]);
      expect([argument.name, await answerTo(mine.owner.client, argument, foreign, inputsOf(mine))]).toEqual([argument.name, expected]);
    }
  });

  it('malformed ids are told as such or as absent, and never as a fault', async () => {
    for (const argument of insideTenant()) {
      for (const id of Object.values(MALFORMED)) {
        const answer = await answerTo(mine.owner.client, argument, id, inputsOf(mine));
        expect([argument.name, id, answer]).toEqual([argument.name, id, expect.stringMatching(/"code":"(NOT_FOUND|BAD_USER_INPUT)"/)]);
      }
    }
  });

  it.each([
    ['a member', 'membership(userId: $id) { status }', ({ userId }: Tenant) => userId],
    ['a role', 'role(key: $id) { key }', ({ role }: Tenant) => role],
    ['members of a role', 'memberships(role: $id) { totalCount edges { cursor } }', ({ role }: Tenant) => role],
    ['members in a department', 'memberships(departmentId: $id) { totalCount edges { cursor } }', ({ departmentId }: Tenant) => departmentId],
    ['members of a customer', 'memberships(customerId: $id) { totalCount edges { cursor } }', ({ customerId }: Tenant) => customerId],
  ])('%s of another tenant is as if it did not exist', async (_what, field, of) => {
    const ask = async (id: string) => mine.owner.client.send(`query($tenantId: ID!, $id: ID!) { tenant(id: $tenantId) { ${field} } }`, { tenantId: mine.tenantId, id });
    const { status, text } = await ask(world.unique('absent'));
    const foreign = await ask(of(theirs));
    expect([foreign.status, foreign.text]).toEqual([status, text]);
    expect((await ask('a\0b')).text).not.toContain('INTERNAL');
  });

  it('people, departments and customers of another tenant decide questions as absent ones do', async () => {
    const question = 'query($input: CheckInput!) { check(input: $input) { allowed reason role revision } }';
    const base = { tenantId: mine.tenantId, userId: mine.owner.userId, permission: 'connectors.read' };
    for (const field of ['userId', 'departmentId', 'customerId'] as const) {
      const [absent, foreign] = await Promise.all(
        [world.unique('absent'), theirs[field]].map((id) => mine.owner.client.ask(question, { input: { ...base, [field]: id } })),
      );
      expect([field, foreign]).toEqual([field, absent]);
    }
  });

  it('names taken in another tenant are free', async () => {
    const { client } = mine.owner;
    const { tenantId } = mine;
    const made = [
      await client.mutate('createDepartment', { tenantId, id: theirs.departmentId, name: 'Same' }, 'revision'),
      await client.mutate('createCustomer', { tenantId, id: theirs.customerId, name: 'Same' }, 'revision'),
      await client.mutate('createRole', { tenantId, key: theirs.role, name: 'Same', permissions: [] }, 'revision'),
    ];
    expect(made.map(({ errors }) => errors)).toEqual([[], [], []]);
  });

  it('an invitation says nothing of whether the address has an account', async () => {
    const known = (await world.person('invited')).userId;
    const invite = async (email: string) => {
      const { data } = await must(mine.owner.client.mutate<object>('inviteMember', { tenantId: mine.tenantId, email, role: 'viewer' }, 'invitation { status role { key } customer { id } }'));
      return data;
    };
    expect(await invite(`${known}@people.example`)).toEqual(await invite(`${world.unique('unknown')}@people.example`));
  });
});
