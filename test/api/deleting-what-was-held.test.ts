import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { expectDone, expectNothingDone } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
let tenantId: string;
let owner: Person;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const LIFE_MS = 1000;
const DEPARTMENT = { name: 'sales' };
const ROLE = { key: 'aide', name: 'Aide', description: null, surface: 'ALL', duplicatedFrom: null, permissions: ['agents.read'] };

beforeEach(async () => {
  ({ tenantId, owner } = await world.tenant({ departments: ['sales', 'support'] }));
  for (const key of ['aide', 'other']) {
    await must(owner.client.mutate('createRole', { tenantId, key, name: 'Aide', permissions: ['agents.read'] }, 'revision'));
  }
});

interface Override {
  readonly departmentId?: string;
  readonly role?: string;
  /** Without it, the override is for good. */
  readonly lifeMs?: number;
}

/** Of a new member. */
async function override({ departmentId = 'sales', role = 'aide', lifeMs }: Override): Promise<string> {
  const { userId } = await world.member(tenantId, 'viewer');
  const expiresAt = lifeMs === undefined ? null : new Date(test.clock.now() + lifeMs).toISOString();
  await must(owner.client.mutate('setDepartmentOverride', { tenantId, userId, departmentId, role, expiresAt }, 'revision'));
  return userId;
}

const NOBODY_MOVED = { members: { count: 0, first: [] }, departmentOverrides: { count: 0, first: [] }, invitations: { count: 0, first: [] } };

const deletions = [
  { what: 'a department', mutation: 'deleteDepartment', input: { departmentId: 'sales' }, before: DEPARTMENT, after: null },
  { what: 'a role', mutation: 'deleteRole', input: { role: 'aide' }, before: ROLE, after: { replacementRole: null } },
  { what: 'a role, for another', mutation: 'deleteRole', input: { role: 'aide', replacementRole: 'other' }, before: ROLE, after: { replacementRole: 'other', ...NOBODY_MOVED } },
];

describe.each(deletions)('deleting $what', ({ mutation, input, before, after }) => {
  const remove = () => expectDone(world, { caller: owner.client, actor: owner.userId, mutation, input: { tenantId, ...input }, select: 'id' });

  it('takes along the overrides that have expired, and tells how many', async () => {
    for (let i = 0; i < 2; i++) await override({ lifeMs: LIFE_MS });
    const elsewhere = await override({ departmentId: 'support', role: 'other', lifeMs: LIFE_MS });
    test.clock.advance(LIFE_MS);
    const { event } = await remove();
    expect(JSON.parse(event.change!)).toEqual({ before: { ...before, expiredOverrides: 2 }, after });
    const left = await test.gateway.database.dataSource.query('SELECT user_id FROM department_overrides WHERE tenant_id = $1', [tenantId]);
    expect(left).toEqual([{ user_id: elsewhere }]);
  });

  it('tells of no overrides where there were none', async () => {
    const { event } = await remove();
    expect(JSON.parse(event.change!)).toEqual({ before, after });
  });
});

const keepers: readonly (readonly [string, Override])[] = [
  ['for good', {}],
  ['for a moment still', { lifeMs: LIFE_MS + 1 }],
];
const refusals = [
  { mutation: 'deleteDepartment', input: { departmentId: 'sales' }, sentence: 'Members hold overrides in this department: remove them first.' },
  { mutation: 'deleteRole', input: { role: 'aide' }, sentence: 'The role is still held: name a replacementRole for its holders.' },
];

describe.each(refusals)('$mutation', ({ mutation, input, sentence }) => {
  it.each(keepers)('is refused while an override counts %s, and leaves those that have expired', async (_howLong, kept) => {
    await override({ lifeMs: LIFE_MS });
    await override(kept);
    test.clock.advance(LIFE_MS);
    const attempt = () => owner.client.mutate(mutation, { tenantId, ...input }, 'revision');
    await expectNothingDone(world, tenantId, attempt, { code: 'CONFLICT' });
    expect((await attempt()).errors.map(({ message }) => message)).toEqual([sentence]);
    const [{ count }] = await test.gateway.database.dataSource.query<[{ count: string }]>('SELECT count(*) FROM department_overrides WHERE tenant_id = $1', [tenantId]);
    expect(count).toBe('2');
  });
});
