import type { Question } from './questions.js';
import type { World, WorldTenant } from './world.js';

export type Reason =
  | 'UNKNOWN_TENANT'
  | 'UNKNOWN_PERMISSION'
  | 'UNKNOWN_DEPARTMENT'
  | 'NO_MEMBERSHIP'
  | 'GRANTED_BY_ROLE'
  | 'GRANTED_BY_DEPARTMENT_OVERRIDE'
  | 'NOT_GRANTED';

export interface Answer {
  readonly allowed: boolean;
  readonly reason: Reason;
}

interface Held {
  readonly role: ReadonlySet<string>;
  readonly byDepartment: ReadonlyMap<string, ReadonlySet<string>>;
}

interface KnownTenant {
  readonly departments: ReadonlySet<string>;
  readonly members: ReadonlyMap<string, Held>;
}

const refuse = (reason: Reason): Answer => ({ allowed: false, reason });

/** The right answers, from sets of strings and DESIGN's rules alone: it shares no code with the gateway or its peers. */
export class Oracle {
  private readonly permissions: ReadonlySet<string>;
  private readonly tenants: ReadonlyMap<string, KnownTenant>;

  constructor(world: World) {
    this.permissions = new Set(world.matrix.permissions);
    this.tenants = new Map(world.tenants.map((tenant) => [tenant.id, known(world, tenant)]));
  }

  answer({ tenantId, userId, permission, departmentId }: Question): Answer {
    const tenant = this.tenants.get(tenantId);
    if (tenant === undefined) return refuse('UNKNOWN_TENANT');
    if (!this.permissions.has(permission)) return refuse('UNKNOWN_PERMISSION');
    if (departmentId !== null && !tenant.departments.has(departmentId)) return refuse('UNKNOWN_DEPARTMENT');
    const held = tenant.members.get(userId);
    if (held === undefined) return refuse('NO_MEMBERSHIP');
    if (held.role.has(permission)) return { allowed: true, reason: 'GRANTED_BY_ROLE' };
    const byOverride = departmentId === null ? undefined : held.byDepartment.get(departmentId);
    return byOverride?.has(permission) === true ? { allowed: true, reason: 'GRANTED_BY_DEPARTMENT_OVERRIDE' } : refuse('NOT_GRANTED');
  }

  /** Everything that a member may do outside of any department, in the order of the keys. */
  permissionsOf(tenantId: string, userId: string): string[] {
    return [...(this.tenants.get(tenantId)?.members.get(userId)?.role ?? [])].sort();
  }
}

function known({ matrix }: World, tenant: WorldTenant): KnownTenant {
  const roles = new Map<string, ReadonlySet<string>>(matrix.roles);
  for (const { key, permissions } of tenant.customRoles) roles.set(key, new Set(permissions));
  const members = tenant.members.map(({ userId, role, overrides }): [string, Held] => [
    userId,
    { role: roles.get(role)!, byDepartment: new Map(overrides.map((override) => [override.departmentId, roles.get(override.role)!])) },
  ]);
  return { departments: new Set(tenant.departments), members: new Map(members) };
}
