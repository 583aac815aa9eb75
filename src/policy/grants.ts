import type { AccountRole, Permission, Role } from '../domain/matrix.js';
import { PermissionSet } from '../domain/permission-set.js';
import type { Catalogue } from './catalogue.js';
import type { Finding, Path } from './finding.js';
import type { MatrixSource, RoleSource } from './matrix-schema.js';

/** What one entry of a list of grants stands for: some bits, a whole set of them, or nothing, with the reason. */
type Meaning = { readonly indices: readonly number[] } | { readonly set: PermissionSet } | { readonly nothing: string };
type Read = (entry: string) => Meaning;

/** A wide wildcard is cheapest as a set to unite, a narrow one as the few bits that it covers. */
function covering(permissions: readonly Permission[], catalogue: Catalogue): Meaning {
  const indices = permissions.map((permission) => permission.index);
  const capacity = catalogue.permissions.size;
  return indices.length * 32 < capacity ? { indices } : { set: PermissionSet.of(capacity, indices) };
}

function unknown(entry: string, forms: string): Meaning {
  const hint = entry.includes('*') ? `; a wildcard is ${forms}` : '';
  return { nothing: `"${entry}" names no permission of this matrix${hint}` };
}

/** An exact key comes before any wildcard, so a catalogue may hold keys that look like one. */
function readForSystemRole(catalogue: Catalogue): Read {
  return (entry) => {
    const permission = catalogue.permissions.get(entry);
    if (permission?.scope === 'WORKSPACE') return { indices: [permission.index] };
    if (permission !== undefined) {
      return { nothing: `"${entry}" is a global permission; global permissions follow from an account role only` };
    }
    const covered = entry === '*' ? [...catalogue.permissions.values()] : catalogue.categoryNamed(entry)?.permissions;
    if (covered === undefined) return unknown(entry, '"*" or "<category>.*"');
    const ofWorkspace = covered.filter(({ scope }) => scope === 'WORKSPACE');
    if (ofWorkspace.length > 0) return covering(ofWorkspace, catalogue);
    return { nothing: `"${entry}" stands for nothing: it covers no permission of scope workspace` };
  };
}

function readForAccountRole(catalogue: Catalogue): Read {
  return (entry) => {
    const permission = catalogue.permissions.get(entry);
    if (permission !== undefined) return { indices: [permission.index] };
    const covered = catalogue.categoryNamed(entry)?.permissions;
    if (covered === undefined) return unknown(entry, '"<category>.*" here');
    if (covered.length > 0) return covering(covered, catalogue);
    return { nothing: `"${entry}" stands for nothing: its category is empty` };
  };
}

/** Thousands of roles name the same few wildcards and keys. */
function remembering(read: Read): Read {
  const known = new Map<string, Meaning>();
  return (entry) => {
    let meaning = known.get(entry);
    if (meaning === undefined) known.set(entry, (meaning = read(entry)));
    return meaning;
  };
}

function expand(entries: readonly string[], path: Path, capacity: number, read: Read, findings: Finding[]): PermissionSet {
  const indices: number[] = [];
  const sets: PermissionSet[] = [];
  entries.forEach((entry, i) => {
    const meaning = read(entry);
    if ('set' in meaning) sets.push(meaning.set);
    else if ('indices' in meaning) for (const index of meaning.indices) indices.push(index);
    else findings.push({ path: [...path, i], reason: meaning.nothing });
  });
  return sets.reduce((all, set) => all.union(set), PermissionSet.of(capacity, indices));
}

/** The system roles with what they hold: `permissions` less `except`. Grants that name nothing become findings. */
export function expandRoles(roles: readonly RoleSource[], catalogue: Catalogue, findings: Finding[]): Role[] {
  const read = remembering(readForSystemRole(catalogue));
  const capacity = catalogue.permissions.size;
  return roles.map((role, r) => {
    const granted = expand(role.permissions, ['roles', r, 'permissions'], capacity, read, findings);
    const except = role.except === undefined ? null : expand(role.except, ['roles', r, 'except'], capacity, read, findings);
    return {
      key: role.key,
      name: role.name ?? role.key,
      description: role.description ?? null,
      kind: 'SYSTEM',
      surface: role.surface === 'widget_only' ? 'WIDGET_ONLY' : 'ALL',
      permissions: except === null ? granted : granted.difference(except),
      duplicatedFrom: null,
    };
  });
}

const ACCOUNT_ROLES = { admin: 'ADMIN', member: 'MEMBER', viewer: 'VIEWER' } as const;

/** What follows from an account role alone. Here, and only here, a grant may name global permissions. */
export function expandAccountRoles(
  source: MatrixSource['accountRoles'],
  catalogue: Catalogue,
  findings: Finding[],
): Map<AccountRole, PermissionSet> {
  const read = readForAccountRole(catalogue);
  const granted = new Map<AccountRole, PermissionSet>();
  for (const name of ['admin', 'member', 'viewer'] as const) {
    const entries = source?.[name];
    if (entries === undefined) continue;
    granted.set(ACCOUNT_ROLES[name], expand(entries, ['accountRoles', name], catalogue.permissions.size, read, findings));
  }
  return granted;
}
