import type { RequestLoaders } from '../../graphql/loaders.js';
import type { RoleType } from '../matrices/matrices.types.js';
import type { TenantRoles } from '../roles/tenant-roles.js';
import type { TenantPartService } from '../tenants/tenant-parts.service.js';
import type { TenantPart } from '../tenants/tenant-parts.store.js';
import type { TenantService } from '../tenants/tenants.service.js';
import type { TenantRecord } from '../tenants/tenants.store.js';
import type { UserService } from '../users/users.service.js';
import type { UserRecord } from '../users/users.store.js';
import type { MembershipService } from './memberships.service.js';
import type { MemberKey, OverrideRecord, RoleReference } from './memberships.store.js';

interface InTenant {
  readonly tenantId: string;
}

interface OverrideParts {
  readonly department: TenantPart;
  readonly role: RoleType;
  readonly expiresAt: number | null;
}

// No identifier has a space in it.
const pairKey = ({ tenantId, id }: { tenantId: string; id: string }) => `${tenantId} ${id}`;
const roleKey = ({ tenantId, key }: { tenantId: string; key: string }) => `${tenantId} ${key}`;
const memberKey = ({ tenantId, userId }: MemberKey) => `${tenantId} ${userId}`;

/** What hangs on a membership or an invitation, loaded for a whole page at once. */
export class MembershipParts {
  constructor(
    private readonly members: MembershipService,
    private readonly users: UserService,
    private readonly tenants: TenantService,
    private readonly roles: TenantRoles,
    private readonly departments: TenantPartService,
    private readonly customers: TenantPartService,
  ) {}

  tenant({ tenantId }: InTenant, loaders: RequestLoaders): Promise<TenantRecord | null> {
    return loaders.load(this.tenants.findAll, tenantId);
  }

  user({ userId }: { readonly userId: string }, loaders: RequestLoaders): Promise<UserRecord | null> {
    return loaders.load(this.users.findAll, userId);
  }

  role(reference: InTenant & RoleReference, loaders: RequestLoaders): RoleType | Promise<RoleType> {
    if (reference.roleKind === 'SYSTEM') return present(this.roles.system(reference));
    const { tenantId, roleKey: key, matrixKey } = reference;
    return loaders.load(this.roles.findCustomViews, { tenantId, key, matrixKey }, roleKey).then(present);
  }

  customer({ tenantId, customerId }: InTenant & { readonly customerId: string | null }, loaders: RequestLoaders): Promise<TenantPart | null> | null {
    return customerId === null ? null : loaders.load(this.customers.findAll, { tenantId, id: customerId }, pairKey);
  }

  overrides({ tenantId, userId }: MemberKey, loaders: RequestLoaders): Promise<OverrideParts[]> {
    const listed = loaders.load(this.members.listOverrides, { tenantId, userId }, memberKey);
    // Most members have none, and a page has many members.
    return listed.then((held) => (held.length === 0 ? [] : Promise.all(held.map((override) => this.override(override, loaders)))));
  }

  private async override(override: OverrideRecord, loaders: RequestLoaders): Promise<OverrideParts> {
    const { tenantId, departmentId: id, expiresAt } = override;
    const [department, role] = await Promise.all([loaders.load(this.departments.findAll, { tenantId, id }, pairKey), this.role(override, loaders)]);
    return { department: present(department), role, expiresAt };
  }
}

/** What a foreign key vouches for; gone only where it was deleted between two statements of this very request. */
function present<T>(found: T | null): T {
  if (found === null) throw new Error('what a row refers to is gone: it was changed while the answer was put together');
  return found;
}
