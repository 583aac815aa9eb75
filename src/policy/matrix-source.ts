import { RoleMatrix } from '../domain/matrix.js';
import { buildCatalogue } from './catalogue.js';
import { checkCounts } from './expected-counts.js';
import { type Finding, formatPath } from './finding.js';
import { expandAccountRoles, expandRoles } from './grants.js';
import { readGuards } from './guards.js';
import type { MatrixSource } from './matrix-schema.js';
import { PolicyError } from './policy-error.js';
import { checkAliases, checkLeadingRoles, indexRoles } from './role-references.js';

/** Plain JSON, as an author writes it and the database keeps it; the form is `matrixSourceSchema`'s. */
export type { MatrixSource };

export type MatrixReading =
  | { readonly ok: true; readonly matrix: RoleMatrix }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Expands the source into the matrix that decisions are made with, or says everything that is wrong with it. */
export function readMatrix(source: MatrixSource): MatrixReading {
  const findings: Finding[] = [];
  const catalogue = buildCatalogue(source.categories, findings);
  const roles = indexRoles(expandRoles(source.roles, catalogue, findings), findings);
  // A slip above shifts the counts as well; reporting both would only hide the cause.
  if (findings.length === 0) checkCounts(source.expect, roles, catalogue.categories, findings);
  checkLeadingRoles(source, roles, findings);
  checkAliases(source, roles, findings);
  const accountRoles = expandAccountRoles(source.accountRoles, catalogue, findings);
  const guards = readGuards(source.guards, catalogue, findings);
  if (findings.length > 0) return { ok: false, findings };
  const matrix = new RoleMatrix({
    key: source.key,
    title: source.title ?? source.key,
    version: source.version,
    categories: [...catalogue.categories.values()],
    roles: [...roles.values()],
    ownerRole: source.ownerRole ?? null,
    adminRoles: source.adminRoles,
    aliases: new Map(Object.entries(source.aliases ?? {})),
    accountRoles,
    guards,
  });
  return { ok: true, matrix };
}

/**
 * The matrix of a source that fits `matrixSourceSchema`, such as one read back from the database.
 * Raises a PolicyError, with paths in place of lines, where names in it do not exist or its counts do not hold.
 */
export function buildMatrix(source: MatrixSource): RoleMatrix {
  const reading = readMatrix(source);
  if (reading.ok) return reading.matrix;
  const file = `role matrix "${source.key}"`;
  const problems = reading.findings.map(({ path, reason }) => ({ file, line: 1, reason: `${formatPath(path)}: ${reason}` }));
  throw new PolicyError(problems);
}
