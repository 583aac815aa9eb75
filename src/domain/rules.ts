import { type Decision, deny, denyBecauseOfRole, grant } from './decision.js';
import type { Facts, Member, Membership, TenantFrame } from './facts.js';
import { isExpired, roleIn } from './facts.js';
import type { Permission, Role } from './matrix.js';
import { accountCeiling, countsOn, overrideRole, type Place, roleByAccount } from './sources.js';

/** A place, and the permission that is asked for there; null asks only whether the user may act there at all. */
export interface Request extends Place {
  readonly permission: string | null;
}

/** A rule settles the question or leaves it, as null, to the next. */
type Settle = (request: Request, facts: Facts, now: number) => Decision | null;

export interface Rule {
  readonly name: string;
  readonly settle: Settle;
}

// The rules run in order and the first that settles ends it, so what an earlier rule has established holds in a later one.
const frameOf = (facts: Facts): TenantFrame => facts.frame!;
const memberOf = (facts: Facts): Member => facts.member!;
const membershipOf = (facts: Facts): Membership => facts.member!.membership!;

/** Null for a role that no longer exists: it grants nothing. */
function primaryRole(facts: Facts): Role | null {
  return roleIn(frameOf(facts), membershipOf(facts).roleKey) ?? null;
}

const tenant: Settle = (_request, { frame }) => {
  if (frame === null) return deny('UNKNOWN_TENANT');
  return frame.status === 'SUSPENDED' ? deny('TENANT_SUSPENDED') : null;
};

const permission: Settle = (request, facts) => {
  if (request.permission === null) return null;
  return frameOf(facts).matrix.findPermission(request.permission) === undefined ? deny('UNKNOWN_PERMISSION') : null;
};

const place: Settle = (request, facts) => {
  const frame = frameOf(facts);
  if (request.departmentId !== null && !frame.departments.has(request.departmentId)) return deny('UNKNOWN_DEPARTMENT');
  if (request.customerId !== null && !frame.customers.has(request.customerId)) return deny('UNKNOWN_CUSTOMER');
  return null;
};

const user: Settle = (_request, { member }) => {
  if (member === null) return deny('NO_MEMBERSHIP');
  return member.status === 'DISABLED' ? deny('USER_DISABLED') : null;
};

const accountOwner: Settle = (_request, facts) =>
  memberOf(facts).accountRole === 'OWNER' ? grant('GRANTED_BY_ACCOUNT_ROLE', null) : null;

const membership: Settle = (_request, facts, now) => {
  const held = memberOf(facts).membership;
  if (held === null) return deny('NO_MEMBERSHIP');
  if (held.status === 'SUSPENDED') return deny('MEMBERSHIP_SUSPENDED');
  return isExpired(held, now) ? deny('MEMBERSHIP_EXPIRED') : null;
};

const surface: Settle = (request, facts) => {
  const role = primaryRole(facts);
  return role === null || countsOn(role, request.surface) ? null : denyBecauseOfRole('WRONG_SURFACE', role.key);
};

/** Staff, bound to no customer, act for any customer of the tenant. */
const customerIsolation: Settle = (request, facts) => {
  const bound = membershipOf(facts).customerId;
  if (bound === null) return null;
  if (request.customerId !== bound) return deny('CUSTOMER_ISOLATED');
  return request.ownerId !== null && request.ownerId !== request.userId ? deny('NOT_RESOURCE_OWNER') : null;
};

const viewerAccount: Settle = (request, facts) => {
  const member = memberOf(facts);
  if (member.accountRole !== 'VIEWER') return null;
  const frame = frameOf(facts);
  if (request.permission !== null) {
    const asked = frame.matrix.findPermission(request.permission)!;
    if (!accountCeiling(frame, member).has(asked.index)) return deny('READ_ONLY_ACCOUNT');
  }
  return frame.plan.features.has('VIEWER_ACCOUNTS') ? null : deny('NOT_IN_PLAN');
};

/** A role gives permissions of workspace scope only, whatever it came to hold. */
function gives(role: Role | null, { index, scope }: Permission): role is Role {
  return role !== null && scope === 'WORKSPACE' && role.permissions.has(index);
}

const granted: Settle = (request, facts, now) => {
  if (request.permission === null) return null;
  const frame = frameOf(facts);
  const member = memberOf(facts);
  const asked = frame.matrix.findPermission(request.permission)!;

  const primary = primaryRole(facts);
  if (gives(primary, asked)) return grant('GRANTED_BY_ROLE', primary.key);

  const override = overrideRole(frame, membershipOf(facts), request, now);
  const overrideGrants = gives(override, asked);
  if (overrideGrants && frame.plan.features.has('DEPARTMENT_OVERRIDES')) {
    return grant('GRANTED_BY_DEPARTMENT_OVERRIDE', override.key);
  }
  const acting = roleByAccount(frame, member, request.surface);
  if (gives(acting, asked)) return grant('GRANTED_BY_ACCOUNT_ROLE', acting.key);
  if (frame.matrix.permissionsOfAccountRole(member.accountRole)?.has(asked.index) === true) {
    return grant('GRANTED_BY_ACCOUNT_ROLE', null);
  }
  return overrideGrants ? denyBecauseOfRole('NOT_IN_PLAN', override.key) : deny('NOT_GRANTED');
};

/** The ten rules, in the order in which they are asked. The first that settles the question gives the reason. */
export const RULES: readonly Rule[] = [
  { name: 'tenant', settle: tenant },
  { name: 'permission', settle: permission },
  { name: 'place', settle: place },
  { name: 'user', settle: user },
  { name: 'account-owner', settle: accountOwner },
  { name: 'membership', settle: membership },
  { name: 'surface', settle: surface },
  { name: 'customer-isolation', settle: customerIsolation },
  { name: 'viewer-account', settle: viewerAccount },
  { name: 'granted', settle: granted },
];
