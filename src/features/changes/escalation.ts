import type { RoleMatrix } from '../../domain/matrix.js';
import type { PermissionSet } from '../../domain/permission-set.js';
import { AppError } from '../../errors.js';

/** Nobody hands out more than they hold: throws ESCALATION, with the keys, where anything lies beyond the giver's reach. */
export function requireReach(matrix: RoleMatrix, beyond: PermissionSet): void {
  if (beyond.isEmpty) return;
  const missing = matrix.keysOf(beyond).sort();
  throw new AppError('ESCALATION', 'You can hand out only what you hold yourself: see extensions.missing.', { details: { missing } });
}
