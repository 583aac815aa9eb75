import type { Exchange } from '../load/job.js';
import type { Asked, Question } from '../world/questions.js';

const CHECK = 'query Check($input: CheckInput!) { check(input: $input) { allowed reason } }';
const CHECKS = 'query Checks($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed reason } }';
const CHECK_PERMISSIONS = 'query CheckPermissions($input: CheckPermissionsInput!) { checkPermissions(input: $input) { allowed } }';
const EFFECTIVE_PERMISSIONS = 'query EffectivePermissions($input: EffectivePermissionsInput!) { effectivePermissions(input: $input) { keys } }';

/** A request for one check, as a service would send it. */
export function checkExchange(asked: Asked): Exchange {
  return exchange(CHECK, { input: inputOf(asked) }, { check: asked.answer });
}

/** A request for many checks, about whomever. */
export function checksExchange(asked: readonly Asked[]): Exchange {
  return exchange(CHECKS, { inputs: asked.map(inputOf) }, { checks: asked.map(({ answer }) => answer) });
}

/** A request for many permissions of one member outside of any department. */
export function checkPermissionsExchange(tenantId: string, userId: string, permissions: readonly string[], held: ReadonlySet<string>): Exchange {
  const allowed = permissions.map((permission) => held.has(permission));
  return exchange(CHECK_PERMISSIONS, { input: { tenantId, userId, permissions } }, { checkPermissions: { allowed } });
}

export function effectivePermissionsExchange(tenantId: string, userId: string, keys: readonly string[]): Exchange {
  return exchange(EFFECTIVE_PERMISSIONS, { input: { tenantId, userId } }, { effectivePermissions: { keys } });
}

export function exchange(query: string, variables: unknown, data: unknown): Exchange {
  return { body: JSON.stringify({ query, variables }), expected: JSON.stringify({ data }) };
}

function inputOf({ tenantId, userId, permission, departmentId }: Question): Record<string, string> {
  return { tenantId, userId, permission, ...(departmentId === null ? {} : { departmentId }) };
}
