import type { Logger } from 'pino';
import { AggregatorRegistry } from 'prom-client';
import type { MetricsReport } from '../../http/metrics.js';

export interface MetricsSource {
  report(): Promise<MetricsReport>;
}

/** What goes on counting from where a process that is gone left off: its memory, say, is gone with it. */
const CUMULATIVE = new Set(['counter', 'histogram']);

/**
 * The metrics of several processes as those of one: counters, histograms and most gauges are added up, the others by the
 * rule that comes with them. A sum that fell when a process ends would look to Prometheus like a counter that began anew,
 * so the last known counts of those that are gone stay in it.
 */
export class GatheredMetrics {
  readonly #reports = new Map<MetricsSource, MetricsReport>();
  #gone: MetricsReport = [];

  constructor(private readonly log: Logger) {}

  add(source: MetricsSource): void {
    this.#reports.set(source, []);
  }

  remove(source: MetricsSource): void {
    const last = this.#reports.get(source) ?? [];
    this.#reports.delete(source);
    const counts = last.filter(({ type }) => CUMULATIVE.has(String(type)));
    if (counts.length > 0) this.#gone = AggregatorRegistry.aggregate([[...this.#gone], counts]).getMetricsAsArray();
  }

  async render(): Promise<string> {
    await Promise.all([...this.#reports.keys()].map((source) => this.#refresh(source)));
    return AggregatorRegistry.aggregate([this.#gone, ...this.#reports.values()].map((report) => [...report])).metrics();
  }

  async #refresh(source: MetricsSource): Promise<void> {
    try {
      const report = await source.report();
      if (this.#reports.has(source)) this.#reports.set(source, report);
    } catch (err) {
      if (this.#reports.has(source)) this.log.warn({ err }, 'A worker did not report its metrics; its last figures stand in for them.');
    }
  }
}
