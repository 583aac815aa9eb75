import { contestantOf } from '../bench.js';
import { CONNECTIONS, driverOf, warmUp } from '../load/contest.js';
import type { Outcome } from '../load/job.js';
import { spreadOf } from '../load/statistics.js';
import { askedOf } from '../world/questions.js';
import { QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { boundedFigure, explained } from './figures.js';
import type { Scenario } from './scenario.js';

const SHARE_OF_SATURATION = 0.2;

/** How long single checks take where the gateway has room: at a fixed rate, counted from when each was due. */
export const checkLatency: Scenario = {
  name: 'check-latency',
  onlyNamed: false,
  async run(bench) {
    const served = await bench.standard();
    const contestant = contestantOf(served, askedOf(served.world, QUESTIONS).map(checkExchange));
    const driver = await driverOf(contestant);
    await warmUp(driver, contestant);
    const measured = { connections: CONNECTIONS, warmUpMs: 500, measuredMs: bench.settings.seconds * 1000 };
    const saturation = await driver.run({ ...measured, rate: null });
    const rate = Math.max(1, Math.round(saturation.perSecond * SHARE_OF_SATURATION));
    const rounds: Outcome[] = [];
    for (let round = 0; round < bench.settings.rounds; round++) rounds.push(await driver.run({ ...measured, rate }));
    await driver.close();
    const of = (quantile: 'p50' | 'p99' | 'max'): number => spreadOf(rounds.map(({ latency }) => latency[quantile])).median;
    return [
      boundedFigure(`check p99 at ${rate} a second`, of('p99'), 'ms', 2),
      explained('check at a fifth of saturation', `p50 ${of('p50').toFixed(2)} ms, longest ${of('max').toFixed(1)} ms, of ${Math.round(saturation.perSecond)} requests/s at saturation`),
    ];
  },
};
