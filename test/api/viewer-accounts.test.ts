import { inviteBy } from '../guard/attempts.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { expectNothingDone } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

/** Prepares how the person comes into the tenant. */
type Entrance = (tenantId: string, person: Person) => Promise<() => ReturnType<World['root']['mutate']>>;

const ENTRANCES: readonly (readonly [string, Entrance])[] = [
  ['addMember', async (tenantId, { userId }) => () => world.root.mutate('addMember', { tenantId, userId, role: 'viewer' }, 'revision')],
  [
    'acceptInvitation',
    async (tenantId, { userId, client }) => {
      const secret = await inviteBy(world.root, { tenantId, email: `${userId}@people.example`, role: 'viewer' });
      return () => client.mutate('acceptInvitation', { secret }, 'revision');
    },
  ],
];

describe.each(ENTRANCES)('%s', (_mutation, entrance) => {
  it('refuses a viewer account on a plan without them, and names the plans that have them', async () => {
    const { tenantId } = await world.tenant({ plan: 'community' });
    const enter = await entrance(tenantId, await world.person('reader', 'VIEWER'));
    await expectNothingDone(world, tenantId, enter, { code: 'FEATURE_NOT_AVAILABLE', feature: 'VIEWER_ACCOUNTS', plans: ['team', 'enterprise'] });
    await must(world.root.mutate('updateTenant', { tenantId, plan: 'team' }, 'revision'));
    await must(enter());
  });

  it('lets every other account in on that plan', async () => {
    const { tenantId } = await world.tenant({ plan: 'community' });
    for (const accountRole of ['MEMBER', 'ADMIN', 'OWNER'] as const) {
      const enter = await entrance(tenantId, await world.person('other', accountRole));
      expect((await enter()).errors).toEqual([]);
    }
  });
});

describe('a viewer account', () => {
  it('stays a member where the plan no longer has such accounts, and counts again once it does', async () => {
    const { tenantId } = await world.tenant({ plan: 'team' });
    const { userId } = await world.member(tenantId, 'viewer', { accountRole: 'VIEWER' });
    const reason = async (plan: string): Promise<unknown> => {
      await must(world.root.mutate('updateTenant', { tenantId, plan }, 'revision'));
      const input = { tenantId, userId, permission: 'connectors.read' };
      return (await world.root.ask<{ check: { reason: string } }>('query($input: CheckInput!) { check(input: $input) { reason } }', { input })).check.reason;
    };
    expect([await reason('community'), await reason('team')]).toEqual(['NOT_IN_PLAN', 'GRANTED_BY_ROLE']);
  });

  it('is made of a member whatever the plan, since that only takes rights away', async () => {
    const { tenantId } = await world.tenant({ plan: 'community' });
    const { userId } = await world.member(tenantId, 'developer');
    expect((await world.root.mutate('setAccountRole', { userId, accountRole: 'VIEWER' }, 'user { id }')).errors).toEqual([]);
  });

  it.each(['community', 'enterprise'])('leads no tenant on the plan %s, which no bigger plan would change', async (plan) => {
    const { userId } = await world.person('reader', 'VIEWER');
    const { errors } = await world.root.mutate('createTenant', { name: 'T', matrix: 'fastn', plan, ownerId: userId }, 'revision');
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'ownerId' }]);
  });
});
