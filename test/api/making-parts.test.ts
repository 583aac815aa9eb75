import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { expectDone, expectNothingDone } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

describe.each([
  { noun: 'department', mutation: 'createDepartment', list: 'departments' },
  { noun: 'customer', mutation: 'createCustomer', list: 'customers' },
] as const)('$mutation', ({ noun, mutation, list }) => {
  const read = async (tenantId: string) =>
    (
      await world.root.ask<{ tenant: object }>(`query($id: ID!) { tenant(id: $id) { ${list} { edges { node { id name } } } } }`, {
        id: tenantId,
      })
    ).tenant;

  it(`makes a ${noun}, raises the revision by one, and leaves one event`, async () => {
    const { tenantId, owner } = await world.tenant();
    const { payload, event } = await expectDone(world, {
      caller: owner.client,
      actor: owner.userId,
      mutation,
      input: { tenantId, id: 'A.1', name: ' First ' },
      select: `${noun} { id name }`,
    });
    expect(payload).toEqual({ [noun]: { id: 'A.1', name: 'First' } });
    expect(event).toMatchObject({ action: `${noun}.created`, target: 'A.1', change: '{"before":null,"after":{"name":"First"}}' });
    expect(await read(tenantId)).toEqual({ [list]: { edges: [{ node: { id: 'A.1', name: 'First' } }] } });
  });

  it('makes an id for whoever gives none', async () => {
    const { tenantId } = await world.tenant();
    const { payload, event } = await expectDone(world, {
      caller: world.root,
      actor: 'key:root',
      mutation,
      input: { tenantId, name: 'A' },
      select: `${noun} { id }`,
    });
    expect(payload).toEqual({ [noun]: { id: event.target } });
    expect(event.target).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('takes in one tenant the id that another has', async () => {
    const [one, two] = [await world.tenant(), await world.tenant()];
    for (const { tenantId, owner } of [one, two]) {
      await expectDone(world, {
        caller: owner.client,
        actor: owner.userId,
        mutation,
        input: { tenantId, id: 'same', name: tenantId },
        select: `${noun} { id }`,
      });
    }
    for (const { tenantId } of [one, two])
      expect(await read(tenantId)).toEqual({ [list]: { edges: [{ node: { id: 'same', name: tenantId } }] } });
  });

  const refusals: readonly (readonly [string, object, object])[] = [
    ['an id that is taken', { id: 'taken', name: 'A' }, { code: 'CONFLICT' }],
    ['an id with a blank', { id: 'a b', name: 'A' }, { code: 'BAD_USER_INPUT', field: 'id' }],
    ['an empty name', { name: '' }, { code: 'BAD_USER_INPUT', field: 'name' }],
  ];
  it.each(refusals)('refuses %s, and does nothing', async (_name, input, refusal) => {
    const { tenantId, owner } = await world.tenant({ [list]: ['taken'] });
    await expectNothingDone(world, tenantId, () => owner.client.mutate(mutation, { tenantId, ...input }, 'revision'), refusal);
  });

  it('refuses the platform in a tenant that there is not, and everybody else in whatever is not theirs', async () => {
    const { tenantId } = await world.tenant();
    const stranger = await world.tenant();
    const viewer = await world.member(tenantId, 'viewer');
    const key = await world.key(tenantId, ['member.manage']);
    const codes = async (client: typeof world.root, id: string) =>
      (await client.mutate(mutation, { tenantId: id, name: 'A' }, 'revision')).errors.map((error) => error.extensions);
    expect(await codes(world.root, 'nowhere')).toEqual([{ code: 'NOT_FOUND' }]);
    for (const client of [stranger.owner.client, viewer.client, key]) {
      for (const id of [tenantId, 'nowhere']) expect(await codes(client, id)).toEqual([{ code: 'FORBIDDEN' }]);
    }
  });
});
