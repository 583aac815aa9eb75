import { IDENTIFIER_RULE, isIdentifier } from '../domain/identifier.js';
import type { Role } from '../domain/matrix.js';
import type { Finding, Path } from './finding.js';
import type { MatrixSource } from './matrix-schema.js';
import { UniqueKeys } from './unique-keys.js';

type Roles = ReadonlyMap<string, Role>;

/** The system roles by key; of two with one key the first counts. */
export function indexRoles(roles: readonly Role[], findings: Finding[]): Map<string, Role> {
  const keys = new UniqueKeys('role', findings);
  return new Map(roles.filter(({ key }, r) => keys.claim(key, ['roles', r, 'key'])).map((role) => [role.key, role]));
}

function requireKnown(key: string, path: Path, source: MatrixSource, roles: Roles, findings: Finding[]): Role | undefined {
  const role = roles.get(key);
  if (role !== undefined) return role;
  const target = Object.entries(source.aliases ?? {}).find(([alias]) => alias === key)?.[1];
  const hint = target === undefined ? '' : `; it is an alias, so name "${target}" itself`;
  findings.push({ path, reason: `"${key}" is no role of this matrix${hint}` });
  return undefined;
}

/** The owner's role and the admin roles must exist, and count everywhere: whoever runs a tenant does so on the platform. */
export function checkLeadingRoles(source: MatrixSource, roles: Roles, findings: Finding[]): void {
  const check = (key: string, path: Path, noun: string): void => {
    const role = requireKnown(key, path, source, roles, findings);
    if (role?.surface !== 'WIDGET_ONLY') return;
    findings.push({ path, reason: `"${key}" counts only in the widget, so it cannot be ${noun}; its surface must be all` });
  };
  if (source.ownerRole !== undefined) check(source.ownerRole, ['ownerRole'], 'the owner role');
  const listed = new UniqueKeys('admin role', findings);
  source.adminRoles.forEach((key, i) => {
    const path = ['adminRoles', i];
    if (listed.claim(key, path)) check(key, path, 'an admin role');
  });
}

/** An alias is another key of a system role, so it can be neither a role's own key nor lead to another alias. */
export function checkAliases(source: MatrixSource, roles: Roles, findings: Finding[]): void {
  for (const [alias, target] of Object.entries(source.aliases ?? {})) {
    const path = ['aliases', alias];
    const refuse = (reason: string): number => findings.push({ path, reason: `the alias "${alias}" ${reason}`, atKey: true });
    if (!isIdentifier(alias)) refuse(`must be a key: ${IDENTIFIER_RULE}`);
    if (roles.has(alias)) refuse('is the key of a role already');
    requireKnown(target, path, source, roles, findings);
  }
}
