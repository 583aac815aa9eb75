import { own, type Answer, type Ask, type World, type WorldMember, type WorldTenant, type WorldUser } from './world.js';

/**
 * The ten rules of a decision once more, as a reader of the specification would write them: sets of strings, no indices, no
 * caches, nothing shared with the code under test. It is the oracle that the real rules are compared with.
 */

export interface BookRole {
  readonly key: string;
  readonly widgetOnly: boolean;
  readonly permissions: ReadonlySet<string>;
}

export interface BookMatrix {
  readonly permissions: ReadonlyMap<string, { readonly write: boolean; readonly global: boolean }>;
  readonly roles: ReadonlyMap<string, BookRole>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly ownerRole: string | null;
  readonly adminRoles: readonly string[];
  readonly accountRoles: ReadonlyMap<WorldUser['accountRole'], ReadonlySet<string>>;
}

type Feature = 'CUSTOM_ROLES' | 'DEPARTMENT_OVERRIDES' | 'VIEWER_ACCOUNTS';

export interface Book {
  readonly matrices: ReadonlyMap<string, BookMatrix>;
  /** The features of each plan. */
  readonly plans: ReadonlyMap<string, ReadonlySet<Feature>>;
}

/** What the specification answers at `at`, in milliseconds since the epoch. */
export function answerByTheBook(book: Book, world: World, ask: Ask, at: number): Answer {
  // 1. The tenant exists and is active.
  const tenant = own(world.tenants, ask.tenant);
  if (!tenant) return refuse('UNKNOWN_TENANT');
  if (tenant.status === 'SUSPENDED') return refuse('TENANT_SUSPENDED');

  // 2. The permission is in the tenant's matrix.
  const matrix = book.matrices.get(tenant.matrix)!;
  const permission = matrix.permissions.get(ask.permission);
  if (!permission) return refuse('UNKNOWN_PERMISSION');

  // 3. The department and the customer that the request names exist in this tenant.
  if (ask.department !== null && !tenant.departments.includes(ask.department)) return refuse('UNKNOWN_DEPARTMENT');
  if (ask.customer !== null && !tenant.customers.includes(ask.customer)) return refuse('UNKNOWN_CUSTOMER');

  // 4. The user is known and enabled.
  const user = own(world.users, ask.user);
  if (!user) return refuse('NO_MEMBERSHIP');
  if (user.status === 'DISABLED') return refuse('USER_DISABLED');

  // 5. An account OWNER is allowed everything in every tenant.
  if (user.accountRole === 'OWNER') return allow('GRANTED_BY_ACCOUNT_ROLE', null);

  // 6. There is a membership, active and unexpired.
  const member = own(tenant.members, ask.user);
  if (!member) return refuse('NO_MEMBERSHIP');
  if (member.status === 'SUSPENDED') return refuse('MEMBERSHIP_SUSPENDED');
  if (!before(at, member.expiresAt)) return refuse('MEMBERSHIP_EXPIRED');

  // 7. A widget-only role counts only in the widget.
  const primary = roleOf(matrix, tenant, member.role);
  if (primary?.widgetOnly && ask.surface !== 'WIDGET') return refuse('WRONG_SURFACE', primary.key);

  // 8. A bound member acts for their customer alone, and on an individually scoped resource only where it is theirs.
  if (member.customer !== null) {
    if (ask.customer !== member.customer) return refuse('CUSTOMER_ISOLATED');
    if (ask.owner !== null && ask.owner !== ask.user) return refuse('NOT_RESOURCE_OWNER');
  }

  // 9. An account VIEWER reads, and only where the plan has viewer accounts.
  const features = book.plans.get(tenant.plan)!;
  if (user.accountRole === 'VIEWER') {
    if (permission.write) return refuse('READ_ONLY_ACCOUNT');
    if (!features.has('VIEWER_ACCOUNTS')) return refuse('NOT_IN_PLAN');
  }

  // 10. Granted by the primary role, an override, or the account role; otherwise not.
  return granted({ book: matrix, tenant, member, ask, at, accountRole: user.accountRole, features, global: permission.global });
}

interface LastRule {
  readonly book: BookMatrix;
  readonly tenant: WorldTenant;
  readonly member: WorldMember;
  readonly ask: Ask;
  readonly at: number;
  readonly accountRole: WorldUser['accountRole'];
  readonly features: ReadonlySet<Feature>;
  readonly global: boolean;
}

function granted({ book, tenant, member, ask, at, accountRole, features, global }: LastRule): Answer {
  const gives = (role: BookRole | undefined): role is BookRole =>
    role !== undefined && !global && role.permissions.has(ask.permission) && !(role.widgetOnly && ask.surface !== 'WIDGET');

  const primary = roleOf(book, tenant, member.role);
  if (gives(primary)) return allow('GRANTED_BY_ROLE', primary.key);

  const override = ask.department === null ? undefined : own(member.overrides, ask.department);
  const second = override && before(at, override.expiresAt) ? roleOf(book, tenant, override.role) : undefined;
  const heldInDepartment = gives(second) ? second : undefined;
  if (heldInDepartment && features.has('DEPARTMENT_OVERRIDES')) {
    return allow('GRANTED_BY_DEPARTMENT_OVERRIDE', heldInDepartment.key);
  }

  if (accountRole === 'ADMIN') {
    const first = book.adminRoles.find((key) => key !== book.ownerRole);
    const admin = first === undefined ? undefined : book.roles.get(first);
    if (gives(admin)) return allow('GRANTED_BY_ACCOUNT_ROLE', admin.key);
  }
  if (book.accountRoles.get(accountRole)?.has(ask.permission)) return allow('GRANTED_BY_ACCOUNT_ROLE', null);

  if (heldInDepartment) return refuse('NOT_IN_PLAN', heldInDepartment.key);
  return refuse('NOT_GRANTED');
}

function roleOf(matrix: BookMatrix, tenant: WorldTenant, key: string): BookRole | undefined {
  const system = matrix.roles.get(matrix.aliases.get(key) ?? key);
  if (system) return system;
  const custom = own(tenant.roles, key);
  return custom && { key, widgetOnly: custom.surface === 'WIDGET_ONLY', permissions: new Set(custom.permissions) };
}

function before(at: number, end: number | null): boolean {
  return end === null || at < end;
}

function allow(reason: string, role: string | null): Answer {
  return { allowed: true, reason, role };
}

function refuse(reason: string, role: string | null = null): Answer {
  return { allowed: false, reason, role };
}
