import cluster, { type Worker } from 'node:cluster';
import type { MetricsReport } from '../../http/metrics.js';
import { Dialogue } from './dialogue.js';
import type { MetricsSource } from './gathered-metrics.js';
import { trackHandedConnection } from './handed-connection.js';
import type { WorkerEnd, WorkerProcess } from './supervisor.js';

const REPORT_MS = 1000;

export interface ForkOptions {
  readonly port: number;
  /** The metrics of all workers. */
  readonly metrics: () => Promise<string>;
  /** It can be asked for its metrics from now on. */
  readonly onJoined: (worker: ForkedWorker) => void;
}

/** A worker as the primary sees it. */
export class ForkedWorker implements WorkerProcess, MetricsSource {
  readonly ready: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  readonly #worker: Worker;
  readonly #dialogue: Dialogue;
  #hasJoined = false;
  #isStopped = false;

  constructor({ port, metrics, onJoined }: ForkOptions) {
    const worker = cluster.fork({ PORT: port });
    let becomeReady: () => void;
    this.ready = new Promise((resolve) => (becomeReady = resolve));
    this.ended = endOf(worker);
    const closeHanded = trackHandedConnection(worker);
    void this.ended.then(({ code }) => {
      if (code !== 0) closeHanded();
    });
    this.#worker = worker;
    this.#dialogue = new Dialogue((message) => this.#send(message), { joined: () => this.#joined(onJoined), ready: () => becomeReady(), metrics });
    worker.on('message', (message: unknown) => this.#dialogue.hear(message));
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** One that does not listen yet is told once it does. */
  stop(): void {
    this.#isStopped = true;
    if (this.#hasJoined) this.#dialogue.tell('stop');
  }

  async report(): Promise<MetricsReport> {
    return (await this.#dialogue.ask('report', REPORT_MS)) as MetricsReport;
  }

  #joined(tell: (worker: ForkedWorker) => void): void {
    this.#hasJoined = true;
    if (this.#isStopped) this.stop();
    else tell(this);
  }

  #send(message: object): void {
    // With a callback, a channel that has just closed is no error: `ended` tells of that.
    if (this.#worker.isConnected()) this.#worker.process.send(message, undefined, undefined, () => undefined);
  }
}

function endOf(worker: Worker): Promise<WorkerEnd> {
  return new Promise((resolve) => {
    worker.once('exit', (code: number | null, signal: string | null) => resolve({ code, signal: signal ?? null }));
    // A connection that was handed to a worker in its last moment ends up here too, and the worker's exit follows. Where there
    // was no process to begin with, none does.
    worker.on('error', () => {
      if (worker.process.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}
