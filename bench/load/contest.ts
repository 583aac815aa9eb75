import type { ServerProcess } from '../servers/child.js';
import { CAN_PIN } from '../servers/pinned.js';
import type { Settings } from '../settings.js';
import { Driver } from './driver.js';
import type { Exchange, Outcome } from './job.js';
import { type Spread, spreadOf } from './statistics.js';

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

interface Turn extends Outcome {
  readonly cpuMicroseconds: number | null;
  readonly serverCpu: number | null;
}

export const CONNECTIONS = 64;
const WARM_UP_MS = 3000;
/** A server that can't answer each request once in this time is measured as warm as it is. */
const FIRST_PASS_MS = 120_000;
/** Between the counted parts, so that a server that was idle for the other's turn is at full speed again. */
const BETWEEN_MS = 300;
/** From here on a core has nothing left to give. */
const BUSY = 0.9;

/** Both at saturation, by turns, so that whatever else the machine does falls on both. */
export async function contest(ours: Contestant, theirs: Contestant, settings: Settings): Promise<Contest> {
  const [ourDriver, theirDriver] = [await driverOf(ours), await driverOf(theirs)];
  try {
    await warmUp(ourDriver, ours);
    await warmUp(theirDriver, theirs);
    const turns: [Turn, Turn][] = [];
    for (let round = 0; round < settings.rounds; round++) {
      turns.push([await turn(ourDriver, ours.server, settings), await turn(theirDriver, theirs.server, settings)]);
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
export async function warmUp(driver: Driver, { exchanges }: Pick<Contestant, 'exchanges'>): Promise<void> {
  await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 0, measuredMs: FIRST_PASS_MS, atMost: exchanges.length });
  await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 0, measuredMs: WARM_UP_MS });
}

async function turn(driver: Driver, server: ServerProcess, { seconds }: Settings): Promise<Turn> {
  const before = server.cpuSeconds();
  const outcome = await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: BETWEEN_MS, measuredMs: seconds * 1000 });
  const after = server.cpuSeconds();
  // A ratio to nothing would pass for the best of all.
  if (outcome.answered === 0) throw new Error('a server answered nothing in its turn: give it more --seconds, or the machine for itself');
  const used = before === null || after === null ? null : after - before;
  // The processor time is that of the whole turn, the part included that is not counted.
  const wholeSeconds = outcome.seconds + BETWEEN_MS / 1000;
  return { ...outcome, cpuMicroseconds: used && (used * 1e6) / (outcome.perSecond * wholeSeconds), serverCpu: used && used / wholeSeconds };
}

function outcomeOf(turns: readonly (readonly [Turn, Turn])[]): Contest {
  const ours = scoreOf(turns.map(([turnOfOurs]) => turnOfOurs));
  const theirs = scoreOf(turns.map(([, turnOfTheirs]) => turnOfTheirs));
  const ratio = spreadOf(turns.map(([ourTurn, theirTurn]) => ourTurn.perSecond / theirTurn.perSecond));
  const byCpu = turns.flatMap(([{ cpuMicroseconds: our }, { cpuMicroseconds: their }]) => (our === null || their === null ? [] : [their / our]));
  return { ours, theirs, ratio, ratioByCpu: byCpu.length === 0 ? null : spreadOf(byCpu), remarks: remarksOn(ours, theirs) };
}

function known<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null);
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
