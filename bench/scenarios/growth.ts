import { dirname } from 'node:path';
import { contestantOf, type Served, type SharedBench } from '../bench.js';
import { seedFillerMembers, seedFillerTenants } from '../database/seed-fillers.js';
import { contest } from '../load/contest.js';
import { FASTN_FILE } from '../places.js';
import { largeMatrixFile } from '../world/large-matrix.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { askedOf } from '../world/questions.js';
import { makeWorld, STANDARD_SIZE } from '../world/world.js';
import { QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { contestFigures } from './figures.js';
import type { Figure, Scenario } from './scenario.js';

const PERMISSIONS = 14_000;
const TENANTS = 100_000;
const MEMBERS = 200_000;
const AT_LEAST = 0.9;

/** How single checks fare where there is far more of everything, against the standard workload; as many members are asked about. */
export const growth: Scenario = {
  name: 'growth',
  onlyNamed: false,
  async run(bench) {
    return [
      ...(await againstStandard(bench, `check with ${PERMISSIONS} permissions`, await manyPermissions(bench))),
      ...(await againstStandard(bench, `check with ${TENANTS} tenants`, await manyTenants(bench))),
      ...(await againstStandard(bench, `check in a tenant of ${MEMBERS} members`, await manyMembers(bench))),
    ];
  },
};

async function againstStandard(bench: SharedBench, what: string, grown: Served): Promise<readonly Figure[]> {
  const [ours, theirs] = [grown, await bench.standard()].map((served) => contestantOf(served, askedOf(served.world, QUESTIONS).map(checkExchange)));
  const outcome = await contest(ours!, theirs!, bench.settings);
  await grown.gateway.stop();
  return contestFigures(what, 'the standard workload', outcome, { atLeast: AT_LEAST });
}

function manyPermissions(bench: SharedBench): Promise<Served> {
  const file = largeMatrixFile(FASTN_FILE, PERMISSIONS);
  return bench.serve(makeWorld(readMatrixFile(file)), { env: { POLICY_DIR: dirname(file) } });
}

function manyTenants(bench: SharedBench): Promise<Served> {
  return bench.serve(makeWorld(readMatrixFile(FASTN_FILE)), { seedMore: (url) => seedFillerTenants(url, TENANTS - STANDARD_SIZE.tenants) });
}

function manyMembers(bench: SharedBench): Promise<Served> {
  const asked = STANDARD_SIZE.tenants * STANDARD_SIZE.membersPerTenant;
  const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: 1, membersPerTenant: asked });
  return bench.serve(world, { seedMore: (url) => seedFillerMembers(url, { tenants: 1, each: MEMBERS - asked }) });
}
