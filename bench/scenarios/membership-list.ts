import { contestantOf } from '../bench.js';
import { contest } from '../load/contest.js';
import type { Exchange } from '../load/job.js';
import { FASTN_FILE } from '../places.js';
import { startRival } from '../servers/rival.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { makeWorld, type WorldTenant } from '../world/world.js';
import { exchange } from './documents.js';
import { contestFigures } from './figures.js';
import type { Scenario } from './scenario.js';

const MEMBERS = 100;
const TENANTS = 20;
const SEED = 4;
const LIST = `query Members($tenantId: ID!) { tenant(id: $tenantId) { memberships(first: ${MEMBERS}) { edges { node {
  user { id name } role { key kind } departmentOverrides { department { id } role { key } } } } } } }`;

/** A page of members as an administrator's screen shows it, against the same resolvers under graphql-js and graphql-shield as they come. */
export const membershipList: Scenario = {
  name: 'membership-list',
  onlyNamed: false,
  async run(bench) {
    const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: TENANTS, membersPerTenant: MEMBERS }, SEED);
    const served = await bench.serve(world, { capabilities: ['tenant.read', 'member.read'] });
    const contestant = contestantOf(served, world.tenants.map(listExchange));
    const stock = await startRival('stock-graphql', [], { DATABASE_URL: served.databaseUrl, DEMO: 'false' });
    const outcome = await contest(contestant, { ...contestant, server: stock }, bench.settings);
    await stock.stop();
    return contestFigures(`a list of ${MEMBERS} memberships`, 'stock graphql-js and graphql-shield', outcome, { atLeast: 3 });
  },
};

function listExchange({ id, members, customRoles }: WorldTenant): Exchange {
  const custom = new Set(customRoles.map(({ key }) => key));
  const byId = [...members].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const edges = byId.map(({ userId, role, overrides }) => ({ node: {
    user: { id: userId, name: userId },
    role: { key: role, kind: custom.has(role) ? 'CUSTOM' : 'SYSTEM' },
    departmentOverrides: [...overrides].sort((a, b) => (a.departmentId < b.departmentId ? -1 : 1))
      .map((override) => ({ department: { id: override.departmentId }, role: { key: override.role } })),
  } }));
  return exchange(LIST, { tenantId: id }, { tenant: { memberships: { edges } } });
}
