import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import type { Client } from '../support/client.js';
import { must, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const QUESTIONS = `query($input: CheckInput!, $checks: [CheckInput!]!, $many: CheckPermissionsInput!, $all: EffectivePermissionsInput!) {
  check(input: $input) { allowed reason role revision } checks(inputs: $checks) { reason } checkPermissions(input: $many) { allowed }
  effectivePermissions(input: $all) { keys role reason } explain(input: $input) { decision { reason } steps { rule passed detail } } }`;

async function told(client: Client, tenantId: string, userId: string): Promise<unknown> {
  const about = { tenantId, userId };
  const input = { ...about, permission: 'connectors.read' };
  return client.ask(QUESTIONS, { input, checks: [input], many: { ...about, permissions: [input.permission] }, all: about });
}

/** Somebody who belongs to another tenant, or to none. */
const ELSEWHERE: readonly (readonly [string, () => Promise<string>])[] = [
  ['an account without a tenant', async () => (await world.person()).userId],
  ['a member of another tenant', async () => (await world.member((await world.tenant()).tenantId, 'admin')).userId],
  ['an account ADMIN', async () => (await world.person('account-admin', 'ADMIN')).userId],
  ['an account VIEWER', async () => (await world.person('account-viewer', 'VIEWER')).userId],
  [
    'an account that is disabled',
    async () => {
      const { userId } = await world.person();
      await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
      return userId;
    },
  ],
];

describe('whoever may ask about the members of a tenant', () => {
  it.each(ELSEWHERE)('is told of %s who does not belong to it what they would be told of nobody', async (_who, person) => {
    const { tenantId, owner } = await world.tenant();
    const operator = await world.member(tenantId, 'operator');
    const admin = await world.member(tenantId, 'operator', { accountRole: 'ADMIN' });
    const key = await world.key(tenantId, ['decision.read']);
    const userId = await person();
    for (const { client } of [owner, operator, admin, { client: key }]) {
      const ofNobody = await told(client, tenantId, 'nobody');
      expect(await told(client, tenantId, userId)).toEqual(ofNobody);
      expect(ofNobody).toMatchObject({ check: { reason: 'NO_MEMBERSHIP' } });
    }
  });

  it('is told of an account OWNER who does not belong to it what they may do there, as they may everywhere', async () => {
    const { tenantId, owner } = await world.tenant();
    const { userId } = await world.person('platform-owner', 'OWNER');
    const key = await world.key(tenantId, ['decision.read']);
    for (const client of [owner.client, key]) {
      expect(await told(client, tenantId, userId)).toEqual(await told(world.root, tenantId, userId));
      expect(await told(client, tenantId, userId)).toMatchObject({ check: { allowed: true } });
    }
  });

  it('is told the reasons where it is a member, and so is whoever runs the platform, of everybody', async () => {
    const { tenantId, owner } = await world.tenant();
    const [member, stranger] = [await world.member(tenantId, 'viewer'), await world.person()];
    for (const { userId } of [member, stranger]) await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    const reason = { check: { reason: 'USER_DISABLED' } };
    expect(await told(owner.client, tenantId, member.userId)).toMatchObject(reason);
    expect(await told(world.root, tenantId, stranger.userId)).toMatchObject(reason);
  });
});
