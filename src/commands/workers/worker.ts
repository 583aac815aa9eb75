import type { Worker } from 'node:cluster';
import { Metrics } from '../../http/metrics.js';
import { type Places, start } from '../start.js';
import { Dialogue } from './dialogue.js';

const METRICS_MS = 3000;

/**
 * Serves as one of several workers until the primary or a signal stops it. Where the primary dies, node:cluster ends the
 * process at once. Returns the exit code.
 */
export async function runWorker(worker: Worker, processes: number, env: NodeJS.ProcessEnv, places: Places): Promise<number> {
  const stop = new AbortController();
  const metrics = new Metrics({ gather: async () => String(await primary.ask('metrics', METRICS_MS)) });
  const primary = new Dialogue((message) => send(worker, message), { stop: () => stop.abort(), report: () => metrics.report() });
  worker.on('message', (message: unknown) => primary.hear(message));
  primary.tell('joined');
  const code = await start(env, places, { stop, processes, metrics, isFirst: worker.id === 1, onReady: () => primary.tell('ready') });
  // The channel to the primary would keep the process alive.
  worker.disconnect();
  return code;
}

function send(worker: Worker, message: object): void {
  if (worker.isConnected()) worker.process.send(message, () => undefined);
}
