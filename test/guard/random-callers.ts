import * as fc from 'fast-check';
import type { Principal } from '../../src/access/principal.js';
import { PLATFORM_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import { type Standing, TENANT_IDS, USER_IDS } from './stub-world.js';

const accountRole = fc.constantFrom('OWNER' as const, 'ADMIN' as const, 'MEMBER' as const, 'VIEWER' as const);
const role = fc.constantFrom(null, 'owner', 'admin', 'developer', 'operator', 'viewer', 'end_user');
export const standingArbitrary: fc.Arbitrary<Standing> = fc.record({
  roles: fc.array(role, { minLength: TENANT_IDS.length * USER_IDS.length, maxLength: TENANT_IDS.length * USER_IDS.length }),
  accountRoles: fc.array(accountRole, { minLength: USER_IDS.length, maxLength: USER_IDS.length }),
  atHand: fc.boolean(),
});
export const keyArbitrary: fc.Arbitrary<Principal & { kind: 'key' }> = fc.record({
  kind: fc.constant('key' as const),
  keyId: fc.constant('key'),
  tenantId: fc.constantFrom(null, ...TENANT_IDS),
  capabilities: fc.subarray([...WORKSPACE_CAPABILITIES, ...PLATFORM_CAPABILITIES]).map((held) => new Set(held)),
  boundTo: fc.constantFrom(null, ...USER_IDS),
});
export const callerArbitrary: fc.Arbitrary<Principal | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('user' as const), userId: fc.constantFrom(...USER_IDS), accountRole, signInId: fc.constant(null) }) },
  { weight: 3, arbitrary: keyArbitrary },
);
