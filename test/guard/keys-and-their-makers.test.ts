import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { keyMadeBy } from './attempts.js';

const READ = 'query($tenantId: ID!) { tenant(id: $tenantId) { auditLog { totalCount } } tenants { edges { node { id } } } }';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
let admin: Person;
let key: Client;

beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ tenantId, owner } = await world.tenant());
  admin = await world.member(tenantId, 'admin');
  key = await keyMadeBy(admin.client, tenantId, ['tenant.read', 'audit.read', 'decision.read']);
});

const seen = async () => {
  const { data } = await key.send<{ tenant: { auditLog: object | null } | null; tenants: { edges: object[] } }>(READ, { tenantId });
  return { audit: data!.tenant?.auditLog != null, tenants: data!.tenants.edges.length };
};
const asks = () => key.codes('query($input: CheckInput!) { check(input: $input) { allowed } }', {
  input: { tenantId, userId: owner.userId, permission: 'connectors.read' },
});

describe('what a key reads', () => {
  it('is what the person who made it may read', async () => {
    expect(await seen()).toEqual({ audit: true, tenants: 1 });
    expect(await asks()).toEqual([]);
  });

  it.each([
    ['was demoted to a role that reads none of it', 'changeMemberRole', { role: 'viewer' }],
    ['is suspended', 'suspendMember', {}],
  ])('ends where that person %s', async (_what, mutation, more) => {
    await must(owner.client.mutate(mutation, { tenantId, userId: admin.userId, ...more }, 'revision'));
    expect((await seen()).audit).toBe(false);
    expect(await asks()).toEqual(['FORBIDDEN']);
  });

  it('ends where the tenant is suspended, as it does for that person', async () => {
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    expect(await seen()).toEqual({ audit: false, tenants: 0 });
    expect(await asks()).toEqual(['FORBIDDEN']);
  });

  it('goes on in a suspended tenant for a key of the platform\'s own, which learns why', async () => {
    const own = await world.key(tenantId, ['decision.read']);
    await must(world.root.mutate('suspendTenant', { tenantId }, 'revision'));
    const input = { tenantId, userId: owner.userId, permission: 'connectors.read' };
    expect(await own.ask('query($input: CheckInput!) { check(input: $input) { reason } }', { input })).toEqual({ check: { reason: 'TENANT_SUSPENDED' } });
  });
});

describe('a viewer account', () => {
  it('is not made of the last admin', async () => {
    const { tenantId: plain, owner: first } = await world.tenant({ matrix: 'nanami' });
    const { errors } = await world.root.mutate('setAccountRole', { userId: first.userId, accountRole: 'VIEWER' }, 'user { id }');
    expect(errors).toMatchObject([{ extensions: { code: 'LAST_ADMIN' } }]);
    await world.member(plain, 'admin');
    await must(world.root.mutate('setAccountRole', { userId: first.userId, accountRole: 'VIEWER' }, 'user { id }'));
  });

  it('does not count as the admin who may stay behind alone', async () => {
    const { tenantId: plain, owner: first } = await world.tenant({ matrix: 'nanami' });
    await world.member(plain, 'admin', { accountRole: 'VIEWER' });
    const { errors } = await world.root.mutate('removeMember', { tenantId: plain, userId: first.userId }, 'id');
    expect(errors).toMatchObject([{ extensions: { code: 'LAST_ADMIN' } }]);
  });
});
