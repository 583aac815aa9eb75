import * as fc from 'fast-check';
import { RESERVED_CAPABILITIES, WORKSPACE_CAPABILITIES, type WorkspaceCapability } from '../../src/domain/capability.js';
import { beyondReach, holdsCapability, reachOfGiver } from '../../src/domain/delegate.js';
import { Facts, type Member, type Membership, type TenantFrame } from '../../src/domain/facts.js';
import { type Guard, type Permission, type Role, RoleMatrix } from '../../src/domain/matrix.js';
import { PermissionSet } from '../../src/domain/permission-set.js';

const NOW = Date.UTC(2026, 0, 1);
const PERMISSIONS: readonly Permission[] = [
  { key: 'people.read', title: 'See', category: 'people', access: 'READ', scope: 'WORKSPACE', index: 0 },
  { key: 'people.manage', title: 'Manage', category: 'people', access: 'WRITE', scope: 'WORKSPACE', index: 1 },
  { key: 'things.read', title: 'Look', category: 'people', access: 'READ', scope: 'WORKSPACE', index: 2 },
  { key: 'platform.sso', title: 'Sign-on', category: 'people', access: 'WRITE', scope: 'GLOBAL', index: 3 },
];
const set = (...keys: string[]) =>
  PermissionSet.of(
    PERMISSIONS.length,
    PERMISSIONS.filter(({ key }) => keys.includes(key)).map(({ index }) => index),
  );
const role = (key: string, ...keys: string[]): Role => ({
  key,
  name: key,
  description: null,
  kind: 'SYSTEM',
  surface: key === 'guest' ? 'WIDGET_ONLY' : 'ALL',
  permissions: set(...keys),
  duplicatedFrom: null,
});
const everything = ['people.read', 'people.manage', 'things.read'];
const unreserved = WORKSPACE_CAPABILITIES.filter((name) => !RESERVED_CAPABILITIES.has(name));
const guards = unreserved.map((name): [WorkspaceCapability, Guard] => [
  name,
  name === 'tenant.read' ? 'member' : { permission: name.endsWith('.read') ? 'people.read' : 'people.manage' },
]);

function matrixWith(ownerRole: string | null): RoleMatrix {
  return new RoleMatrix({
    key: 'matrix',
    title: 'Matrix',
    version: 1,
    categories: [{ key: 'people', title: 'People', permissions: PERMISSIONS }],
    roles: [
      ...(ownerRole === null ? [] : [role(ownerRole, ...everything)]),
      role('admin', ...everything),
      role('reader', 'people.read', 'things.read'),
      role('onlooker', 'things.read'),
      role('guest', ...everything),
    ],
    ownerRole,
    adminRoles: ['admin'],
    aliases: new Map(),
    accountRoles: new Map([['ADMIN', set('platform.sso')]]),
    guards: new Map(guards),
  });
}

function facts(
  frame: Partial<TenantFrame> | null,
  member: Partial<Omit<Member, 'membership'>> | null,
  membership: Partial<Membership> | null = null,
): Facts {
  const usual = { status: 'ACTIVE', roleKey: 'admin', customerId: null, expiresAt: null, overrides: new Map() } as const;
  const givenFrame: TenantFrame | null = frame && {
    tenantId: 'acme',
    status: 'ACTIVE',
    plan: { key: 'all', title: 'All', features: new Set(['DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS'] as const) },
    matrix: matrixWith('owner'),
    customRoles: new Map(),
    departments: new Set(['sales']),
    customers: new Set(['north']),
    structureRevision: 1n,
    ...frame,
  };
  const givenMember: Member | null = member && {
    userId: 'ann',
    accountRole: 'MEMBER',
    status: 'ACTIVE',
    ...member,
    membership: membership && { ...usual, ...membership },
  };
  return new Facts(givenFrame, givenMember, frame && 1n);
}

const held = (given: Facts) => WORKSPACE_CAPABILITIES.filter((name) => holdsCapability(name, 'ann', given, NOW));
const handedOut = (given: Facts, department: string | null, lastMoment = NOW) =>
  PERMISSIONS.filter(({ index }) => reachOfGiver('ann', department, given, NOW, lastMoment).has(index)).map(({ key }) => key);

describe('the capabilities', () => {
  const reads = unreserved.filter((name) => name.endsWith('.read'));

  it.each([
    ['of the tenant\'s owner are all there are', facts({}, {}, { roleKey: 'owner' }), [...WORKSPACE_CAPABILITIES]],
    ['of an admin are all but the reserved ones', facts({}, {}, { roleKey: 'admin' }), unreserved],
    ['of an account owner are all but the reserved ones', facts({}, { accountRole: 'OWNER' }), unreserved],
    [
      'of an account owner who is the tenant\'s owner are all',
      facts({}, { accountRole: 'OWNER' }, { roleKey: 'owner' }),
      [...WORKSPACE_CAPABILITIES],
    ],
    [
      'of an account owner are all, reserved ones too, where no role is the owner\'s',
      facts({ matrix: matrixWith(null) }, { accountRole: 'OWNER' }),
      [...WORKSPACE_CAPABILITIES],
    ],
    [
      'of an admin do not include the reserved ones where no role is the owner\'s',
      facts({ matrix: matrixWith(null) }, {}, { roleKey: 'admin' }),
      unreserved,
    ],
    [
      'of an account admin who is a member are the admin\'s',
      facts({}, { accountRole: 'ADMIN' }, { roleKey: 'onlooker' }),
      unreserved,
    ],
    ['of an account admin who is no member are none', facts({}, { accountRole: 'ADMIN' }), []],
    ['of a reader are what the role\'s permissions stand for', facts({}, {}, { roleKey: 'reader' }), reads],
    [
      'of a member whose role holds none of the permissions are those of any member',
      facts({}, {}, { roleKey: 'onlooker' }),
      ['tenant.read'],
    ],
    ['of a viewer account in the admin\'s role are the reads', facts({}, { accountRole: 'VIEWER' }, { roleKey: 'admin' }), reads],
    [
      'of an admin bound to a customer are those of any member, for the tenant is not the customer\'s',
      facts({}, {}, { customerId: 'north' }),
      ['tenant.read'],
    ],
    [
      'of a widget-only role are those of any member, for this gateway is no widget',
      facts({}, {}, { roleKey: 'guest' }),
      ['tenant.read'],
    ],
    ['of a suspended owner are none', facts({}, {}, { roleKey: 'owner', status: 'SUSPENDED' }), []],
    [
      'of an owner whose membership ended this very millisecond are none',
      facts({}, {}, { roleKey: 'owner', expiresAt: NOW }),
      [],
    ],
    ['of an owner who is disabled are none', facts({}, { status: 'DISABLED' }, { roleKey: 'owner' }), []],
    ['of a disabled account owner are none', facts({}, { status: 'DISABLED', accountRole: 'OWNER' }), []],
    [
      'of a disabled account owner are none, where no role is the owner\'s',
      facts({ matrix: matrixWith(null) }, { status: 'DISABLED', accountRole: 'OWNER' }),
      [],
    ],
    ['of a stranger are none', facts({}, {}), []],
    ['of an unknown user are none', facts({}, null), []],
    ['in an unknown tenant are none for anybody', facts(null, { accountRole: 'ADMIN' }), []],
    ['in an unknown tenant are all but the reserved ones for an account owner, who may know that there is none', facts(null, { accountRole: 'OWNER' }), unreserved],
    ['in a suspended tenant are none for an admin', facts({ status: 'SUSPENDED' }, {}, { roleKey: 'admin' }), []],
    ['in a suspended tenant are none for any member', facts({ status: 'SUSPENDED' }, {}, { roleKey: 'onlooker' }), []],
    [
      'given by a department override do not count for the tenant',
      facts({}, {}, { roleKey: 'onlooker', overrides: new Map([['sales', { roleKey: 'admin', expiresAt: null }]]) }),
      ['tenant.read'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(held(given)).toEqual(expected);
  });

  it('that the matrix does not map are nobody\'s', () => {
    const bare = new RoleMatrix({
      key: 'bare',
      title: 'Bare',
      version: 1,
      categories: [{ key: 'people', title: 'People', permissions: PERMISSIONS }],
      roles: [role('admin', ...everything)],
      ownerRole: null,
      adminRoles: ['admin'],
      aliases: new Map(),
      accountRoles: new Map(),
      guards: new Map(),
    });
    expect(held(facts({ matrix: bare }, {}, { roleKey: 'admin' }))).toEqual([]);
  });
});

describe('what a person may hand out', () => {
  const overridden = { roleKey: 'onlooker', overrides: new Map([['sales', { roleKey: 'reader', expiresAt: null }]]) };

  it.each([
    ['is what their role holds', facts({}, {}, { roleKey: 'reader' }), null, ['people.read', 'things.read']],
    ['in a department includes the override there', facts({}, {}, overridden), 'sales', ['people.read', 'things.read']],
    ['in the tenant does not include an override', facts({}, {}, overridden), null, ['things.read']],
    ['is everything for an account owner', facts({}, { accountRole: 'OWNER' }), null, [...everything, 'platform.sso']],
    [
      'is the admin\'s and the account role\'s for an account admin',
      facts({}, { accountRole: 'ADMIN' }, { roleKey: 'onlooker' }),
      null,
      [...everything, 'platform.sso'],
    ],
    [
      'is what they read for a viewer account',
      facts({}, { accountRole: 'VIEWER' }, { roleKey: 'admin' }),
      null,
      ['people.read', 'things.read'],
    ],
    ['is nothing for a member bound to a customer', facts({}, {}, { customerId: 'north' }), null, []],
    ['is nothing for a widget-only role', facts({}, {}, { roleKey: 'guest' }), null, []],
    ['is nothing once they are suspended', facts({}, {}, { status: 'SUSPENDED' }), null, []],
    [
      'is nothing in a suspended tenant, even for an account owner',
      facts({ status: 'SUSPENDED' }, { accountRole: 'OWNER' }),
      null,
      [],
    ],
    ['is nothing in an unknown department', facts({}, {}, { roleKey: 'admin' }), 'nowhere', []],
    ['is nothing in an unknown tenant', facts(null, { accountRole: 'OWNER' }), null, []],
  ])('%s', (_what, given, department, expected) => {
    expect(handedOut(given, department)).toEqual(expected);
  });

  it('in a department includes an override for as long as it counts, and no longer', () => {
    const sales = { roleKey: 'reader', expiresAt: NOW + 10 };
    const given = facts({}, {}, { roleKey: 'onlooker', overrides: new Map([['sales', sales]]) });
    const until = [NOW, NOW + 9, NOW + 10, Number.POSITIVE_INFINITY].map((lastMoment) => handedOut(given, 'sales', lastMoment));
    expect(until).toEqual([['people.read', 'things.read'], ['people.read', 'things.read'], ['things.read'], ['things.read']]);
  });

  it('is what the role of a member holds who is there for a time, for however long', () => {
    const given = facts({}, {}, { roleKey: 'reader', expiresAt: NOW + 10 });
    expect(handedOut(given, 'sales', Number.POSITIVE_INFINITY)).toEqual(['people.read', 'things.read']);
  });

  it('never exceeds what they hold: the rest is named', () => {
    const indices = fc.subarray([...Array(70).keys()]);
    fc.assert(
      fc.property(indices, indices, (granted, giver) => {
        const beyond = beyondReach(PermissionSet.of(70, granted), PermissionSet.of(70, giver));
        expect([...beyond.indices()]).toEqual(granted.filter((index) => !giver.includes(index)));
      }),
    );
  });

  it('is anything at all for a platform key', () => {
    expect(beyondReach(PermissionSet.of(70, [0, 31, 32, 69]), 'everything').isEmpty).toBe(true);
  });
});
