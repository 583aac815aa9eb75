import { performance } from 'node:perf_hooks';
import { faultOf } from './answer-check.js';
import type { Connection } from './connection.js';
import { Histogram } from './histogram.js';
import type { Outcome, Run, Target } from './job.js';

/** More than this ahead of the next request, an open loop sleeps; the rest it waits awake, since timers come late. */
const SLEEP_ABOVE_MS = 2;

/** What is sent over and over, made once: strings would be encoded anew for each request. */
export interface Ammunition {
  readonly target: Target;
  readonly requests: readonly Buffer[];
  readonly expected: readonly Buffer[];
}

export function prepare(target: Target): Ammunition {
  const head = [`POST ${target.path} HTTP/1.1`, `host: 127.0.0.1:${target.port}`, 'content-type: application/json',
    ...Object.entries(target.headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return {
    target,
    requests: target.exchanges.map(({ body }) => Buffer.from(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)),
    expected: target.exchanges.map(({ expected }) => Buffer.from(expected)),
  };
}

/** One run of the generator over open connections. */
export class Load {
  private readonly histogram = new Histogram();
  private next: number;
  private left: number;
  private wrong = 0;
  private firstWrong: string | null = null;
  private inFlight = 0;
  private countFrom = Infinity;
  private endAt = Infinity;

  constructor(
    private readonly ammunition: Ammunition,
    private readonly run: Run,
  ) {
    this.next = run.from ?? 0;
    this.left = run.atMost ?? Infinity;
  }

  async go(connections: readonly Connection[]): Promise<Outcome> {
    this.countFrom = performance.now() + this.run.warmUpMs;
    this.endAt = this.countFrom + this.run.measuredMs;
    const cpu = new CpuOfTheCount(this.run);
    const { rate } = this.run;
    await (rate === null ? this.closed(connections) : this.open(connections, rate));
    return this.outcome(cpu.share());
  }

  private closed(connections: readonly Connection[]): Promise<void> {
    return new Promise((resolve) => {
      const again = (connection: Connection): void => {
        const now = performance.now();
        if (now < this.endAt && this.left > 0) this.send(connection, now, again);
        else if (this.inFlight === 0) resolve();
      };
      for (const connection of connections) again(connection);
    });
  }

  /** A request is due at its moment, whether or not a connection is free: what waits for one waits on its own latency. */
  private open(connections: readonly Connection[], rate: number): Promise<void> {
    const begun = performance.now();
    const free = [...connections];
    let sent = 0;
    const dueAt = (): number => begun + (sent * 1000) / rate;
    return new Promise((resolve) => {
      const tick = (): void => {
        const now = performance.now();
        for (let due = dueAt(); due <= now && due < this.endAt && this.left > 0 && free.length > 0; due = dueAt()) {
          sent++;
          // In turn: a server closes a connection on which nothing has come for some seconds.
          this.send(free.shift()!, due, (connection) => free.push(connection));
        }
        if ((dueAt() >= this.endAt || this.left <= 0) && this.inFlight === 0) resolve();
        else if (dueAt() - now > SLEEP_ABOVE_MS) setTimeout(tick, 1);
        else setImmediate(tick);
      };
      tick();
    });
  }

  private send(connection: Connection, since: number, done: (connection: Connection) => void): void {
    const { requests, expected, target } = this.ammunition;
    const index = this.next % requests.length;
    this.next++;
    this.left--;
    this.inFlight++;
    connection.send(requests[index]!, (status, body) => {
      this.inFlight--;
      const now = performance.now();
      if (now >= this.countFrom && now < this.endAt) this.histogram.add(now - since);
      const fault = faultOf(target.exchanges[index]!, expected[index]!, status, body);
      if (fault !== null) this.note(fault);
      done(connection);
    });
  }

  private note(fault: string): void {
    this.wrong++;
    this.firstWrong ??= fault;
    // After so many, the rest would say no more, and a closed connection would be asked for ever.
    if (this.wrong >= 1000) this.endAt = 0;
  }

  private outcome(generatorCpu: number): Outcome {
    const { histogram, wrong, firstWrong } = this;
    const seconds = this.run.measuredMs / 1000;
    return {
      sent: this.next - (this.run.from ?? 0),
      answered: histogram.count,
      wrong,
      firstWrong,
      seconds,
      perSecond: histogram.count / seconds,
      latency: { p50: histogram.quantile(0.5), p90: histogram.quantile(0.9), p99: histogram.quantile(0.99), max: histogram.max },
      generatorCpu,
    };
  }
}

/** How much of a core this process used while it counted. */
class CpuOfTheCount {
  private before = process.cpuUsage();
  private since = performance.now();

  constructor({ warmUpMs }: Run) {
    setTimeout(() => {
      this.before = process.cpuUsage();
      this.since = performance.now();
    }, warmUpMs).unref();
  }

  share(): number {
    const { user, system } = process.cpuUsage(this.before);
    return (user + system) / 1000 / (performance.now() - this.since);
  }
}
