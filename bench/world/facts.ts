import { Facts, type Member, type TenantFrame } from '../../src/domain/facts.js';
import type { Role, RoleMatrix } from '../../src/domain/matrix.js';
import { PermissionSet } from '../../src/domain/permission-set.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Question } from './questions.js';
import type { CustomRole, World, WorldMember, WorldTenant } from './world.js';

const REVISION = 1n;

/** The world as the domain's own facts, for asking `decide` without a database. */
export class WorldFacts {
  private readonly frames: ReadonlyMap<string, TenantFrame>;
  private readonly members: ReadonlyMap<string, Member>;
  private readonly tenantOf: ReadonlyMap<string, string>;

  constructor({ tenants }: World, matrix: RoleMatrix, plan: Plan) {
    this.frames = new Map(tenants.map((tenant) => [tenant.id, frameOf(tenant, matrix, plan)]));
    this.members = new Map(tenants.flatMap(({ members }) => members.map((member) => [member.userId, memberOf(member)])));
    this.tenantOf = new Map(tenants.flatMap(({ id, members }) => members.map(({ userId }) => [userId, id])));
  }

  /** What a decision on the question needs to know. */
  of({ tenantId, userId }: Question): Facts {
    const frame = this.frames.get(tenantId) ?? null;
    const member = this.members.get(userId) ?? null;
    const belongs = this.tenantOf.get(userId) === tenantId;
    return new Facts(frame, member === null || belongs ? member : { ...member, membership: null }, frame === null ? null : REVISION);
  }
}

function frameOf({ id, customRoles, departments }: WorldTenant, matrix: RoleMatrix, plan: Plan): TenantFrame {
  return {
    tenantId: id,
    status: 'ACTIVE',
    plan,
    matrix,
    customRoles: new Map(customRoles.map((role) => [role.key, roleOf(role, matrix)])),
    departments: new Set(departments),
    customers: new Set(),
    structureRevision: REVISION,
  };
}

function roleOf({ key, permissions }: CustomRole, matrix: RoleMatrix): Role {
  const indices = permissions.map((permission) => matrix.findPermission(permission)!.index);
  const held = PermissionSet.of(matrix.permissions.length, indices);
  return { key, name: key, description: null, kind: 'CUSTOM', surface: 'ALL', permissions: held, duplicatedFrom: null };
}

function memberOf({ userId, role, overrides }: WorldMember): Member {
  const held = new Map(overrides.map((override) => [override.departmentId, { roleKey: override.role, expiresAt: null }]));
  return {
    userId,
    accountRole: 'MEMBER',
    status: 'ACTIVE',
    membership: { status: 'ACTIVE', roleKey: role, customerId: null, expiresAt: null, overrides: held },
  };
}
