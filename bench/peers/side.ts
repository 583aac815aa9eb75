import { type Contestant, driverOf, warmUp } from '../load/contest.js';
import { CONNECTIONS, type Driver } from '../load/driver.js';
import type { ServerProcess } from '../servers/child.js';
import type { Way } from './asker-messages.js';
import type { AskerProcess } from './asker-process.js';

/** One of the two that take turns. */
export interface Side {
  warmUp(): Promise<void>;
  turn(seconds: number): Promise<Turn>;
  close(): Promise<void>;
}

export interface Turn {
  readonly decisionsPerSecond: number;
  /** Processor time a decision: the server's, or in process the whole; null where the system does not tell. */
  readonly cpuMicroseconds: number | null;
  /** How much of a core the client used; null in process, where there is none. */
  readonly clientCpu: number | null;
  readonly wrong: number;
}

/** Between the counted parts, so that who was idle for the other's turn is at full speed again. */
const BETWEEN_MS = 300;
const FIRST_PASS_MS = 120_000;
const WARM_UP_MS = 3000;

/** A server that the bench's own load generator asks. */
export class DriverSide implements Side {
  private constructor(
    private readonly contestant: Contestant,
    private readonly driver: Driver,
    private readonly perRequest: number,
  ) {}

  static async start(contestant: Contestant, perRequest: number): Promise<DriverSide> {
    return new DriverSide(contestant, await driverOf(contestant), perRequest);
  }

  async warmUp(): Promise<void> {
    await warmUp(this.driver, this.contestant);
  }

  /** A wrong answer ends the run: the driver throws. */
  async turn(seconds: number): Promise<Turn> {
    const { server } = this.contestant;
    const before = server.cpuSeconds();
    const outcome = await this.driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: BETWEEN_MS, measuredMs: seconds * 1000 });
    const decisionsPerSecond = outcome.perSecond * this.perRequest;
    // The processor time is that of the whole turn, the part included that is not counted.
    const decisions = decisionsPerSecond * (outcome.seconds + BETWEEN_MS / 1000);
    return { decisionsPerSecond, cpuMicroseconds: perDecision(before, server, decisions), clientCpu: outcome.generatorCpu, wrong: 0 };
  }

  close(): Promise<void> {
    return this.driver.close();
  }
}

function perDecision(before: number | null, server: ServerProcess, decisions: number): number | null {
  const after = server.cpuSeconds();
  return before === null || after === null ? null : ((after - before) * 1e6) / decisions;
}

/** What answers in process, or by a client of its own. */
export class AskerSide implements Side {
  constructor(
    private readonly asker: AskerProcess,
    private readonly way: Way,
    private readonly questions: number,
  ) {}

  async warmUp(): Promise<void> {
    await this.asker.run({ way: this.way, measuredMs: FIRST_PASS_MS, atMost: this.questions });
    await this.asker.run({ way: this.way, measuredMs: WARM_UP_MS, atMost: Number.MAX_SAFE_INTEGER });
  }

  async turn(seconds: number): Promise<Turn> {
    await this.asker.run({ way: this.way, measuredMs: BETWEEN_MS, atMost: Number.MAX_SAFE_INTEGER });
    const outcome = await this.asker.run({ way: this.way, measuredMs: seconds * 1000, atMost: Number.MAX_SAFE_INTEGER });
    const { decisions, wrong, serverCpuSeconds, ownCpuSeconds, seconds: taken } = outcome;
    const overNetwork = serverCpuSeconds !== null;
    return {
      decisionsPerSecond: decisions / taken,
      cpuMicroseconds: ((serverCpuSeconds ?? ownCpuSeconds) * 1e6) / decisions,
      clientCpu: overNetwork ? ownCpuSeconds / taken : null,
      wrong,
    };
  }

  close(): Promise<void> {
    return this.asker.close();
  }
}
