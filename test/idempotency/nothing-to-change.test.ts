import type { GraphQLObjectType } from 'graphql';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { NOT_SETTINGS, SETTINGS } from './nothing-to-change.js';

/** Of every type of payload. */
const SELECTIONS: Readonly<Record<string, string>> = {
  TenantPayload: 'tenant { id name status plan owner { id } } revision',
  DepartmentPayload: 'department { id name } revision',
  CustomerPayload: 'customer { id name } revision',
  RolePayload: 'role { key name description permissions } revision',
  MembershipPayload: 'membership { role { key } status expiresAt departmentOverrides { role { key } expiresAt } } revision',
  InvitationPayload: 'invitation { id status } revision',
  ApiKeyPayload: 'apiKey { id revokedAt }',
  UserPayload: 'user { id name email accountRole status }',
};

let test: GatewayForTests;
let world: World;

beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const mutationType = (): GraphQLObjectType => test.gateway.parts.schema.getMutationType()!;

function selectionFor(mutation: string): string {
  return SELECTIONS[String(mutationType().getFields()[mutation]!.type)]!;
}

/** Everything that a change leaves behind: revisions and events, of tenants and of the platform. */
async function traces(): Promise<unknown> {
  const { dataSource } = test.gateway.database;
  return {
    tenants: await dataSource.query('SELECT id, revision, structure_revision FROM tenants ORDER BY id'),
    platform: await dataSource.query('SELECT revision FROM platform'),
    events: await dataSource.query('SELECT tenant_id, revision, action FROM audit_events ORDER BY tenant_id, revision'),
  };
}

describe('asked for a second time', () => {
  it.each(Object.entries(SETTINGS))('%s is no error, and changes nothing', async (_what, prepare) => {
    const prepared = await prepare(world);
    const [first, second] = 'mutation' in prepared ? [prepared, prepared] : [prepared[0]!, prepared[1]!];
    const select = selectionFor(first.mutation);
    const done = await must((first.by ?? world.root).mutate(first.mutation, first.input, select));
    const left = await traces();
    test.clock.advance(1000);
    const again = await must((second.by ?? world.root).mutate(second.mutation, second.input, select));
    expect(again.data).toEqual(done.data);
    expect(await traces()).toEqual(left);
  });
});

it('is asked of every mutation that sets something', () => {
  const asked = Object.keys(SETTINGS).map((name) => name.split(':')[0]!);
  expect([...new Set(asked), ...Object.keys(NOT_SETTINGS)].sort()).toEqual(Object.keys(mutationType().getFields()).sort());
});
