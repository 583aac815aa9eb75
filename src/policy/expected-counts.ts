import type { PermissionCategory, Role } from '../domain/matrix.js';
import type { Finding } from './finding.js';
import type { MatrixSource } from './matrix-schema.js';

interface Counted {
  readonly noun: 'role' | 'category';
  readonly verb: 'holds' | 'has';
  readonly field: 'roles' | 'categories';
  readonly countOf: (key: string) => number | undefined;
}

/** The counts that the author gave in `expect` must hold: the guard against a slip in a wildcard or a forgotten line. */
export function checkCounts(
  expect: MatrixSource['expect'],
  roles: ReadonlyMap<string, Role>,
  categories: ReadonlyMap<string, PermissionCategory>,
  findings: Finding[],
): void {
  const counted: readonly Counted[] = [
    { noun: 'role', verb: 'holds', field: 'roles', countOf: (key) => roles.get(key)?.permissions.size },
    { noun: 'category', verb: 'has', field: 'categories', countOf: (key) => categories.get(key)?.permissions.length },
  ];
  for (const { noun, verb, field, countOf } of counted) {
    for (const [key, expected] of Object.entries(expect?.[field] ?? {})) {
      const path = ['expect', field, key];
      const count = countOf(key);
      if (count === undefined) findings.push({ path, reason: `"${key}" is no ${noun} of this matrix`, atKey: true });
      else if (count !== expected) {
        const reason = `the ${noun} "${key}" ${verb} ${count} permission${count === 1 ? '' : 's'}, not the expected ${expected}`;
        findings.push({ path, reason });
      }
    }
  }
}
