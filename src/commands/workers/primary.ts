import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { type Config, ConfigError, readConfig } from '../../config.js';
import { systemTimer } from '../../http/timer.js';
import { operatorLog } from '../operator-log.js';
import { stopOnSignal } from '../stop-signals.js';
import { ForkedWorker } from './forked-worker.js';
import { GatheredMetrics } from './gathered-metrics.js';
import { Supervisor } from './supervisor.js';

const ONE_PROCESS =
  'The embedded database is for one process at a time, so it cannot serve several workers: set DATABASE_URL to a PostgreSQL database, or leave --workers away.';

/** Starts the workers and stays until a signal stops it; it serves nothing itself. Returns the exit code. */
export async function runPrimary(count: number, env: NodeJS.ProcessEnv, policyDir: string): Promise<number> {
  let config: Config;
  try {
    config = readConfig(env, policyDir);
    if (config.databaseUrl === null) throw new ConfigError(ONE_PROCESS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const log = operatorLog(config);
  const stop = new AbortController();
  stopOnSignal(stop);
  // Metrics hold numbers that JSON has no words for.
  cluster.setupPrimary({ serialization: 'advanced' });
  const clock = { now: () => Date.now() };
  return new Supervisor({ count, fork: forkFrom(config, log), log, clock, timer: systemTimer, signal: stop.signal }).run();
}

function forkFrom(config: Config, log: Logger): () => ForkedWorker {
  const metrics = new GatheredMetrics(log);
  const running = new Set<ForkedWorker>();
  let { port } = config;
  let taken = port;
  cluster.on('listening', (_worker, address) => (taken = address.port));
  return () => {
    // With PORT=0, all workers share the port that the first one got for as long as one of them holds it; where none is left,
    // the next one asks for that port by its number.
    if (running.size === 0) port = taken;
    const worker = new ForkedWorker({ port, metrics: () => metrics.render(), onJoined: (joined) => metrics.add(joined) });
    running.add(worker);
    void worker.ended.then(() => {
      running.delete(worker);
      metrics.remove(worker);
    });
    return worker;
  };
}
