import { pino } from 'pino';
import { GatheredMetrics, type MetricsSource } from '../../src/commands/workers/gathered-metrics.js';
import { Metrics, type MetricsReport } from '../../src/http/metrics.js';

/** Another process, whose report is a copy. */
class OtherProcess implements MetricsSource {
  answers = true;

  constructor(readonly metrics: Metrics) {}

  async report(): Promise<MetricsReport> {
    if (!this.answers) throw new Error('no answer');
    return structuredClone(await this.metrics.report());
  }
}

/** One that has answered so many requests to GraphQL, and has a cache of so many entries. */
function processWith(requests: number, entries: number): OtherProcess {
  const metrics = new Metrics({ process: false });
  for (let i = 0; i < requests; i++) metrics.requests.observe('graphql', 200, 0.002);
  metrics.gauge('cache_entries', 'Entries.', () => entries);
  return new OtherProcess(metrics);
}

const REQUESTS = /^http_requests_total\{route="graphql",status="2xx"\} (\S+)$/m;
const TIMED = /^http_request_duration_seconds_count\{route="graphql",status="2xx"\} (\S+)$/m;
const FAST = /^http_request_duration_seconds_bucket\{le="0.0025",route="graphql",status="2xx"\} (\S+)$/m;
const ENTRIES = /^cache_entries (\S+)$/m;

async function read(gathered: GatheredMetrics): Promise<readonly (number | null)[]> {
  const text = await gathered.render();
  return [REQUESTS, TIMED, FAST, ENTRIES].map((series) => {
    const [, value] = series.exec(text) ?? [];
    return value === undefined ? null : Number(value);
  });
}

describe('the metrics of several processes', () => {
  const logged: string[] = [];
  const gather = (...sources: readonly MetricsSource[]): GatheredMetrics => {
    const gathered = new GatheredMetrics(pino({}, { write: (line: string) => void logged.push(line) }));
    for (const source of sources) gathered.add(source);
    return gathered;
  };

  it('are added up, with what each process says at the moment', async () => {
    const one = processWith(3, 10);
    const gathered = gather(one, processWith(4, 20));
    expect(await read(gathered)).toEqual([7, 7, 7, 30]);
    one.metrics.requests.observe('graphql', 200, 0.002);
    expect(await read(gathered)).toEqual([8, 8, 8, 30]);
  });

  it('keep the counts of processes that are gone, and nothing else of them', async () => {
    const [one, other, third] = [processWith(3, 10), processWith(4, 20), processWith(5, 30)];
    const gathered = gather(one, other);
    await read(gathered);
    gathered.remove(one);
    expect(await read(gathered)).toEqual([7, 7, 7, 20]);
    gathered.add(third);
    expect(await read(gathered)).toEqual([12, 12, 12, 50]);
    gathered.remove(other);
    gathered.remove(third);
    expect(await read(gathered)).toEqual([12, 12, 12, null]);
  });

  it('have the last figures of a process that does not answer, so that no count falls', async () => {
    const one = processWith(3, 10);
    const gathered = gather(one, processWith(4, 20));
    await read(gathered);
    one.answers = false;
    one.metrics.requests.observe('graphql', 200, 0.002);
    expect(await read(gathered)).toEqual([7, 7, 7, 30]);
    expect(logged.join('')).toContain('did not report its metrics');
  });

  it('count a process once whose answer comes when it is gone already', async () => {
    const one = processWith(3, 10);
    let answer = (): void => undefined;
    const slow = { report: async () => new Promise<void>((resolve) => (answer = resolve)).then(() => one.report()) };
    const gathered = gather(slow, processWith(4, 20));
    const reading = read(gathered);
    gathered.remove(slow);
    answer();
    expect(await reading).toEqual([4, 4, 4, 20]);
  });

  it('do not add up what is no quantity: the version is there once, and the start of a process left out', async () => {
    const text = await gather(new OtherProcess(new Metrics()), new OtherProcess(new Metrics())).render();
    expect(text).toMatch(/^nodejs_version_info\{[^}]*\} 1$/m);
    expect(text).not.toContain('process_start_time_seconds');
  });
});
