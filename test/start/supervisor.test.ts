import { pino } from 'pino';
import { Supervisor, type WorkerEnd, type WorkerProcess } from '../../src/commands/workers/supervisor.js';
import { ManualTimers } from '../http/toy-server.js';
import { TestClock } from '../support/gateway.js';

const KILLED = { code: null, signal: 'SIGKILL' };
const REFUSED = { code: 1, signal: null };
const ENDED_WELL = { code: 0, signal: null };

/** A worker that does as the test says. */
class FakeWorker implements WorkerProcess {
  becomeReady = (): void => undefined;
  end: (end: WorkerEnd) => void = () => undefined;
  stops = 0;
  readonly ready: Promise<void>;
  readonly ended: Promise<WorkerEnd>;

  constructor(readonly pid: number) {
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  stop(): void {
    this.stops++;
  }
}

/** Everything that is due without time passing has happened. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

class Crew {
  readonly workers: FakeWorker[] = [];
  readonly logged: string[] = [];
  readonly clock = new TestClock();
  readonly timers = new ManualTimers();
  readonly exitCode: Promise<number>;
  private readonly stopping = new AbortController();

  constructor(count: number) {
    const log = pino({}, { write: (line: string) => void this.logged.push(line) });
    const { clock, timers } = this;
    const fork = (): FakeWorker => {
      const worker = new FakeWorker(this.workers.length + 1);
      this.workers.push(worker);
      return worker;
    };
    this.exitCode = new Supervisor({ count, fork, log, clock, timer: timers.timer, signal: this.stopping.signal }).run();
  }

  /** All workers are there and serve. */
  static async ready(count: number): Promise<Crew> {
    const crew = new Crew(count);
    crew.workers[0]!.becomeReady();
    await settled();
    return crew;
  }

  stop(): void {
    this.stopping.abort();
  }

  /** The newest worker ends. Returns the pauses that are under way afterwards. */
  async newestEnds(end: WorkerEnd): Promise<readonly number[]> {
    this.workers.at(-1)!.end(end);
    await settled();
    return this.timers.waiting;
  }

  async elapse(milliseconds: number): Promise<void> {
    this.timers.elapse(milliseconds);
    await settled();
  }
}

describe('the supervisor of workers', () => {
  it('starts the others once the first one serves', async () => {
    const crew = new Crew(3);
    await settled();
    expect(crew.workers).toHaveLength(1);
    crew.workers[0]!.becomeReady();
    await settled();
    expect(crew.workers).toHaveLength(3);
  });

  it.each([
    ['by its own exit code where it is refused its start', REFUSED, 1, 0],
    ['well where it ends well', ENDED_WELL, 0, 0],
    ['by 1 where it is killed, and says so', KILLED, 1, 1],
  ])('ends with the first worker, %s', async (_how, end, exitCode, lines) => {
    const crew = new Crew(2);
    expect(await crew.newestEnds(end)).toEqual([]);
    expect(await crew.exitCode).toBe(exitCode);
    expect(crew.workers).toHaveLength(1);
    expect(crew.logged).toHaveLength(lines);
  });

  it('replaces a worker that dies again and again after ever longer pauses, of half a minute at most', async () => {
    const crew = await Crew.ready(2);
    const pauses: number[] = [];
    for (let death = 0; death < 10; death++) {
      const [pause] = await crew.newestEnds(death % 2 === 0 ? KILLED : REFUSED);
      pauses.push(pause!);
      const before = crew.workers.length;
      await crew.elapse(pause! - 1);
      expect(crew.workers).toHaveLength(before);
      await crew.elapse(pause!);
      expect(crew.workers).toHaveLength(before + 1);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(crew.workers[0]!.stops).toBe(0);
  });

  it('counts anew once a worker has lived for a minute, and each place by itself', async () => {
    const crew = await Crew.ready(2);
    expect(await crew.newestEnds(KILLED)).toEqual([250]);
    await crew.elapse(250);
    crew.clock.advance(59_999);
    expect(await crew.newestEnds(KILLED)).toEqual([500]);
    crew.workers[0]!.end(KILLED);
    await settled();
    expect(crew.timers.waiting).toEqual([500, 250]);
    await crew.elapse(500);
    crew.clock.advance(60_000);
    expect(await crew.newestEnds(KILLED)).toEqual([250, 250]);
  });

  it('stops all of them, replaces none from then on, and ends once the last one has', async () => {
    const crew = await Crew.ready(3);
    expect(await crew.newestEnds(KILLED)).toEqual([250]);
    crew.stop();
    expect(crew.workers.map(({ stops }) => stops)).toEqual([1, 1, 0]);
    crew.workers[0]!.end(ENDED_WELL);
    let over = false;
    void crew.exitCode.then(() => (over = true));
    await settled();
    expect(over).toBe(false);
    crew.workers[1]!.end(KILLED);
    expect(await crew.exitCode).toBe(0);
    expect(crew.workers).toHaveLength(3);
    expect(crew.timers.waiting).toEqual([]);
  });

  it('stops the first one before it serves, and starts no other', async () => {
    const crew = new Crew(2);
    crew.stop();
    crew.workers[0]!.becomeReady();
    await settled();
    expect(crew.workers[0]!.stops).toBe(1);
    crew.workers[0]!.end(ENDED_WELL);
    expect(await crew.exitCode).toBe(0);
    expect(crew.workers).toHaveLength(1);
  });
});
