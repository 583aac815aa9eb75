import {
  isPlatformCapability,
  isWorkspaceCapability,
  RESERVED_CAPABILITIES,
  WORKSPACE_CAPABILITIES,
  type WorkspaceCapability,
} from '../domain/capability.js';
import type { Guard } from '../domain/matrix.js';
import type { Catalogue } from './catalogue.js';
import type { Finding } from './finding.js';
import type { MatrixSource } from './matrix-schema.js';

/** Stands for any active member, where else a permission is named. */
const MEMBER = 'member';

function unknownCapability(name: string): string {
  return isPlatformCapability(name)
    ? `"${name}" is a capability of the platform, which no matrix gives`
    : `"${name}" is no capability of the gateway; the capabilities are ${WORKSPACE_CAPABILITIES.join(', ')}`;
}

function demandExists(demand: string, catalogue: Catalogue): boolean {
  return demand === MEMBER || catalogue.permissions.has(demand);
}

/** Where a permission is called `member`, a guard of that name would be weaker than its author may have meant. */
function checkMember(source: MatrixSource['guards'], catalogue: Catalogue, findings: Finding[]): void {
  const first = Object.keys(source).find((name) => source[name] === MEMBER);
  if (first === undefined || !catalogue.permissions.has(MEMBER)) return;
  const reason = '"member" means any active member here, and is a permission of this matrix too; rename the permission';
  findings.push({ path: ['guards', first], reason });
}

/**
 * What each of the gateway's workspace capabilities asks of a member. One that is left out becomes a finding, except the
 * reserved ones: those are the owner's alone, whatever a matrix says.
 */
export function readGuards(
  source: MatrixSource['guards'],
  catalogue: Catalogue,
  findings: Finding[],
): Map<WorkspaceCapability, Guard> {
  const guards = new Map<WorkspaceCapability, Guard>();
  checkMember(source, catalogue, findings);
  for (const [name, demand] of Object.entries(source)) {
    const path = ['guards', name];
    if (!isWorkspaceCapability(name)) {
      findings.push({ path, reason: unknownCapability(name), atKey: true });
    } else if (!demandExists(demand, catalogue)) {
      findings.push({ path, reason: `"${demand}" names no permission of this matrix; a guard is one exact key, or member` });
    } else if (!RESERVED_CAPABILITIES.has(name)) {
      guards.set(name, demand === MEMBER ? MEMBER : { permission: demand });
    }
  }
  for (const name of WORKSPACE_CAPABILITIES) {
    if (RESERVED_CAPABILITIES.has(name) || Object.hasOwn(source, name)) continue;
    findings.push({ path: ['guards'], reason: `the capability "${name}" is not mapped to a permission or to member` });
  }
  return guards;
}
