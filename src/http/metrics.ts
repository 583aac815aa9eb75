import { Counter, Gauge, Histogram, type MetricObject, Registry, collectDefaultMetrics } from 'prom-client';
import { RequestMetrics } from './request-metrics.js';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export interface MetricsOptions {
  /** Memory, CPU, event loop and garbage collection of this process; on by default. */
  readonly process?: boolean;
  /** Renders this node's metrics where it consists of several processes; left out where this one is all of it. */
  readonly gather?: () => Promise<string>;
}

/** The metrics of one process, as values. */
export type MetricsReport = readonly MetricObject[];

/** This node's metrics in Prometheus' text format, in a registry of their own. */
export class Metrics {
  readonly contentType: string;
  readonly requests: RequestMetrics;
  readonly #registry = new Registry();
  readonly #gather: () => Promise<string>;

  constructor(options: MetricsOptions = {}) {
    this.contentType = this.#registry.contentType;
    this.#gather = options.gather ?? (() => this.#registry.metrics());
    if (options.process !== false) collectDefaultMetrics({ register: this.#registry });
    this.requests = new RequestMetrics(this.#registry, SECONDS);
  }

  /**
   * A further counter with one label, whose values come from a closed list. What it returns counts one more, in a plain number
   * that prom-client is told of when the metrics are asked for: for what happens many times a request.
   */
  tally(name: string, help: string, label: string): (value: string) => void {
    const counts = new Map<string, { count: number }>();
    const counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [],
      collect() {
        for (const [value, { count }] of counts) this.inc({ [label]: value }, count);
        counts.clear();
      },
    });
    this.#registry.registerMetric(counter);
    return (value) => {
      const counted = counts.get(value);
      if (counted === undefined) counts.set(value, { count: 1 });
      else counted.count += 1;
    };
  }

  /** A further counter; its labels must come from closed lists. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  /** A further histogram, of seconds; its labels must come from closed lists. */
  histogram<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.#registry] });
  }

  /** A further gauge, read whenever the metrics are asked for. Those of several processes are added up. */
  gauge(name: string, help: string, read: () => number): void {
    this.#registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  }

  render(): Promise<string> {
    return this.#gather();
  }

  /** Of this process alone. */
  report(): Promise<MetricsReport> {
    return this.#registry.getMetricsAsJSON();
  }
}
