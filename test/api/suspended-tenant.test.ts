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

const INVITERS: readonly (readonly [string, (tenantId: string, owner: Person) => Promise<World['root']>])[] = [
  ['the owner', async (_tenantId, owner) => owner.client],
  ['the root key', async () => world.root],
  ['a key of the tenant', (tenantId) => world.key(tenantId, ['member.manage'])],
];

describe('an invitation to a tenant that was suspended since', () => {
  it.each(INVITERS)('made by %s waits until the tenant is active again, and says so', async (_who, inviter) => {
    const { tenantId, owner } = await world.tenant();
    const guest = await world.person('guest');
    const secret = await inviteBy(await inviter(tenantId, owner), { tenantId, email: `${guest.userId}@people.example`, role: 'viewer' });
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const accept = () => guest.client.mutate('acceptInvitation', { secret }, 'membership { role { key } }');
    await expectNothingDone(world, tenantId, accept, { code: 'CONFLICT' });
    expect((await accept()).errors).toMatchObject([{ message: 'The tenant is suspended: accept the invitation once it is active again.' }]);
    await must(world.root.mutate('activateTenant', { tenantId }, 'revision'));
    expect((await must(accept())).data).toEqual({ acceptInvitation: { membership: { role: { key: 'viewer' } } } });
  });

  it('makes no account of whoever has none yet', async () => {
    const { tenantId, owner } = await world.tenant();
    const email = `${world.unique('newcomer')}@people.example`;
    const secret = await inviteBy(owner.client, { tenantId, email, role: 'viewer' });
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const accept = () => world.anonymous.mutate('acceptInvitation', { secret, name: 'Newcomer', password: 'correct horse battery' }, 'revision');
    await expectNothingDone(world, tenantId, accept, { code: 'CONFLICT' });
    const { users } = await world.root.ask<{ users: unknown }>('query($search: String!) { users(search: $search) { totalCount } }', { search: email });
    expect(users).toEqual({ totalCount: 0 });
  });

  it('tells that to nobody but the person invited', async () => {
    const { tenantId, owner } = await world.tenant();
    const guest = await world.person('guest');
    const secret = await inviteBy(owner.client, { tenantId, email: `${guest.userId}@people.example`, role: 'viewer' });
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const { client } = await world.person('stranger');
    const { errors } = await client.mutate('acceptInvitation', { secret }, 'revision');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
