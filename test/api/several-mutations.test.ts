import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

interface Payload {
  readonly membership: { readonly user: { readonly name: string }; readonly departmentOverrides: readonly { readonly department: { readonly id: string }; readonly role: { readonly key: string } }[] };
}

const FIELDS = 'membership { user { name } departmentOverrides { department { id } role { key } } }';

describe('several mutations of one request', () => {
  it('are each answered with what they left, not with what an earlier one read', async () => {
    const { tenantId, owner } = await world.tenant({ departments: ['sales', 'support'] });
    const { userId } = await world.member(tenantId, 'viewer');
    const inSales = { tenantId, userId, departmentId: 'sales' };
    const inSupport = { tenantId, userId, departmentId: 'support' };
    const answered = await owner.client.ask<Record<'a' | 'b' | 'c' | 'd', Payload>>(
      `mutation ($a: SetDepartmentOverrideInput!, $b: SetDepartmentOverrideInput!, $c: SetDepartmentOverrideInput!, $d: DepartmentOverrideInput!) {
         a: setDepartmentOverride(input: $a) { ${FIELDS} } b: setDepartmentOverride(input: $b) { ${FIELDS} }
         c: setDepartmentOverride(input: $c) { ${FIELDS} } d: removeDepartmentOverride(input: $d) { ${FIELDS} } }`,
      { a: { ...inSales, role: 'developer' }, b: { ...inSupport, role: 'operator' }, c: { ...inSales, role: 'operator' }, d: inSupport },
    );
    const held = ({ membership }: Payload) => membership.departmentOverrides.map(({ department, role }) => `${department.id} ${role.key}`);
    expect(Object.values(answered).map(held)).toEqual([
      ['sales developer'],
      ['sales developer', 'support operator'],
      ['sales operator', 'support operator'],
      ['sales operator'],
    ]);
  });
});
