import { contestantOf } from '../bench.js';
import { contest } from '../load/contest.js';
import { startRival } from '../servers/rival.js';
import { Oracle } from '../world/oracle.js';
import { effectivePermissionsExchange } from './documents.js';
import { contestFigures } from './figures.js';
import type { Scenario } from './scenario.js';

/** All that an owner may do, of which there is the most to say. */
export const effectivePermissions: Scenario = {
  name: 'effectivePermissions',
  onlyNamed: false,
  async run(bench) {
    const served = await bench.standard();
    const oracle = new Oracle(served.world);
    const owners = served.world.tenants.map(({ id, members }) => [id, members[0]!.userId] as const);
    const exchanges = owners.map(([tenantId, userId]) => effectivePermissionsExchange(tenantId, userId, oracle.permissionsOf(tenantId, userId)));
    // Every owner holds the same, so one constant is the right answer to all.
    const contestant = contestantOf(served, exchanges);
    const bare = await startRival('bare', [exchanges[0]!.expected]);
    const outcome = await contest(contestant, { ...contestant, server: bare }, bench.settings);
    await bare.stop();
    return contestFigures('effectivePermissions of an owner', 'the bare server', outcome, { atLeast: 0.35 });
  },
};
