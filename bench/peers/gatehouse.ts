import { type Check, decide } from '../../src/domain/decide.js';
import type { Facts } from '../../src/domain/facts.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { SHIPPED_POLICY } from '../places.js';
import { WorldFacts } from '../world/facts.js';
import type { Question } from '../world/questions.js';
import type { Peer } from './peer.js';

const PLAN = 'enterprise';

/** Gatehouse's own decision, asked in the same way as the peers that answer in process. */
export const gatehouse: Peer = {
  name: 'Gatehouse, decide',
  version: 'this one',
  differs: 'In process, with the facts in memory; as a gateway it answers over HTTP.',
  open: async (world) => {
    const { matrices, plans } = await loadPolicyFolder(SHIPPED_POLICY);
    const { matrix } = matrices.find((loaded) => loaded.matrix.key === world.matrix.key)!;
    const facts = new WorldFacts(world, matrix, plans.plans.get(PLAN)!);
    const members = world.tenants.flatMap((tenant) => tenant.members.map(({ userId }) => ({ tenantId: tenant.id, userId })));
    const atHand = new Map(members.map(({ tenantId, userId }) => [userId, facts.of({ tenantId, userId, permission: '', departmentId: null })]));
    const factsFor = (question: Question): Facts => {
      const found = atHand.get(question.userId);
      return found?.frame?.tenantId === question.tenantId ? found : facts.of(question);
    };
    return { ask: (question) => decide(checkOf(question), factsFor(question), Date.now()).allowed, close: () => Promise.resolve() };
  },
};

function checkOf({ permission, departmentId, userId }: Question): Check {
  return { permission, userId, departmentId, customerId: null, ownerId: null, surface: 'PLATFORM' };
}
