import type { Surface } from '../../domain/facts.js';
import { badInput, AppError } from '../../errors.js';
import { optionalIdentifier, requireIdentifier } from '../input.js';
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

export function toPlace(field: string, asked: AskedPlace): PlaceInTenant {
  return {
    userId: requireIdentifier(`${field}.userId`, asked.userId),
    tenantId: requireIdentifier(`${field}.tenantId`, asked.tenantId),
    departmentId: optionalIdentifier(`${field}.departmentId`, asked.departmentId),
    customerId: optionalIdentifier(`${field}.customerId`, asked.customerId),
    ownerId: optionalIdentifier(`${field}.ownerId`, asked.ownerId),
    surface: asked.surface ?? 'PLATFORM',
  };
}

/** Whatever the permission's text is: one that the matrix does not have is a refusal with a reason, never an error. */
export function toCheck(field: string, asked: AskedPlace & { readonly permission: string }): CheckInTenant {
  return { ...toPlace(field, asked), permission: asked.permission };
}

/** A question that leaves open who asks. */
export function toQuestionOfAll(field: string, asked: Omit<AskedPlace, 'userId' | 'ownerId'> & { readonly permission: string }): AskedOfAll {
  const { tenantId, departmentId, customerId, surface } = toPlace(field, { ...asked, userId: '-' });
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
