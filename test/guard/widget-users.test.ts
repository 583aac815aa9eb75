import { isObjectType } from 'graphql';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { idArguments } from './id-arguments.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

describe('an end user of a customer, who belongs in the widget', () => {
  it('changes nothing of the tenant that they belong to, by any mutation there is', async () => {
    const { tenantId } = await world.tenant({ customers: ['acme'], departments: ['sales'] });
    const { client, userId } = await world.member(tenantId, 'end_user', { customerId: 'acme' });
    const named = { departmentId: 'sales', customerId: 'acme', role: 'viewer', sourceRole: 'viewer', key: 'mine', invitationId: 'x', id: 'x' };
    const others = { ...named, tenantId, userId, newOwnerId: userId, name: 'N', email: 'e@people.example', permissions: [], capabilities: ['decision.read'] };
    const ofTenant = idArguments(test.gateway.parts.schema).filter(({ name }) => name.startsWith('Mutation.') && name.endsWith('(input.tenantId)'));
    expect(ofTenant.length).toBeGreaterThan(25);
    for (const argument of ofTenant) {
      expect([argument.name, await client.codes(argument.document, argument.variables(tenantId, others))]).toEqual([argument.name, ['FORBIDDEN']]);
    }
  });

  it('reads of the tenant its plain fields and their own membership, and no list', async () => {
    const { tenantId } = await world.tenant({ customers: ['acme'] });
    const { client, userId } = await world.member(tenantId, 'end_user', { customerId: 'acme' });
    const tenant = test.gateway.parts.schema.getType('Tenant');
    const lists = isObjectType(tenant) ? Object.values(tenant.getFields()).filter(({ type }) => String(type).endsWith('Connection')) : [];
    expect(lists.length).toBeGreaterThan(5);
    for (const { name } of lists) {
      expect([name, await client.codes(`query($id: ID!) { tenant(id: $id) { ${name} { totalCount } } }`, { id: tenantId })]).toEqual([name, ['FORBIDDEN']]);
    }
    const own = await client.ask('query($id: ID!, $userId: ID!) { tenant(id: $id) { name membership(userId: $userId) { customer { id } role { key } } } }', { id: tenantId, userId });
    expect(own).toEqual({ tenant: { name: 'A tenant', membership: { customer: { id: 'acme' }, role: { key: 'end_user' } } } });
  });

  it('acts for no other customer, nor for none, nor on the platform, nor on what is of another user', async () => {
    const { tenantId } = await world.tenant({ customers: ['acme', 'umbrella'] });
    const { client, userId } = await world.member(tenantId, 'end_user', { customerId: 'acme' });
    const can = async (place: object): Promise<unknown> => {
      const input = { tenantId, userId, permission: 'connections.update', surface: 'WIDGET', customerId: 'acme', ...place };
      const { check } = await client.ask<{ check: { reason: string } }>('query($input: CheckInput!) { check(input: $input) { reason } }', { input });
      return check.reason;
    };
    expect(await can({})).toBe('GRANTED_BY_ROLE');
    expect(await can({ customerId: 'umbrella' })).toBe('CUSTOMER_ISOLATED');
    expect(await can({ customerId: null })).toBe('CUSTOMER_ISOLATED');
    expect(await can({ surface: 'PLATFORM' })).toBe('WRONG_SURFACE');
    expect(await can({ ownerId: 'somebody-else' })).toBe('NOT_RESOURCE_OWNER');
  });

  it('is not made of staff by a role change, nor staff of them by leaving the customer out', async () => {
    const { tenantId, owner } = await world.tenant({ customers: ['acme'] });
    const { userId } = await world.member(tenantId, 'viewer');
    const change = await owner.client.mutate('changeMemberRole', { tenantId, userId, role: 'end_user' }, 'revision');
    const add = await owner.client.mutate('addMember', { tenantId, userId: (await world.person()).userId, role: 'end_user' }, 'revision');
    const invite = await owner.client.mutate('inviteMember', { tenantId, email: 'x@people.example', role: 'end_user' }, 'revision');
    for (const { errors } of [change, add, invite]) expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'customerId' } }]);
    await must(owner.client.mutate('removeMember', { tenantId, userId }, 'revision'));
  });

  it('is not made of staff by the deletion of their role, and may be given another role of the widget that way', async () => {
    const { tenantId, owner } = await world.tenant({ customers: ['acme'] });
    await must(owner.client.mutate('createRole', { tenantId, key: 'staff', name: 'Staff', permissions: [] }, 'revision'));
    await must(owner.client.mutate('duplicateRole', { tenantId, sourceRole: 'end_user', key: 'guest', name: 'Guest' }, 'revision'));
    await world.member(tenantId, 'staff');
    const { userId, client } = await world.member(tenantId, 'guest', { customerId: 'acme' });
    for (const replacementRole of ['end_user', 'guest']) {
      const { errors } = await owner.client.mutate('deleteRole', { tenantId, role: 'staff', replacementRole }, 'revision');
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'replacementRole' } }]);
    }
    await must(owner.client.mutate('deleteRole', { tenantId, role: 'guest', replacementRole: 'end_user' }, 'revision'));
    const own = await client.ask('query($id: ID!, $userId: ID!) { tenant(id: $id) { membership(userId: $userId) { role { key } } } }', { id: tenantId, userId });
    expect(own).toEqual({ tenant: { membership: { role: { key: 'end_user' } } } });
  });
});
