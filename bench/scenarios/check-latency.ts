import { contestantOf } from '../bench.js';
import { driverOf, warmUp } from '../load/contest.js';
import { CONNECTIONS } from '../load/driver.js';
import type { Outcome } from '../load/job.js';
import { inWords, timesOf } from '../load/times.js';
import { startRival } from '../servers/rival.js';
import { askedOf } from '../world/questions.js';
import { againstConstant, QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { boundedFigure, explained } from './figures.js';
import type { Scenario } from './scenario.js';

const SHARE_OF_SATURATION = 0.2;

/**
 * How long single checks take where the gateway has room: at a fixed rate, counted from when each was due. The bare server, asked at
 * the same rate by turns, tells how much of it is the machine's.
 */
export const checkLatency: Scenario = {
  name: 'check-latency',
  onlyNamed: false,
  async run(bench) {
    const served = await bench.standard();
    const contestant = contestantOf(served, askedOf(served.world, QUESTIONS).map(checkExchange));
    const bare = await startRival('bare', [contestant.exchanges[0]!.expected]);
    const constant = againstConstant(contestant, bare);
    const [driver, bareDriver] = [await driverOf(contestant), await driverOf(constant)];
    await warmUp(driver, contestant);
    await warmUp(bareDriver, constant);
    const measured = { connections: CONNECTIONS, warmUpMs: 500, measuredMs: bench.settings.seconds * 1000 };
    const saturation = await driver.run({ ...measured, rate: null });
    const rate = Math.max(1, Math.round(saturation.perSecond * SHARE_OF_SATURATION));
    const rounds: [Outcome, Outcome][] = [];
    for (let round = 0; round < bench.settings.rounds; round++) {
      rounds.push([await driver.run({ ...measured, rate }), await bareDriver.run({ ...measured, rate })]);
    }
    await driver.close();
    await bareDriver.close();
    await bare.stop();
    const [ours, theirs] = [timesOf(rounds.map(([outcome]) => outcome)), timesOf(rounds.map(([, outcome]) => outcome))];
    return [
      boundedFigure(`check p99 at ${rate} a second`, ours.p99, 'ms', 2),
      explained('check at a fifth of saturation', `${inWords(ours)}, of ${Math.round(saturation.perSecond)} requests/s at saturation`),
      explained('… the bare server at the same rate', `p99 ${theirs.p99.toFixed(2)} ms, ${inWords(theirs)}`),
    ];
  },
};
