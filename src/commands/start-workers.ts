import cluster from 'node:cluster';
import type { Places } from './start.js';

/** Serves with several processes that share the port. Each of them, started with the same words, comes by here. Returns the exit code. */
export async function startWorkers(count: number, env: NodeJS.ProcessEnv, places: Places): Promise<number> {
  if (cluster.worker === undefined) {
    const { runPrimary } = await import('./workers/primary.js');
    return runPrimary(count, env, places.policyDir);
  }
  const { runWorker } = await import('./workers/worker.js');
  return runWorker(cluster.worker, count, env, places);
}
