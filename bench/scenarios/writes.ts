import type { GatewayProcess } from '../servers/gateway.js';
import { inWords, spreadOf } from '../load/statistics.js';
import { FASTN_FILE } from '../places.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { makeWorld } from '../world/world.js';
import { explained } from './figures.js';
import type { Scenario } from './scenario.js';

const AT_A_TIME = 32;
const ROLES = ['viewer', 'operator'] as const;
const CHANGE_ROLE = 'mutation($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { revision } }';

/** Changes of a member's role as fast as they go, many at a time: each in a tenant of its own, and all in one, where they take turns. */
export const writes: Scenario = {
  name: 'writes',
  onlyNamed: false,
  async run(bench) {
    const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: AT_A_TIME, membersPerTenant: 2 * AT_A_TIME }, 7);
    const { gateway } = await bench.serve(world);
    // Nobody who is needed where they are: the last admin and the owner stay.
    const pick = (tenant: number, nth: number) => {
      const { id, members } = world.tenants[tenant]!;
      return { tenantId: id, userId: members.filter(({ role }) => role !== 'owner' && role !== 'admin')[nth]!.userId };
    };
    const apart = Array.from({ length: AT_A_TIME }, (_, i) => pick(i, 0));
    const together = Array.from({ length: AT_A_TIME }, (_, i) => pick(0, i));
    const figures = [];
    for (const [where, members] of [['each in a tenant of its own', apart], ['all in one tenant', together]] as const) {
      const rates: number[] = [];
      for (let round = 0; round < bench.settings.rounds; round++) rates.push(await changesPerSecond(gateway, members, bench.settings.seconds));
      figures.push(explained(`writes: changes of a role, ${AT_A_TIME} at a time, ${where}`, `${inWords(spreadOf(rates), 0)} a second`));
    }
    return figures;
  },
};

async function changesPerSecond(gateway: GatewayProcess, members: readonly { readonly tenantId: string; readonly userId: string }[], seconds: number): Promise<number> {
  let changed = 0;
  const begun = performance.now();
  const lane = async (member: { readonly tenantId: string; readonly userId: string }): Promise<void> => {
    for (let i = 0; performance.now() - begun < seconds * 1000; i++) {
      await gateway.ask(CHANGE_ROLE, { input: { ...member, role: ROLES[i % ROLES.length] } });
      changed += 1;
    }
  };
  await Promise.all(members.map(lane));
  return (changed * 1000) / (performance.now() - begun);
}
