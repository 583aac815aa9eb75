import { contestantOf, type SharedBench } from '../bench.js';
import { contest } from '../load/contest.js';
import type { Exchange } from '../load/job.js';
import { startRival } from '../servers/rival.js';
import { Oracle } from '../world/oracle.js';
import { askedOf } from '../world/questions.js';
import { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { checkPermissionsExchange, checksExchange } from './documents.js';
import { contestFigures } from './figures.js';
import type { Figure, Scenario } from './scenario.js';

export const AT_ONCE = 100;
export const REQUESTS = 512;
const SEED = 3;

/** A hundred questions about anybody in one request. */
export const checks: Scenario = { name: 'checks', onlyNamed: false, run: (bench) => againstHandWritten(bench, 'checks', manyChecks) };

/** A hundred keys of one user in one request. */
export const checkPermissions: Scenario = {
  name: 'checkPermissions',
  onlyNamed: false,
  run: (bench) => againstHandWritten(bench, 'checkPermissions', manyPermissions),
};

async function againstHandWritten(bench: SharedBench, field: string, exchangesOf: (world: World) => Exchange[]): Promise<readonly Figure[]> {
  const served = await bench.standard();
  const contestant = contestantOf(served, exchangesOf(served.world));
  const handWritten = await startRival('hand-written', [field]);
  const outcome = await contest(contestant, { ...contestant, server: handWritten }, bench.settings);
  await handWritten.stop();
  return contestFigures(`${field} × ${AT_ONCE}`, 'the hand-written server', outcome, { atLeast: 0.6, thingsPerRequest: AT_ONCE });
}

export function manyChecks(world: World): Exchange[] {
  const asked = askedOf(world, AT_ONCE * REQUESTS);
  return Array.from({ length: REQUESTS }, (_, index) => checksExchange(asked.slice(index * AT_ONCE, (index + 1) * AT_ONCE)));
}

/** The matrix has fewer keys than that, so some are asked twice. */
export function manyPermissions(world: World): Exchange[] {
  const random = new Random(SEED);
  const oracle = new Oracle(world);
  return Array.from({ length: REQUESTS * 8 }, () => {
    const tenant = random.pick(world.tenants);
    const { userId } = random.pick(tenant.members);
    const permissions = Array.from({ length: AT_ONCE }, () => random.pick(world.matrix.permissions));
    return checkPermissionsExchange(tenant.id, userId, permissions, new Set(oracle.permissionsOf(tenant.id, userId)));
  });
}
