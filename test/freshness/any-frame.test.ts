import type { TenantFrame } from '../../src/domain/facts.js';
import { FactsLoader, type LoadedMember } from '../../src/features/decisions/facts-loader.js';
import type { Pair } from '../../src/features/decisions/facts.store.js';
import { newEnemy } from './new-enemy.js';
import { Site } from './site.js';

// The mutant: a loader that takes whatever frame is at hand, of whichever revision. It lives and dies with this file.
Object.assign(FactsLoader.prototype, {
  async loadPairs(this: FactsLoader, pairs: readonly Pair[], frameAtHand: (tenantId: string) => TenantFrame | undefined): Promise<LoadedMember[]> {
    const missing = pairs.map(({ tenantId }) => tenantId).filter((tenantId) => frameAtHand(tenantId) === undefined);
    const { members, frames } = await this['store'].read(pairs, new Set(missing));
    return members.map((reading) => ({ reading, frame: frames.get(reading.tenantId) ?? frameAtHand(reading.tenantId)! }));
  },
});

it('the rig of the new enemy finds a gateway that lets a membership meet the roles of another revision', async () => {
  const site = await Site.open();
  try {
    const { breaches } = await newEnemy(site, { rounds: 200, untilBreach: true });
    expect(breaches).not.toEqual([]);
  } finally {
    await site.close();
  }
}, 120_000);
