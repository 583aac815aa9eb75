import { Metrics } from '../../src/http/metrics.js';

describe('Metrics', () => {
  it('tells requests apart by route and class of status', async () => {
    const metrics = new Metrics({ process: false });
    metrics.requests.observe('graphql', 200, 0.002);
    metrics.requests.observe('graphql', 204, 0.3);
    metrics.requests.observe('graphql', 503, 6);
    metrics.requests.observe('other', null, 1);
    const text = await metrics.render();
    expect(text).toContain('http_requests_total{route="graphql",status="2xx"} 2');
    expect(text).toContain('http_requests_total{route="graphql",status="5xx"} 1');
    expect(text).toContain('http_requests_total{route="other",status="aborted"} 1');
    expect(text).toContain('http_request_duration_seconds_bucket{le="0.0025",route="graphql",status="2xx"} 1');
  });

  it('takes further counters, histograms and gauges', async () => {
    const metrics = new Metrics({ process: false });
    metrics.counter('decisions_total', 'Decisions.', ['effect']).inc({ effect: 'deny' });
    metrics.histogram('transaction_seconds', 'Transactions.').observe(0.1);
    let entries = 1;
    metrics.gauge('cache_entries', 'Entries.', () => entries);
    entries = 7;
    const text = await metrics.render();
    expect(text).toContain('decisions_total{effect="deny"} 1');
    expect(text).toContain('transaction_seconds_count 1');
    expect(text).toContain('cache_entries 7');
  });

  it('tells what was tallied up once and no more', async () => {
    const metrics = new Metrics({ process: false });
    const count = metrics.tally('decisions_total', 'Decisions.', 'reason');
    for (const reason of ['GRANTED', 'DENIED', 'GRANTED']) count(reason);
    const first = await metrics.render();
    expect([first.includes('decisions_total{reason="GRANTED"} 2'), first.includes('decisions_total{reason="DENIED"} 1')]).toEqual([true, true]);
    count('GRANTED');
    await metrics.render();
    expect(await metrics.render()).toContain('decisions_total{reason="GRANTED"} 3');
  });

  it('knows the process, and keeps to a registry of its own', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.counter('decisions_total', 'Decisions.').inc();
    expect(await one.render()).toContain('process_resident_memory_bytes');
    expect(await other.render()).not.toContain('decisions_total');
  });
});
