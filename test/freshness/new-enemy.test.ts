import { newEnemy } from './new-enemy.js';
import { asked, print, Site } from './site.js';

const MILLISECONDS = asked('FRESHNESS_SECONDS', 2) * 1000;
/** Tenants at a time. */
const LANES = 2;

it('whoever is given a role after a permission was taken out of it never has that permission, on any node at any consistency', async () => {
  const site = await Site.open();
  try {
    const limits = { rounds: 1_000_000, milliseconds: MILLISECONDS };
    const outcomes = await Promise.all(Array.from({ length: LANES }, () => newEnemy(site, limits)));
    const total = (of: 'rounds' | 'answers') => outcomes.reduce((sum, outcome) => sum + outcome[of], 0);
    print('new enemy', { rounds: total('rounds'), answers: total('answers'), breaches: outcomes.flatMap(({ breaches }) => breaches).length });
    expect(outcomes.flatMap(({ breaches }) => breaches)).toEqual([]);
    expect(total('answers')).toBeGreaterThan(total('rounds'));
    expect(site.errorsLogged()).toEqual([]);
  } finally {
    await site.close();
  }
}, 120_000 + MILLISECONDS * 2);
