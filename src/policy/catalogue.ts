import type { Permission, PermissionCategory } from '../domain/matrix.js';
import type { Finding } from './finding.js';
import type { CategorySource, PermissionSource } from './matrix-schema.js';
import { UniqueKeys } from './unique-keys.js';

const CATEGORY_SUFFIX = '.*';

/** A matrix's permissions and categories by key. A permission's place in the catalogue is its bit. */
export class Catalogue {
  constructor(
    readonly categories: ReadonlyMap<string, PermissionCategory>,
    readonly permissions: ReadonlyMap<string, Permission>,
  ) {}

  /** The category that `<category>.*` names. */
  categoryNamed(pattern: string): PermissionCategory | undefined {
    return pattern.endsWith(CATEGORY_SUFFIX) ? this.categories.get(pattern.slice(0, -CATEGORY_SUFFIX.length)) : undefined;
  }
}

/** Reads the permissions by category. A key that comes twice becomes a finding, and its first place counts. */
export function buildCatalogue(sources: readonly CategorySource[], findings: Finding[]): Catalogue {
  const categories = new Map<string, PermissionCategory>();
  const permissions = new Map<string, Permission>();
  const categoryKeys = new UniqueKeys('category', findings);
  const permissionKeys = new UniqueKeys('permission', findings);
  sources.forEach((source, c) => {
    const path = ['categories', c];
    const isNew = categoryKeys.claim(source.key, [...path, 'key']);
    const listed: Permission[] = [];
    source.permissions.forEach((permission, p) => {
      if (!permissionKeys.claim(permission.key, [...path, 'permissions', p, 'key'])) return;
      const built = permissionFrom(permission, source.key, permissions.size);
      permissions.set(built.key, built);
      listed.push(built);
    });
    if (isNew) categories.set(source.key, { key: source.key, title: source.title ?? source.key, permissions: listed });
  });
  return new Catalogue(categories, permissions);
}

function permissionFrom(source: PermissionSource, category: string, index: number): Permission {
  return {
    key: source.key,
    title: source.title ?? source.key,
    category,
    access: source.access === 'read' ? 'READ' : 'WRITE',
    scope: source.scope === 'global' ? 'GLOBAL' : 'WORKSPACE',
    index,
  };
}
