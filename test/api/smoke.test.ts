import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { DATABASE_KINDS } from '../support/databases.js';

describe.each(DATABASE_KINDS)('a gateway on %s', (kind) => {
  let test: GatewayForTests;
  let world: World;
  beforeAll(async () => {
    test = await gatewayForTests({ kind });
    world = new World(test);
  });
  afterAll(() => test.close());

  it('answers a member about themselves with the reason', async () => {
    const { tenantId } = await world.tenant();
    const developer = await world.member(tenantId, 'developer');
    const check = await developer.client.ask(
      'query($input: CheckInput!) { check(input: $input) { allowed reason role revision } }',
      { input: { tenantId, userId: developer.userId, permission: 'connectors.publish' } },
    );
    expect(check).toEqual({ check: { allowed: true, reason: 'GRANTED_BY_ROLE', role: 'developer', revision: '3' } });
  });
});
