import { setImmediate as turn } from 'node:timers/promises';
import { ChangeStreams } from '../../src/features/changes/change-streams.js';
import type { LogPage, LogPlace } from '../../src/features/changes/changes.store.js';
import type { TenantChange } from '../../src/features/changes/tenant-change.js';
import { ManualTimers } from '../http/toy-server.js';
import { TestClock } from '../support/gateway.js';

/** A log in memory that counts how often it is read. */
class CountedStore {
  readonly reads: (readonly LogPlace[])[] = [];
  revision = 1n;

  async readAfter(places: readonly LogPlace[], limit: number): Promise<LogPage[]> {
    this.reads.push(places);
    const { revision } = this;
    return places.map(({ tenantId, after }) => ({ revision, changes: changesOf(tenantId, after ?? revision, revision).slice(0, limit) }));
  }
}

function changesOf(tenantId: string, after: bigint, revision: bigint): TenantChange[] {
  return Array.from({ length: Number(revision - after) }, (_, i) => ({ tenantId, revision: after + BigInt(i + 1), touches: [] }));
}

describe('streams of one node', () => {
  let store: CountedStore;
  let clock: TestClock;
  let told: TenantChange[];
  let streams: ChangeStreams;
  beforeEach(() => {
    store = new CountedStore();
    clock = new TestClock();
    told = [];
    streams = new ChangeStreams(store, { clock, timer: new ManualTimers().timer, stalenessMs: 1000, onRead: (change) => told.push(change) });
    streams.hasHeardAllUntil(clock.now());
  });

  const hear = (revision: bigint): void => streams.tenantChanged({ tenantId: 'acme', revision, touches: [] });
  async function follow(after: string | null = null) {
    const stream = await streams.follow('acme', after);
    // From now on: the first reading finds nothing.
    if (after === null) await stream.next();
    return stream;
  }

  it('read together what one change has woken them for', async () => {
    const open = await Promise.all(Array.from({ length: 50 }, () => follow()));
    store.reads.length = 0;
    const next = open.map((stream) => stream.next());
    store.revision = 2n;
    hear(2n);
    expect((await Promise.all(next)).map(({ value }) => value?.revision)).toEqual(open.map(() => 2n));
    expect(store.reads).toEqual([[{ tenantId: 'acme', after: 1n }]]);
  });

  it('give out each revision once, whether it is heard of twice, late, too early or out of order', async () => {
    const stream = await follow();
    const steps = [
      { what: 'at once', reached: 2n, heard: [2n], given: [2n] },
      { what: 'twice', reached: 3n, heard: [3n, 3n], given: [3n] },
      { what: 'together, and out of order', reached: 6n, heard: [6n, 4n, 5n], given: [4n, 5n, 6n] },
      { what: 'late', reached: 8n, heard: [5n, 6n, 7n], given: [7n, 8n] },
      { what: 'too early', reached: 9n, heard: [99n], given: [9n, null] },
    ];
    for (const { what, reached, heard, given } of steps) {
      store.revision = reached;
      const seen: (bigint | null)[] = [];
      for (const revision of heard) hear(revision);
      for (let left = given.length; left > 0; left -= 1) {
        const next = stream.next();
        // Heard of once more while it is given out.
        if (given[seen.length] === null) heard.forEach(hear);
        const { value } = await next;
        seen.push(value?.revision ?? null);
      }
      expect([what, seen]).toEqual([what, given]);
    }
  });

  it('tell of each change that was read before they give it out', async () => {
    store.revision = 3n;
    const stream = await follow('1');
    await stream.next();
    expect(new Set(told.map(({ revision }) => revision))).toEqual(new Set([2n, 3n]));
  });

  it('end with UNAVAILABLE where the log begins anew', async () => {
    const open = await Promise.all([follow(), follow()]);
    const next = open.map((stream) => stream.next());
    streams.beginsAnew();
    for (const pending of next) await expect(pending).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('are over at once for whoever waits, when they are given up', async () => {
    const stream = await follow();
    const next = stream.next();
    await turn();
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
