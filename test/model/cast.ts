import { PLATFORM_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { WorldUser } from '../decisions/world.js';

export interface Part {
  readonly accountRole: WorldUser['accountRole'];
  /** A role's key; null outside the tenant. */
  readonly role: string | null;
  readonly customer: string | null;
}

const staff = (role: string, accountRole: Part['accountRole'] = 'MEMBER'): Part => ({ role, accountRole, customer: null });
const outside = (accountRole: Part['accountRole'] = 'MEMBER'): Part => ({ role: null, accountRole, customer: null });

/** Who is there when a run begins, under each matrix. The founder is the tenant's owner or first admin. */
export const FOUNDER = '@founder';
export const CASTS: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  fastn: {
    [FOUNDER]: staff('owner'),
    '@admin': staff('admin'),
    '@second': staff('admin'),
    '@worker': staff('developer'),
    '@clerk': staff('clerk'),
    '@bound': { role: 'end_user', accountRole: 'MEMBER', customer: 'c1' },
    '@steward': staff('viewer', 'ADMIN'),
    '@reader': staff('admin', 'VIEWER'),
    '@chief': outside('OWNER'),
    '@outsider': outside(),
    '@guest': outside(),
  },
  nanami: {
    [FOUNDER]: staff('admin'),
    '@admin': staff('admin'),
    '@worker': staff('member'),
    '@clerk': staff('clerk'),
    '@bound': { role: 'member', accountRole: 'MEMBER', customer: 'c1' },
    '@steward': staff('viewer', 'ADMIN'),
    '@reader': staff('viewer', 'VIEWER'),
    '@chief': outside('OWNER'),
    '@outsider': outside(),
    '@guest': outside(),
  },
};

/** The roles that can be given, one of them by its alias. */
export const SYSTEM_ROLES: Readonly<Record<string, readonly string[]>> = {
  fastn: ['admin', 'tenant_admin', 'developer', 'viewer', 'end_user'],
  nanami: ['admin', 'tenant_admin', 'member', 'viewer'],
};

/** Permissions that roles are made of, under each matrix: those that the gateway itself asks for, some others, and a global one. */
export const PALETTES: Readonly<Record<string, readonly string[]>> = {
  fastn: ['membership.manage', 'roles.manage', 'settings.manage', 'customers.manage', 'membership.read', 'connectors.read', 'connectors.publish', 'agents.run', 'billing.manage'],
  nanami: ['membership.manage', 'roles.manage', 'departments.manage', 'workspace.update', 'membership.read', 'network.write', 'agents.update', 'agents.read', 'platform.billing'],
};

/** The custom roles of the first day. A clerk holds enough to manage people and roles, and little else. */
export const FIRST_ROLES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  fastn: {
    clerk: ['membership.read', 'membership.manage', 'roles.read', 'roles.manage', 'connectors.read'],
    aide: ['connectors.read', 'customers.manage'],
  },
  nanami: {
    clerk: ['membership.read', 'membership.manage', 'roles.read', 'roles.manage', 'agents.read'],
    aide: ['agents.read', 'workspace.update'],
  },
};

/** Who holds another role inside a department from the first day on. */
export const FIRST_OVERRIDES = [
  { user: '@worker', department: 'd1', role: 'aide' },
  { user: '@clerk', department: 'd2', role: 'admin' },
] as const;

/** Who was invited before the first day. */
export const FIRST_INVITATIONS = [
  { inviter: '@admin', person: '@outsider', role: 'viewer', customer: null },
  { inviter: '@clerk', person: '@guest', role: 'clerk', customer: 'c2' },
] as const;

export const KEY_CAPABILITIES = ['member.manage', 'role.manage', 'department.manage', 'customer.manage', 'apiKey.manage', 'tenant.update'];

/** The keys of the first day: the platform's, one of an admin's, and a weak one that the platform made. */
export const FIRST_KEYS = [
  { maker: 'root', ofTenant: false, capabilities: [...WORKSPACE_CAPABILITIES, ...PLATFORM_CAPABILITIES] as readonly string[] },
  { maker: '@admin', ofTenant: true, capabilities: KEY_CAPABILITIES },
  { maker: 'root', ofTenant: true, capabilities: ['member.manage', 'apiKey.manage'] },
] as const;
