import { Counter, Gauge, Histogram, type MetricObject, Registry, collectDefaultMetrics } from 'prom-client';

/** What counts and timings are told apart by. Nothing of it comes from a client, or its names would grow without bound. */
export type Route = 'graphql' | 'graphiql' | 'livez' | 'readyz' | 'metrics' | 'other';
type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'aborted';

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
  readonly #registry = new Registry();
  readonly #gather: () => Promise<string>;
  readonly #requests: Counter<'route' | 'status'>;
  readonly #seconds: Histogram<'route' | 'status'>;
  readonly #series = new Map<string, (seconds: number | null) => void>();

  constructor(options: MetricsOptions = {}) {
    this.contentType = this.#registry.contentType;
    this.#gather = options.gather ?? (() => this.#registry.metrics());
    if (options.process !== false) collectDefaultMetrics({ register: this.#registry });
    const labelNames = ['route', 'status'] as const;
    const registers = [this.#registry];
    this.#requests = new Counter({ name: 'http_requests_total', help: 'HTTP requests answered.', labelNames, registers });
    this.#seconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the head of an HTTP request to the end of its answer.',
      labelNames,
      buckets: SECONDS,
      registers,
    });
  }

  /** Counts an answered request. A status of null: the client left before it was answered. Without seconds: a stream, whose client decided how long it took. */
  observeRequest(route: Route, status: number | null, seconds: number | null): void {
    const statusClass = classOf(status);
    const key = `${route} ${statusClass}`;
    let observe = this.#series.get(key);
    if (observe === undefined) {
      const requests = this.#requests.labels(route, statusClass);
      const durations = this.#seconds.labels(route, statusClass);
      observe = (value) => {
        requests.inc();
        if (value !== null) durations.observe(value);
      };
      this.#series.set(key, observe);
    }
    observe(seconds);
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

function classOf(status: number | null): StatusClass {
  if (status === null) return 'aborted';
  if (status < 200) return '1xx';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}
