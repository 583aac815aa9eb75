import type { ServerProcess } from '../servers/child.js';
import { CAN_PIN } from '../servers/pinned.js';
import type { Settings } from '../settings.js';
import { CONNECTIONS, Driver } from './driver.js';
import type { Exchange, Outcome } from './job.js';
import { known, type Spread, spreadOf } from './statistics.js';
import { Side, takeTurns, type Turn } from './turns.js';

export interface Contestant {
  readonly server: ServerProcess;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
}

export interface Score {
  /** Requests a second. */
  readonly rate: Spread;
  /** Microseconds of the server's processor time a request; null where the system does not tell. */
  readonly cpuMicroseconds: Spread | null;
  /** How much of its core each used. */
  readonly generatorCpu: number;
  readonly serverCpu: number | null;
}

/** What came out of two servers that took turns. */
export interface Contest {
  readonly ours: Score;
  readonly theirs: Score;
  /** Our rate by theirs, round by round. */
  readonly ratio: Spread;
  /** The same by processor time, which what else runs on the machine disturbs less. */
  readonly ratioByCpu: Spread | null;
  readonly remarks: readonly string[];
}

const WARM_UP_MS = 3000;
/** A server that can't answer each request once in this time is measured as warm as it is. */
const FIRST_PASS_MS = 120_000;
/** What else runs on the machine comes and goes within seconds: so short are the parts of a round, that it falls on both alike. */
const SHORTEST_PART_MS = 500;
/** But as many times as long as an answer takes, so that those at its ends don't matter. */
const ANSWERS_IN_A_ROW = 20;
/** From here on a core has nothing left to give. */
const BUSY = 0.9;

/** Both at saturation, by turns, so that whatever else the machine does falls on both. */
export async function contest(ours: Contestant, theirs: Contestant, settings: Settings): Promise<Contest> {
  const [ourDriver, theirDriver] = [await driverOf(ours), await driverOf(theirs)];
  try {
    const warm = [await warmUp(ourDriver, ours), await warmUp(theirDriver, theirs)];
    const partMs = Math.max(SHORTEST_PART_MS, ...warm.map(({ latency }) => ANSWERS_IN_A_ROW * latency.p50));
    const parts = Math.max(1, Math.round((settings.seconds * 1000) / partMs));
    const [ourSide, theirSide] = [new Side(ourDriver, ours.server), new Side(theirDriver, theirs.server)];
    const turns: [Turn, Turn][] = [];
    for (let round = 0; round < settings.rounds; round++) {
      turns.push(await takeTurns(ourSide, theirSide, parts, settings.seconds));
    }
    return outcomeOf(turns);
  } finally {
    await ourDriver.close();
    await theirDriver.close();
  }
}

export function driverOf({ server, path, headers, exchanges }: Contestant): Promise<Driver> {
  return Driver.start({ port: server.port, path, headers, exchanges });
}

/** Each request once, for the caches, and then some time, for the compilers; nothing of it is counted. */
export async function warmUp(driver: Driver, { exchanges }: Pick<Contestant, 'exchanges'>): Promise<Outcome> {
  await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 0, measuredMs: FIRST_PASS_MS, atMost: exchanges.length });
  return driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 0, measuredMs: WARM_UP_MS });
}

function outcomeOf(turns: readonly (readonly [Turn, Turn])[]): Contest {
  const ours = scoreOf(turns.map(([turnOfOurs]) => turnOfOurs));
  const theirs = scoreOf(turns.map(([, turnOfTheirs]) => turnOfTheirs));
  const ratio = spreadOf(turns.map(([ourTurn, theirTurn]) => ourTurn.perSecond / theirTurn.perSecond));
  const byCpu = turns.flatMap(([{ cpuMicroseconds: our }, { cpuMicroseconds: their }]) => (our === null || their === null ? [] : [their / our]));
  return { ours, theirs, ratio, ratioByCpu: byCpu.length === 0 ? null : spreadOf(byCpu), remarks: remarksOn(ours, theirs) };
}

function scoreOf(turns: readonly Turn[]): Score {
  const cpu = known(turns.map(({ cpuMicroseconds }) => cpuMicroseconds));
  const shares = known(turns.map(({ serverCpu }) => serverCpu));
  return {
    rate: spreadOf(turns.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: cpu.length === 0 ? null : spreadOf(cpu),
    serverCpu: shares.length === 0 ? null : spreadOf(shares).median,
    generatorCpu: spreadOf(turns.map(({ generatorCpu }) => generatorCpu)).median,
  };
}

function remarksOn(ours: Score, theirs: Score): string[] {
  const pinned = CAN_PIN ? [] : ['without taskset nothing was kept on a core of its own'];
  return [...boundsOf('the gateway', ours), ...boundsOf('the other server', theirs), ...pinned];
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Where something else was at its end before the server was, its rate says only that it can do no less. */
function boundsOf(whose: string, { generatorCpu, serverCpu }: Score): string[] {
  if (serverCpu !== null && serverCpu < BUSY) {
    return [`${whose} used ${percent(serverCpu)} of its core and the load generator ${percent(generatorCpu)} of the other: its rate is a lower bound, so go by processor time`];
  }
  return serverCpu === null && generatorCpu > BUSY ? [`the load generator used ${percent(generatorCpu)} of its core: the rate of ${whose} is a lower bound`] : [];
}
