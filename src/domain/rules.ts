import { type Decision, deny, denyBecauseOfRole, grant } from './decision.js';
import type { Facts, TenantFrame } from './facts.js';
import { isExpired } from './facts.js';
import type { Permission, Role } from './matrix.js';
import { accountCeiling, countsOn, overrideRole, type Place, roleByAccount } from './sources.js';

/** A place, and the permission that is asked for there; null asks only whether the user may act there at all. */
export interface Request extends Place {
  readonly permission: string | null;
}

/** Null where the matrix does not have the permission asked for, where none is asked for, and where there is no tenant. */
export function permissionOf({ permission }: Request, { frame }: Facts): Permission | null {
  return permission === null || frame === null ? null : (frame.matrix.findPermission(permission) ?? null);
}

/** A rule settles the question or leaves it, as null, to the next. What `permissionOf` finds is looked up once for all of them. */
type Settle = (request: Request, facts: Facts, now: number, permission: Permission | null) => Decision | null;

export interface Rule {
  readonly name: string;
  readonly settle: Settle;
}

// The rules run in order and the first that settles ends it, so what an earlier rule has established holds in a later one.
const frameOf = (facts: Facts): TenantFrame => facts.frame!;

const tenant: Settle = (_request, { frame }) => {
  if (frame === null) return deny('UNKNOWN_TENANT');
  return frame.status === 'SUSPENDED' ? deny('TENANT_SUSPENDED') : null;
};

const known: Settle = (request, _facts, _now, permission) =>
  request.permission !== null && permission === null ? deny('UNKNOWN_PERMISSION') : null;

const place: Settle = (request, facts) => {
  const frame = frameOf(facts);
  if (request.departmentId !== null && !frame.departments.has(request.departmentId)) return deny('UNKNOWN_DEPARTMENT');
  if (request.customerId !== null && !frame.customers.has(request.customerId)) return deny('UNKNOWN_CUSTOMER');
  return null;
};

const user: Settle = (_request, { userStatus }) => {
  if (userStatus === null) return deny('NO_MEMBERSHIP');
  return userStatus === 'DISABLED' ? deny('USER_DISABLED') : null;
};

const accountOwner: Settle = (_request, { accountRole }) =>
  accountRole === 'OWNER' ? grant('GRANTED_BY_ACCOUNT_ROLE', null) : null;

const membership: Settle = (_request, facts, now) => {
  if (facts.membershipStatus === null) return deny('NO_MEMBERSHIP');
  if (facts.membershipStatus === 'SUSPENDED') return deny('MEMBERSHIP_SUSPENDED');
  return isExpired(facts, now) ? deny('MEMBERSHIP_EXPIRED') : null;
};

const surface: Settle = (request, { primaryRole }) =>
  primaryRole === null || countsOn(primaryRole, request.surface) ? null : denyBecauseOfRole('WRONG_SURFACE', primaryRole.key);

/** Staff, bound to no customer, act for any customer of the tenant. */
const customerIsolation: Settle = (request, { customerId: bound }) => {
  if (bound === null) return null;
  if (request.customerId !== bound) return deny('CUSTOMER_ISOLATED');
  return request.ownerId !== null && request.ownerId !== request.userId ? deny('NOT_RESOURCE_OWNER') : null;
};

const viewerAccount: Settle = (_request, facts, _now, permission) => {
  if (facts.accountRole !== 'VIEWER') return null;
  if (permission !== null && !accountCeiling(facts).has(permission.index)) return deny('READ_ONLY_ACCOUNT');
  return frameOf(facts).plan.features.has('VIEWER_ACCOUNTS') ? null : deny('NOT_IN_PLAN');
};

/** A role gives permissions of workspace scope only, whatever it came to hold. */
function gives(role: Role | null, { index, scope }: Permission): role is Role {
  return role !== null && scope === 'WORKSPACE' && role.permissions.has(index);
}

const granted: Settle = (request, facts, now, asked) => {
  if (asked === null) return null;
  const { primaryRole, accountPermissions } = facts;
  if (gives(primaryRole, asked)) return grant('GRANTED_BY_ROLE', primaryRole.key);

  const override = overrideRole(facts, request, now);
  const overrideGrants = gives(override, asked);
  if (overrideGrants && frameOf(facts).plan.features.has('DEPARTMENT_OVERRIDES')) {
    return grant('GRANTED_BY_DEPARTMENT_OVERRIDE', override.key);
  }
  const acting = roleByAccount(facts, request.surface);
  if (gives(acting, asked)) return grant('GRANTED_BY_ACCOUNT_ROLE', acting.key);
  if (accountPermissions !== null && accountPermissions.has(asked.index)) return grant('GRANTED_BY_ACCOUNT_ROLE', null);
  return overrideGrants ? denyBecauseOfRole('NOT_IN_PLAN', override.key) : deny('NOT_GRANTED');
};

/** The rules of `RULES`, in their order, written out: a loop would hide from the compiler which function it calls. */
export function settle(request: Request, facts: Facts, now: number): Decision | null {
  const permission = permissionOf(request, facts);
  return (
    tenant(request, facts, now, permission) ??
    known(request, facts, now, permission) ??
    settlePlace(request, facts, now) ??
    viewerAccount(request, facts, now, permission) ??
    granted(request, facts, now, permission)
  );
}

/** Those in the middle, for which it is all one what permission is asked for. */
function settlePlace(request: Request, facts: Facts, now: number): Decision | null {
  return (
    place(request, facts, now, null) ??
    user(request, facts, now, null) ??
    accountOwner(request, facts, now, null) ??
    membership(request, facts, now, null) ??
    surface(request, facts, now, null) ??
    customerIsolation(request, facts, now, null)
  );
}

/** As `settle`, for one permission after the other in the same place: what is the same for all of them is asked once. */
export function settlerOf(asked: Place, facts: Facts, now: number): (permission: string) => Decision | null {
  const request = { ...asked, permission: '' };
  const ofTenant = tenant(request, facts, now, null);
  if (ofTenant !== null) return () => ofTenant;
  const ofPlace = settlePlace(request, facts, now);
  return (key) => {
    request.permission = key;
    const permission = permissionOf(request, facts);
    return known(request, facts, now, permission) ?? ofPlace ?? viewerAccount(request, facts, now, permission) ?? granted(request, facts, now, permission);
  };
}

/** The ten rules, in the order in which they are asked. The first that settles the question gives the reason. */
export const RULES: readonly Rule[] = [
  { name: 'tenant', settle: tenant },
  { name: 'permission', settle: known },
  { name: 'place', settle: place },
  { name: 'user', settle: user },
  { name: 'account-owner', settle: accountOwner },
  { name: 'membership', settle: membership },
  { name: 'surface', settle: surface },
  { name: 'customer-isolation', settle: customerIsolation },
  { name: 'viewer-account', settle: viewerAccount },
  { name: 'granted', settle: granted },
];
