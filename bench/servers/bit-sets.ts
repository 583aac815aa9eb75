import type { World } from '../world/world.js';

interface Member {
  readonly role: Uint32Array;
  readonly byDepartment: ReadonlyMap<string, Uint32Array>;
}

interface Tenant {
  readonly departments: ReadonlySet<string>;
  readonly members: ReadonlyMap<string, Member>;
}

interface CheckInput {
  readonly tenantId: string;
  readonly userId: string;
  readonly permission: string;
  readonly departmentId?: string;
}

interface CheckPermissionsInput {
  readonly tenantId: string;
  readonly userId: string;
  readonly permissions: readonly string[];
}

const BY_ROLE = '{"allowed":true,"reason":"GRANTED_BY_ROLE"}';
const BY_OVERRIDE = '{"allowed":true,"reason":"GRANTED_BY_DEPARTMENT_OVERRIDE"}';
const refusal = (reason: string): string => `{"allowed":false,"reason":"${reason}"}`;
const [UNKNOWN_TENANT, UNKNOWN_PERMISSION, UNKNOWN_DEPARTMENT] = ['UNKNOWN_TENANT', 'UNKNOWN_PERMISSION', 'UNKNOWN_DEPARTMENT'].map(refusal) as [string, string, string];
const [NO_MEMBERSHIP, NOT_GRANTED] = ['NO_MEMBERSHIP', 'NOT_GRANTED'].map(refusal) as [string, string];

/** What somebody in a hurry would write by hand for the same questions: no GraphQL, no guard, no limits, answers glued together. */
export class BitSets {
  private readonly bits: ReadonlyMap<string, number>;
  private readonly tenants: ReadonlyMap<string, Tenant>;

  constructor({ matrix, tenants }: World) {
    this.bits = new Map(matrix.permissions.map((permission, bit) => [permission, bit]));
    const system = new Map([...matrix.roles].map(([key, held]) => [key, this.setOf(held)]));
    this.tenants = new Map(tenants.map(({ id, departments, customRoles, members }) => {
      const roles = new Map([...system, ...customRoles.map(({ key, permissions }) => [key, this.setOf(permissions)] as const)]);
      const known = members.map(({ userId, role, overrides }): [string, Member] => [
        userId, { role: roles.get(role)!, byDepartment: new Map(overrides.map((override) => [override.departmentId, roles.get(override.role)!])) },
      ]);
      return [id, { departments: new Set(departments), members: new Map(known) }];
    }));
  }

  /** The answer to the body of a `checks` request. */
  checks(body: string): string {
    const { inputs } = (JSON.parse(body) as { variables: { inputs: readonly CheckInput[] } }).variables;
    let answers = '';
    for (const input of inputs) answers += answers === '' ? this.check(input) : `,${this.check(input)}`;
    return `{"data":{"checks":[${answers}]}}`;
  }

  /** The answer to the body of a `checkPermissions` request. */
  checkPermissions(body: string): string {
    const { tenantId, userId, permissions } = (JSON.parse(body) as { variables: { input: CheckPermissionsInput } }).variables.input;
    const held = this.tenants.get(tenantId)?.members.get(userId)?.role;
    let answers = '';
    for (const permission of permissions) {
      const bit = this.bits.get(permission);
      const allowed = held !== undefined && bit !== undefined && has(held, bit);
      answers += answers === '' ? String(allowed) : `,${allowed}`;
    }
    return `{"data":{"checkPermissions":{"allowed":[${answers}]}}}`;
  }

  private check({ tenantId, userId, permission, departmentId }: CheckInput): string {
    const tenant = this.tenants.get(tenantId);
    if (tenant === undefined) return UNKNOWN_TENANT;
    const bit = this.bits.get(permission);
    if (bit === undefined) return UNKNOWN_PERMISSION;
    if (departmentId !== undefined && !tenant.departments.has(departmentId)) return UNKNOWN_DEPARTMENT;
    const member = tenant.members.get(userId);
    if (member === undefined) return NO_MEMBERSHIP;
    if (has(member.role, bit)) return BY_ROLE;
    const override = departmentId === undefined ? undefined : member.byDepartment.get(departmentId);
    return override !== undefined && has(override, bit) ? BY_OVERRIDE : NOT_GRANTED;
  }

  private setOf(permissions: Iterable<string>): Uint32Array {
    const words = new Uint32Array(Math.ceil(this.bits.size / 32));
    for (const permission of permissions) {
      const bit = this.bits.get(permission)!;
      words[bit >>> 5]! |= 1 << (bit & 31);
    }
    return words;
  }
}

function has(words: Uint32Array, bit: number): boolean {
  return (words[bit >>> 5]! & (1 << (bit & 31))) !== 0;
}
