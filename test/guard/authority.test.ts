import * as fc from 'fast-check';
import { join } from 'node:path';
import { Authority, holdsInAllTenants } from '../../src/access/authority.js';
import { WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { ROOT } from '../support/gateway.js';
import { keyArbitrary, standingArbitrary } from './random-callers.js';
import { StubFacts, TENANT_IDS } from './stub-world.js';

describe('what a caller may do in all tenants', () => {
  it('they may do in each of them, whatever is true of whoever stands behind a key', async () => {
    const { matrices } = await loadPolicyFolder(join(ROOT, 'policy'));
    const facts = new StubFacts(matrices.map(({ matrix }) => matrix).find(({ key }) => key === 'fastn')!);
    const authority = new Authority(facts, { now: () => 0 });
    await fc.assert(
      fc.asyncProperty(keyArbitrary, standingArbitrary, fc.constantFrom(...WORKSPACE_CAPABILITIES), async (caller, standing, capability) => {
        facts.standing = standing;
        fc.pre(holdsInAllTenants(caller, capability));
        for (const tenantId of TENANT_IDS) expect(await authority.holds(caller, capability, tenantId)).toBe(true);
      }),
      { numRuns: 100, maxSkipsPerRun: 1000 },
    );
  });
});
