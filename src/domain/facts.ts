import type { AccountRole, Role, RoleMatrix } from './matrix.js';
import type { PermissionSet } from './permission-set.js';
import type { Plan } from './plan.js';

export type TenantStatus = 'ACTIVE' | 'SUSPENDED';
export type UserStatus = 'ACTIVE' | 'DISABLED';
export type MembershipStatus = 'ACTIVE' | 'SUSPENDED';
export type Surface = 'PLATFORM' | 'WIDGET';

/** What every decision in a tenant shares, as it was at `structureRevision`. */
export interface TenantFrame {
  readonly tenantId: string;
  readonly status: TenantStatus;
  readonly plan: Plan;
  readonly matrix: RoleMatrix;
  readonly customRoles: ReadonlyMap<string, Role>;
  readonly departments: ReadonlySet<string>;
  readonly customers: ReadonlySet<string>;
  /** The tenant's revision at which roles, departments, customers, plan or status last changed. */
  readonly structureRevision: bigint;
}

export interface Override {
  readonly roleKey: string;
  /** Milliseconds since the epoch; the override counts while `now < expiresAt`. */
  readonly expiresAt: number | null;
}

export interface Membership {
  readonly status: MembershipStatus;
  readonly roleKey: string;
  /** The one customer that the member acts for; null for the tenant's staff. */
  readonly customerId: string | null;
  /** Milliseconds since the epoch; the membership counts while `now < expiresAt`. */
  readonly expiresAt: number | null;
  /** By department: one override each. */
  readonly overrides: ReadonlyMap<string, Override>;
}

export interface Member {
  readonly userId: string;
  readonly accountRole: AccountRole;
  readonly status: UserStatus;
  readonly membership: Membership | null;
}

/** What a decision needs to know, read at one revision of the tenant. */
export class Facts {
  /** Of no tenant, and so of nobody. */
  static readonly NONE = new Facts(null, null, null);

  /**
   * What nearly every decision asks of the member and of the membership, null without one: here, since finding one object by way
   * of another is most of the time that a decision takes.
   */
  readonly userStatus: UserStatus | null;
  readonly accountRole: AccountRole | null;
  readonly membershipStatus: MembershipStatus | null;
  readonly customerId: string | null;
  readonly expiresAt: number | null;

  /** The role of the membership; null without one, and for a role that no longer exists: it grants nothing. Found once for all questions. */
  readonly primaryRole: Role | null;
  /** What follows from the account role alone, for whoever belongs to the tenant; null where nothing does. */
  readonly accountPermissions: PermissionSet | null;

  constructor(
    /** Null where there is no such tenant. */
    readonly frame: TenantFrame | null,
    /** Null where there is no such user. */
    readonly member: Member | null,
    /** The tenant's revision that these facts hold for; null without a tenant. */
    readonly revision: bigint | null,
  ) {
    const membership = member?.membership ?? null;
    this.userStatus = member?.status ?? null;
    this.accountRole = member?.accountRole ?? null;
    this.membershipStatus = membership?.status ?? null;
    this.customerId = membership?.customerId ?? null;
    this.expiresAt = membership?.expiresAt ?? null;
    this.primaryRole = frame === null || membership === null ? null : (roleIn(frame, membership.roleKey) ?? null);
    this.accountPermissions = frame === null || member === null ? null : (frame.matrix.permissionsOfAccountRole(member.accountRole) ?? null);
  }

  /** The same of somebody who does not exist. */
  ofNobody(): Facts {
    return new Facts(this.frame, null, this.revision);
  }
}

/** The role of this key or alias in the tenant, system or custom. */
export function roleIn(frame: TenantFrame, key: string): Role | undefined {
  return frame.matrix.findRole(key) ?? frame.customRoles.get(key);
}

/** Whether the membership counts at `now`; expiry is decided at the moment of the question and never by a job. */
export function isCurrent(membership: Pick<Membership, 'status' | 'expiresAt'>, now: number): boolean {
  return membership.status === 'ACTIVE' && !isExpired(membership, now);
}

/** The last millisecond at which it counts. */
export function lastMomentOf({ expiresAt }: { readonly expiresAt: number | null }): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - 1;
}

/** A membership or an override ends at its very millisecond: it counts while `now < expiresAt`. */
export function isExpired(held: { readonly expiresAt: number | null }, now: number): boolean {
  return held.expiresAt !== null && !(now < held.expiresAt);
}
