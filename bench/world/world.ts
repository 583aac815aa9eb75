import type { MatrixFile } from './matrix-file.js';
import { Random } from './random.js';

/** Who is who in the benchmark: plain data, so that every engine that is measured can load it. */
export interface World {
  readonly matrix: MatrixFile;
  readonly tenants: readonly WorldTenant[];
}

export interface WorldTenant {
  readonly id: string;
  readonly departments: readonly string[];
  readonly customRoles: readonly CustomRole[];
  /** The first is the owner. */
  readonly members: readonly WorldMember[];
}

export interface CustomRole {
  readonly key: string;
  readonly permissions: readonly string[];
}

/** Each user is a member of one tenant. */
export interface WorldMember {
  readonly userId: string;
  readonly role: string;
  readonly overrides: readonly WorldOverride[];
}

export interface WorldOverride {
  readonly departmentId: string;
  readonly role: string;
}

export interface WorldSize {
  readonly tenants: number;
  readonly membersPerTenant: number;
}

/** The workload of the project's speed goals. */
export const STANDARD_SIZE: WorldSize = { tenants: 1000, membersPerTenant: 50 };

const CUSTOM_ROLES = 2;
const PERMISSIONS_PER_CUSTOM_ROLE = 15;
const DEPARTMENTS = 5;
const OVERRIDDEN_SHARE = 0.2;
/** How often each role occurs among a hundred members other than the owner; the custom roles share the rest. */
const ROLE_WEIGHTS: readonly (readonly [role: string, weight: number])[] = [['admin', 4], ['developer', 26], ['operator', 25], ['viewer', 25]];
const OVERRIDE_ROLES: readonly string[] = ['admin', 'developer', 'operator'];

/** The same seed and size make the same world. */
export function makeWorld(matrix: MatrixFile, size: WorldSize = STANDARD_SIZE, seed = 1): World {
  const random = new Random(seed);
  return { matrix, tenants: Array.from({ length: size.tenants }, (_, index) => makeTenant(index, matrix, size, random)) };
}

function makeTenant(index: number, matrix: MatrixFile, { membersPerTenant }: WorldSize, random: Random): WorldTenant {
  const id = `tenant-${index}`;
  const departments = Array.from({ length: DEPARTMENTS }, (_, department) => `department-${department}`);
  const customRoles = Array.from({ length: CUSTOM_ROLES }, (_, role) => ({
    key: `custom-${role}`,
    permissions: random.sample(matrix.permissions, PERMISSIONS_PER_CUSTOM_ROLE),
  }));
  const numbers = Array.from({ length: membersPerTenant }, (_, member) => member);
  const overridden = new Set(random.sample(numbers, Math.round(membersPerTenant * OVERRIDDEN_SHARE)));
  const overrideRoles = [...OVERRIDE_ROLES, ...customRoles.map(({ key }) => key)];
  const members = numbers.map((number) => ({
    userId: `user-${index}-${number}`,
    role: number === 0 ? 'owner' : memberRole(customRoles, random),
    overrides: overridden.has(number) ? makeOverrides(departments, overrideRoles, random) : [],
  }));
  return { id, departments, customRoles, members };
}

function memberRole(customRoles: readonly CustomRole[], random: Random): string {
  let drawn = random.below(100);
  for (const [role, weight] of ROLE_WEIGHTS) {
    if (drawn < weight) return role;
    drawn -= weight;
  }
  return random.pick(customRoles).key;
}

/** In one department, or in two. */
function makeOverrides(departments: readonly string[], roles: readonly string[], random: Random): WorldOverride[] {
  return random.sample(departments, 1 + random.below(2)).map((departmentId) => ({ departmentId, role: random.pick(roles) }));
}
