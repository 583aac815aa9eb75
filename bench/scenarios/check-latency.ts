import { contestantOf } from '../bench.js';
import { driverOf, warmUp } from '../load/contest.js';
import { CONNECTIONS, type Driver } from '../load/driver.js';
import type { Outcome } from '../load/job.js';
import { stolenSeconds } from '../load/stolen-time.js';
import { inWords, timesOf } from '../load/times.js';
import { startRival } from '../servers/rival.js';
import { askedOf } from '../world/questions.js';
import { againstConstant, QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { boundedFigure, explained } from './figures.js';
import type { Figure, Scenario } from './scenario.js';

const SHARE_OF_SATURATION = 0.2;
const PART_MS = 250;
/** Before each part, which finds the server idle. */
const BETWEEN_MS = 100;

/** What came out of a quarter of a second. */
interface Part {
  readonly outcome: Outcome;
  /** Whether the host of this virtual machine kept a core from it meanwhile. */
  readonly disturbed: boolean;
}

/**
 * How long single checks take where the gateway has room: at a fixed rate, counted from when each was due. The bare server, asked at
 * the same rate by turns, tells how much of it is the machine's. A host that stops the machine for some milliseconds, some times a
 * second, is all that can be seen of the hundredth request; so the parts in which it did are told apart, by the kernel's own count.
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
    const { rounds, seconds } = bench.settings;
    const saturation = await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: PART_MS, measuredMs: seconds * 1000 });
    const rate = Math.max(1, Math.round(saturation.perSecond * SHARE_OF_SATURATION));
    const [ours, theirs]: [Part[], Part[]] = [[], []];
    for (let part = 0; part < (rounds * seconds * 1000) / PART_MS; part++) {
      ours.push(await partOf(driver, rate));
      theirs.push(await partOf(bareDriver, rate));
    }
    await driver.close();
    await bareDriver.close();
    await bare.stop();
    return [...figuresOf(ours, theirs, rate), explained('… that rate', `a fifth of ${Math.round(saturation.perSecond)} requests/s at saturation`)];
  },
};

async function partOf(driver: Driver, rate: number): Promise<Part> {
  const before = stolenSeconds();
  const outcome = await driver.run({ connections: CONNECTIONS, rate, warmUpMs: BETWEEN_MS, measuredMs: PART_MS });
  return { outcome, disturbed: stolenSeconds() !== before };
}

/** Judged by the parts that were not disturbed, where there are any. */
function figuresOf(ours: readonly Part[], theirs: readonly Part[], rate: number): Figure[] {
  const calm = ours.filter(({ disturbed }) => !disturbed);
  const judged = calm.length === 0 ? ours : calm;
  const which = calm.length === 0 ? 'all of them disturbed by the host' : `those of ${ours.length} that the host did not disturb`;
  const { p99 } = timesOf(judged.map(({ outcome }) => outcome));
  return [
    boundedFigure(`check p99 at ${rate} a second, in ${judged.length} quarters of a second, ${which}`, p99, 'ms', 2),
    explained('… all of them', inAll(ours)),
    explained('… the bare server, undisturbed', inAll(theirs.filter(({ disturbed }) => !disturbed))),
    explained('… the bare server, all of them', inAll(theirs)),
  ];
}

function inAll(parts: readonly Part[]): string {
  if (parts.length === 0) return 'none';
  const times = timesOf(parts.map(({ outcome }) => outcome));
  return `p99 ${times.p99.toFixed(2)} ms, ${inWords(times)}`;
}
