import type { Logger } from 'pino';
import type { Clock, Timer } from '../domain/clock.js';
import { systemTimer, withDeadline } from './timer.js';

/** Rejects where what it looks at cannot serve. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  readonly ready: boolean;
  readonly status: 'starting' | 'ready' | 'failing' | 'stopping';
  /** A sentence for whoever watches. Why a check fails is in the log only. */
  readonly message: string;
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>;
}

export interface HealthOptions {
  readonly log: Logger;
  readonly clock: Clock;
  readonly timer?: Timer;
  /** How long a check may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long its outcome stands, in milliseconds: whoever probes more often asks nothing of the database. */
  readonly cacheMs?: number;
}

interface Outcome {
  readonly at: number;
  readonly checks: Promise<HealthReport['checks']>;
}

/** Whether this node can serve: its own state, and named checks of what it depends on. */
export class Health {
  readonly #options: Required<HealthOptions>;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #failing = new Set<string>();
  /** A check that hangs is not started again beside itself. */
  readonly #running = new Map<string, Promise<void>>();
  #state: 'starting' | 'ready' | 'stopping' = 'starting';
  #outcome: Outcome | null = null;

  constructor(options: HealthOptions) {
    this.#options = { timer: systemTimer, timeoutMs: 1000, cacheMs: 1000, ...options };
  }

  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
    this.#outcome = null;
  }

  /** The gateway is composed and may be asked. Says nothing once it is stopping. */
  markReady(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  markStopping(): void {
    this.#state = 'stopping';
  }

  async report(): Promise<HealthReport> {
    if (this.#state === 'starting') return unready('starting', 'The gateway is still starting.');
    if (this.#state === 'stopping') return unready('stopping', 'The gateway is stopping.');
    const checks = await this.#currentChecks();
    const failing = Object.keys(checks).filter((name) => checks[name] === 'failing');
    if (failing.length === 0) return { ready: true, status: 'ready', message: 'The gateway is ready.', checks };
    return { ready: false, status: 'failing', message: `The gateway cannot serve: ${failing.join(', ')} failing.`, checks };
  }

  /** Callers at the same time share one run, also while it lasts. */
  #currentChecks(): Outcome['checks'] {
    const now = this.#options.clock.now();
    if (this.#outcome === null || now - this.#outcome.at >= this.#options.cacheMs) {
      this.#outcome = { at: now, checks: this.#runAll() };
    }
    return this.#outcome.checks;
  }

  async #runAll(): Outcome['checks'] {
    return Object.fromEntries(await Promise.all([...this.#checks].map(([name, check]) => this.#run(name, check))));
  }

  async #run(name: string, check: HealthCheck): Promise<[string, 'ok' | 'failing']> {
    const { timer, timeoutMs, log } = this.#options;
    try {
      const running = this.#running.get(name) ?? this.#start(name, check);
      await withDeadline(running, timeoutMs, timer, () => new Error(`the check took more than ${timeoutMs} ms`));
      if (this.#failing.delete(name)) log.info({ check: name }, 'a health check passes again');
      return [name, 'ok'];
    } catch (error) {
      if (!this.#failing.has(name)) log.error({ check: name, err: error }, 'a health check fails');
      this.#failing.add(name);
      return [name, 'failing'];
    }
  }

  #start(name: string, check: HealthCheck): Promise<void> {
    const running = check().finally(() => this.#running.delete(name));
    this.#running.set(name, running);
    return running;
  }
}

function unready(status: 'starting' | 'stopping', message: string): HealthReport {
  return { ready: false, status, message, checks: {} };
}
