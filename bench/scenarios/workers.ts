import { contestantOf } from '../bench.js';
import { driverOf, warmUp } from '../load/contest.js';
import { CONNECTIONS } from '../load/driver.js';
import { inWords, spreadOf } from '../load/statistics.js';
import { askedOf } from '../world/questions.js';
import { QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { explained } from './figures.js';
import type { Scenario } from './scenario.js';

const WORKERS = 2;

/** What a second process adds: single checks at saturation, by turns, with every core open to both and to the load generator. */
export const workers: Scenario = {
  name: 'workers',
  onlyNamed: false,
  async run(bench) {
    const { databaseUrl, world, key } = await bench.standard();
    const exchanges = askedOf(world, QUESTIONS).map(checkExchange);
    const drivers = [];
    for (const count of [1, WORKERS]) {
      const contestant = contestantOf({ gateway: await bench.start(databaseUrl, {}, { workers: count }), key }, exchanges);
      const driver = await driverOf(contestant);
      // Once for each process: connections are handed round, and what one has at hand another has not.
      for (let i = 0; i < count; i++) await warmUp(driver, contestant);
      drivers.push(driver);
    }
    const rates: number[][] = [];
    for (let round = 0; round < bench.settings.rounds; round++) {
      const turn: number[] = [];
      for (const driver of drivers) {
        turn.push((await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 500, measuredMs: bench.settings.seconds * 1000 })).perSecond);
      }
      rates.push(turn);
    }
    for (const driver of drivers) await driver.close();
    const ratio = spreadOf(rates.map(([one, several]) => several! / one!));
    const [one, several] = [0, 1].map((place) => inWords(spreadOf(rates.map((turn) => turn[place]!)), 0));
    return [explained(`check by ${WORKERS} workers, of one process`, inWords(ratio, 2)), explained('… requests/s', `${several}, and ${one} by one process`)];
  },
};
