import { groupedBy } from './lists.js';

/** A role matrix as another project has it, with people, and questions that the project answers itself. Keys are that project's. */
export interface DataSet {
  readonly name: string;
  /** Every permission that there is, held by a role or not. */
  readonly catalogue: readonly string[];
  readonly tenants: readonly { readonly key: string; readonly departments: readonly string[] }[];
  readonly roles: readonly DataSetRole[];
  readonly memberships: readonly DataSetMembership[];
  readonly questions: readonly Question[];
}

export interface DataSetRole {
  readonly key: string;
  /** The only tenant that has this role; absent where all have it. */
  readonly tenant?: string;
  readonly permissions: readonly string[];
}

/** At most one for a user in a tenant. */
export interface DataSetMembership {
  readonly user: string;
  readonly tenant: string;
  readonly role: string;
  readonly departmentOverrides?: readonly { readonly department: string; readonly role: string }[];
}

export interface Question {
  readonly user: string;
  readonly tenant: string;
  readonly department?: string;
  readonly permission: string;
  readonly expected: boolean;
  /** Set where the answer hangs on whether a role in a department replaces the primary role, or adds to it as here. */
  readonly modeSensitive?: boolean;
}

/**
 * Another system's key as a key of ours, which has 1 to 255 printable ASCII characters without blanks: any other character
 * is percent-encoded, and the percent sign too, so that no two keys become one. Used wherever a key goes to the gateway.
 */
export function idOf(key: string): string {
  return key.replace(/[^\x21-\x7e]|%/gu, (character) => encodeURIComponent(character));
}

/** The catalogue by category, in its order. */
export function categoriesOf({ catalogue }: DataSet): Map<string, string[]> {
  return groupedBy(catalogue, categoryOf);
}

/** The category of a permission: what the first part of its key says that it is about. */
export function categoryOf(permission: string): string {
  const [first = '', ...others] = permission.split(/[/:]/);
  if (others.length > 0 && first !== '') return idOf(first);
  const dot = permission.lastIndexOf('.');
  return dot > 0 ? idOf(permission.slice(0, dot)) : 'general';
}

const READS: ReadonlySet<string> = new Set(['read', 'get', 'list', 'watch', 'view', 'pull']);

/** Whether a permission only looks, judged by the last part of its key. */
export function accessOf(permission: string): 'read' | 'write' {
  const last = permission.split(/[/:.]/).at(-1)!;
  return last.toLowerCase().split(/[^a-z]+/).some((word) => READS.has(word)) ? 'read' : 'write';
}

/** What the source's answer is here. An override adds to the primary role, so it never takes away what that one holds. */
export function answerHere({ expected, modeSensitive = false }: Question): boolean {
  return expected || modeSensitive;
}

/** The keys, as the gateway has them, of what a membership holds: its role's and, in a department, the override's as well. */
export function heldBy({ roles }: DataSet, membership: DataSetMembership, department?: string): string[] {
  const override = membership.departmentOverrides?.find((one) => one.department === department);
  const held = roles.filter(({ key }) => key === membership.role || key === override?.role).flatMap((role) => role.permissions);
  return [...new Set(held)].map(idOf).sort();
}
