import type { Principal } from '../../access/principal.js';
import type { Surface } from '../../domain/facts.js';
import { IDENTIFIER_RULE, isIdentifier } from '../../domain/identifier.js';
import { badInput, AppError } from '../../errors.js';
import type { AskedOfAll } from './allowed-users.service.js';
import type { CheckInTenant, Consistency, PlaceInTenant } from './decisions.service.js';

const MAX_QUESTIONS = 1000;
const REVISION = /^\d{1,19}$/;

interface AskedPlace {
  readonly userId: string;
  readonly tenantId: string;
  readonly departmentId?: string | null;
  readonly customerId?: string | null;
  readonly ownerId?: string | null;
  readonly surface?: Surface | null;
}

/** Says where in the input something stands; asked only where it is wrong. */
type FieldName = () => string;

const INPUT: FieldName = () => 'input';

/** `caller`: who asks, where that may be the user whom it is about. */
export function toPlace(asked: AskedPlace, field = INPUT, caller: Principal | null = null): PlaceInTenant {
  const { userId, tenantId, departmentId = null, customerId = null, ownerId = null, surface } = asked;
  requireIdentifiers(asked, field, caller);
  return { userId, tenantId, departmentId, customerId, ownerId, surface: surface ?? 'PLATFORM' };
}

/** Whoever asks about themselves may name anything: what cannot exist is answered as what does not, or as what is somebody else's. */
function requireIdentifiers(asked: AskedPlace, field: FieldName, caller: Principal | null): void {
  const { userId, tenantId, departmentId, customerId, ownerId } = asked;
  if (caller?.kind === 'user' && caller.userId === userId) return;
  if (!isIdentifier(userId) || !isIdentifier(tenantId)) throw malformed(asked, field());
  if (!isAbsentOrIdentifier(departmentId) || !isAbsentOrIdentifier(customerId) || !isAbsentOrIdentifier(ownerId)) throw malformed(asked, field());
}

function isAbsentOrIdentifier(text: string | null | undefined): boolean {
  return text == null || isIdentifier(text);
}

/** Of several malformed ids the first in the order of the schema. */
function malformed(asked: AskedPlace, field: string): AppError {
  const ids = ['userId', 'tenantId', 'departmentId', 'customerId', 'ownerId'] as const;
  const name = ids.find((id) => asked[id] != null && !isIdentifier(asked[id]));
  return badInput(`${field}.${name}`, `${field}.${name} must be ${IDENTIFIER_RULE}.`);
}

/** Whatever the permission's text is: one that the matrix does not have is a refusal with a reason, never an error. */
export function toCheck(asked: AskedPlace & { readonly permission: string }, field = INPUT, caller: Principal | null = null): CheckInTenant {
  const { userId, tenantId, departmentId = null, customerId = null, ownerId = null, surface, permission } = asked;
  requireIdentifiers(asked, field, caller);
  return { userId, tenantId, departmentId, customerId, ownerId, surface: surface ?? 'PLATFORM', permission };
}

/** A question that leaves open who asks. */
export function toQuestionOfAll(asked: Omit<AskedPlace, 'userId' | 'ownerId'> & { readonly permission: string }): AskedOfAll {
  const { tenantId, departmentId, customerId, surface } = toPlace({ ...asked, userId: '-' });
  return { tenantId, departmentId, customerId, surface, permission: asked.permission };
}

export function toConsistency(asked: { readonly mode?: string | null; readonly atLeast?: string | null } | null | undefined): Consistency {
  const atLeast = asked?.atLeast ?? null;
  if (atLeast !== null && !REVISION.test(atLeast)) {
    throw badInput('consistency.atLeast', 'atLeast must be a revision that this gateway returned.');
  }
  return { full: asked?.mode === 'FULL', atLeast: atLeast === null ? null : BigInt(atLeast) };
}

export function requireFewEnough(field: string, list: readonly unknown[]): void {
  if (list.length > MAX_QUESTIONS) {
    throw new AppError('LIMIT_EXCEEDED', `At most ${MAX_QUESTIONS} can be asked at once, and these are ${list.length}: ask in several requests.`, { field });
  }
}
