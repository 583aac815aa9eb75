import { Counter, Histogram, type MetricValueWithName, type Registry } from 'prom-client';

/** What counts and timings are told apart by. Nothing of it comes from a client, or its names would grow without bound. */
export type Route = 'graphql' | 'graphiql' | 'livez' | 'readyz' | 'metrics' | 'other';
type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'aborted';

const SECONDS = 'http_request_duration_seconds';

/**
 * Counts and times requests in plain numbers, which become values of Prometheus when the metrics are asked for: every request comes
 * by here, and prom-client's own histogram looks its labels up anew for each.
 */
export class RequestMetrics {
  private readonly series = new Map<string, RequestSeries>();

  constructor(
    registry: Registry,
    /** The upper bounds of the histogram's buckets, in seconds, ascending. */
    private readonly bounds: readonly number[],
  ) {
    const help = 'Time from the head of an HTTP request to the end of its answer.';
    const labelNames = ['route', 'status'];
    const requests = new Counter({ name: 'http_requests_total', help: 'HTTP requests answered.', labelNames, registers: [] });
    const seconds = new Histogram({ name: SECONDS, help, labelNames, buckets: [...bounds], registers: [] });
    registry.registerMetric(this.telling(requests, (series) => [series.count]));
    registry.registerMetric(this.telling(seconds, (series) => series.times));
  }

  /** Counts an answered request. A status of null: the client left before it was answered. Without seconds: a stream, whose client decided how long it took. */
  observe(route: Route, status: number | null, seconds: number | null): void {
    const statusClass = classOf(status);
    const key = `${route} ${statusClass}`;
    let series = this.series.get(key);
    if (series === undefined) {
      series = new RequestSeries({ route, status: statusClass }, this.bounds);
      this.series.set(key, series);
    }
    series.observe(seconds);
  }

  /** The metric with these values in the place of its own; a registry asks for them in one of two ways. */
  private telling<M extends Counter | Histogram>(metric: M, valuesOf: (series: RequestSeries) => Value[]): M {
    const description = metric.get();
    const get = async () => ({ ...(await description), values: [...this.series.values()].flatMap(valuesOf) });
    return Object.assign(metric, { get, getForPromString: get });
  }
}

type Value = MetricValueWithName<string>;

/** The requests of one route and class of status. */
class RequestSeries {
  private requests = 0;
  private timed = 0;
  private seconds = 0;
  /** How many took at most each bound, and more than the one before it. */
  private readonly buckets: number[];

  constructor(
    private readonly labels: Readonly<Record<'route' | 'status', string>>,
    private readonly bounds: readonly number[],
  ) {
    this.buckets = bounds.map(() => 0);
  }

  observe(seconds: number | null): void {
    this.requests += 1;
    if (seconds === null) return;
    this.timed += 1;
    this.seconds += seconds;
    const bucket = this.bounds.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) this.buckets[bucket]! += 1;
  }

  get count(): Value {
    return { labels: this.labels, value: this.requests };
  }

  /** A histogram as Prometheus has it: each bucket counts those before it as well. None where nothing was timed. */
  get times(): Value[] {
    if (this.timed === 0) return [];
    let upTo = 0;
    const buckets = this.bounds.map((le, i) => this.bucket(le, (upTo += this.buckets[i]!)));
    const sum = { metricName: `${SECONDS}_sum`, labels: this.labels, value: this.seconds };
    const count = { metricName: `${SECONDS}_count`, labels: this.labels, value: this.timed };
    return [...buckets, this.bucket('+Inf', this.timed), sum, count];
  }

  private bucket(le: number | '+Inf', value: number): Value {
    return { metricName: `${SECONDS}_bucket`, labels: { le, ...this.labels }, value };
  }
}

function classOf(status: number | null): StatusClass {
  if (status === null) return 'aborted';
  if (status < 200) return '1xx';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}
