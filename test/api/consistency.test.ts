import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';

/** Two nodes on one database. Their clocks stand still, so that what one has cached stays fresh until a test says otherwise. */
let one: GatewayForTests;
let other: GatewayForTests;
let world: World;
let elsewhere: World;
beforeAll(async () => {
  one = await gatewayForTests();
  other = await gatewayForTests({ env: { DATABASE_URL: one.config.databaseUrl! } });
  world = new World(one);
  elsewhere = new World(other);
});
afterAll(async () => {
  await other.close();
  await one.close();
});

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly revision: string;
}

interface Consistency {
  readonly mode?: 'FULL' | 'LOW_LATENCY';
  readonly atLeast?: string;
}

const CHECK =
  'query($input: CheckInput!, $consistency: ConsistencyInput) { check(input: $input, consistency: $consistency) { allowed reason revision } }';

async function check(at: World, input: object, consistency?: Consistency): Promise<Decision> {
  return (await at.root.ask<{ check: Decision }>(CHECK, { input, ...(consistency === undefined ? {} : { consistency }) })).check;
}

async function change(mutation: string, input: object, select = 'revision'): Promise<string> {
  const { data } = await must(world.root.mutate<{ revision: string }>(mutation, { ...input }, select));
  return data![mutation]!.revision;
}

interface Scene {
  readonly tenantId: string;
  readonly userId: string;
}

interface ChangeCase {
  readonly name: string;
  readonly permission: string;
  readonly place?: object;
  readonly before?: (scene: Scene) => Promise<unknown>;
  readonly run: (scene: Scene) => Promise<string>;
  readonly from: string;
  readonly to: string;
}

const permission = 'connectors.publish';
const CHANGES: readonly ChangeCase[] = [
  {
    name: 'a role is changed',
    permission,
    from: 'GRANTED_BY_ROLE',
    to: 'NOT_GRANTED',
    run: (scene) => change('changeMemberRole', { ...scene, role: 'viewer' }),
  },
  {
    name: 'a member is suspended',
    permission,
    from: 'GRANTED_BY_ROLE',
    to: 'MEMBERSHIP_SUSPENDED',
    run: (scene) => change('suspendMember', scene),
  },
  {
    name: 'a member is removed',
    permission,
    from: 'GRANTED_BY_ROLE',
    to: 'NO_MEMBERSHIP',
    run: (scene) => change('removeMember', scene, 'revision'),
  },
  {
    name: 'an override is set',
    permission: 'billing.manage',
    place: { departmentId: 'sales' },
    from: 'NOT_GRANTED',
    to: 'GRANTED_BY_DEPARTMENT_OVERRIDE',
    run: (scene) => change('setDepartmentOverride', { ...scene, departmentId: 'sales', role: 'admin' }),
  },
  {
    name: 'a custom role is edited',
    permission: 'agents.run',
    from: 'GRANTED_BY_ROLE',
    to: 'NOT_GRANTED',
    before: async ({ tenantId, userId }) => {
      await change('createRole', { tenantId, key: 'own', name: 'Own', permissions: ['agents.run', 'agents.read'] });
      await change('changeMemberRole', { tenantId, userId, role: 'own' });
    },
    run: ({ tenantId }) => change('updateRole', { tenantId, role: 'own', permissions: ['agents.read'] }),
  },
  {
    name: 'a plan is changed',
    permission: 'billing.manage',
    place: { departmentId: 'sales' },
    from: 'GRANTED_BY_DEPARTMENT_OVERRIDE',
    to: 'NOT_IN_PLAN',
    before: (scene) => change('setDepartmentOverride', { ...scene, departmentId: 'sales', role: 'admin' }),
    run: ({ tenantId }) => change('updateTenant', { tenantId, plan: 'team' }),
  },
  {
    name: 'the tenant is suspended',
    permission,
    from: 'GRANTED_BY_ROLE',
    to: 'TENANT_SUSPENDED',
    run: ({ tenantId }) => change('suspendTenant', { tenantId }),
  },
  {
    name: 'a department is made',
    permission,
    place: { departmentId: 'new' },
    from: 'UNKNOWN_DEPARTMENT',
    to: 'GRANTED_BY_ROLE',
    run: ({ tenantId }) => change('createDepartment', { tenantId, id: 'new', name: 'New' }),
  },
];

describe.each(CHANGES)('after $name', ({ permission: asked, place = {}, before, run, from, to }) => {
  async function changed(): Promise<{ input: object; revision: string }> {
    const { tenantId } = await world.tenant({ departments: ['sales'] });
    const { userId } = await world.member(tenantId, 'developer');
    const scene = { tenantId, userId };
    await before?.(scene);
    const input = { ...scene, permission: asked, ...place };
    for (const at of [world, elsewhere]) expect((await check(at, input)).reason).toBe(from);
    return { input, revision: await run(scene) };
  }

  it('the node that made the change answers with it at once', async () => {
    const { input, revision } = await changed();
    expect(await check(world, input)).toMatchObject({ reason: to, revision });
  });

  it.each<[string, (revision: string) => Consistency]>([
    ['FULL', () => ({ mode: 'FULL' })],
    ['its revision as atLeast', (revision) => ({ atLeast: revision })],
    ['both', (revision) => ({ mode: 'FULL', atLeast: revision })],
  ])('another node answers with it to whoever asks for %s, and to everybody from then on', async (_name, consistency) => {
    const { input, revision } = await changed();
    expect(await check(elsewhere, input, consistency(revision))).toMatchObject({ reason: to, revision });
    expect(await check(elsewhere, input)).toMatchObject({ reason: to, revision });
  });

  it('another node answers with it once its bound of staleness has passed', async () => {
    const { input, revision } = await changed();
    other.clock.advance(other.config.stalenessMs + 1);
    expect(await check(elsewhere, input)).toMatchObject({ reason: to, revision });
  });
});

describe('atLeast', () => {
  const scene = async () => {
    const { tenantId } = await world.tenant();
    const { userId } = await world.member(tenantId, 'developer');
    return { tenantId, userId, permission };
  };
  const codeOf = async (input: object, consistency: object) => {
    const answer = await elsewhere.root.send(CHECK, { input, consistency });
    return [answer.status, ...answer.errors.map(({ extensions }) => [extensions.code, extensions['field']])];
  };

  it('that lies behind is met by anything newer', async () => {
    const input = await scene();
    for (const atLeast of ['0', '1', '2', '3', '003']) expect((await check(elsewhere, input, { atLeast })).revision).toBe('3');
  });

  it.each(['4', '1000000', '9223372036854775807', '9223372036854775808', '9999999999999999999'])(
    '%s, which the tenant has not reached, is refused in either mode',
    async (atLeast) => {
      const input = await scene();
      for (const mode of ['FULL', 'LOW_LATENCY'])
        expect(await codeOf(input, { atLeast, mode })).toEqual([400, ['BAD_USER_INPUT', 'consistency.atLeast']]);
    },
  );

  it.each(['', ' 3', '3 ', '-1', '+3', '3.0', '0x3', '1e3', 'three', '٣', '3\u0000', '9'.repeat(20), '9'.repeat(5000)])(
    '%j, which is no revision, is refused',
    async (atLeast) => {
      expect(await codeOf(await scene(), { atLeast })).toEqual([400, ['BAD_USER_INPUT', 'consistency.atLeast']]);
    },
  );

  it('says nothing about a tenant that there is not', async () => {
    expect(await check(elsewhere, { tenantId: 'nowhere', userId: 'x', permission }, { atLeast: '5' })).toEqual({
      allowed: false,
      reason: 'UNKNOWN_TENANT',
      revision: null,
    });
  });

  const CHECKS =
    'query($inputs: [CheckInput!]!, $consistency: ConsistencyInput) { checks(inputs: $inputs, consistency: $consistency) { reason revision } }';
  it('is refused for a list over two tenants, and taken for a list over one', async () => {
    const [a, b] = [await scene(), await scene()];
    const consistency = { atLeast: '3' };
    const refused = await elsewhere.root.send(CHECKS, { inputs: [a, b], consistency });
    expect([refused.status, refused.errors.map((error) => error.extensions)]).toEqual([
      400,
      [{ code: 'BAD_USER_INPUT', field: 'consistency.atLeast' }],
    ]);
    expect(await elsewhere.root.ask(CHECKS, { inputs: [a, a], consistency })).toEqual({
      checks: [a, a].map(() => ({ reason: 'GRANTED_BY_ROLE', revision: '3' })),
    });
    expect(await elsewhere.root.ask(CHECKS, { inputs: [], consistency })).toEqual({ checks: [] });
  });
});
