import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { systemTimer } from '../../src/http/timer.js';
import { ManualTimers } from '../http/toy-server.js';
import { DatabaseProxy } from '../start/database-proxy.js';
import { type GatewayForTests, gatewayForTests, ROOT_KEY } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { Listener } from './listener.js';

const POLL_MS = 250;
const STALENESS_MS = 1000;
/** Real milliseconds: a bound for what does come, not for how fast. */
const PATIENCE_MS = 20_000;

/** Lets timers elapse, over and over, until the promise has settled. */
async function elapseUntil(timers: ManualTimers, milliseconds: number, settled: Promise<unknown>): Promise<void> {
  let isOver = false;
  settled.finally(() => (isOver = true)).catch(() => undefined);
  const end = performance.now() + PATIENCE_MS;
  while (!isOver && performance.now() < end) {
    timers.elapse(milliseconds);
    await turn();
  }
  await settled;
}

describe('on two nodes of one database', () => {
  let nodes: readonly [GatewayForTests, GatewayForTests];
  let tenantId: string;
  beforeAll(async () => {
    const first = await gatewayForTests({ timer: systemTimer });
    const second = await gatewayForTests({ timer: systemTimer, env: { DATABASE_URL: first.config.databaseUrl! } });
    nodes = [first, second];
  });
  afterAll(async () => {
    await nodes[1].close();
    await nodes[0].close();
  });
  beforeEach(async () => {
    ({ tenantId } = await new World(nodes[0]).tenant());
  });

  const write = async (node: GatewayForTests): Promise<number> => {
    const world = new World(node);
    const { data } = await must(world.root.mutate<{ revision: string }>('createDepartment', { tenantId, name: world.unique('department') }, 'revision'));
    return Number(data!['createDepartment']!.revision);
  };

  /** Follows up to a revision, changing nodes after as many events as the plan has them stay. */
  async function follow(from: number, to: number, stays: readonly number[]): Promise<number[]> {
    const seen: number[] = [];
    for (let visit = 0; from + seen.length < to; visit += 1) {
      const left = to - from - seen.length;
      const listener = new Listener(nodes[visit % 2]!.url, tenantId, { token: ROOT_KEY, after: String(seen.at(-1) ?? from) });
      await listener.hears(Math.min(stays[visit % stays.length]!, left));
      seen.push(...listener.revisions);
      listener.leave();
    }
    return seen;
  }

  it('every subscriber sees each revision once and in order, whoever writes and wherever they reconnect', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(1), { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 5 }),
        async (writers, subscribers) => {
          const from = await write(nodes[0]);
          const to = from + writers.flat().length;
          const writing = writers.map(async (places) => {
            for (const place of places) await write(nodes[place]!);
          });
          const seen = await Promise.all(subscribers.map((stays) => follow(from, to, stays)));
          await Promise.all(writing);
          const each = Array.from({ length: to - from }, (_, i) => from + i + 1);
          expect(seen).toEqual(subscribers.map(() => each));
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('a node that stops', () => {
  it('completes its streams, which go on elsewhere without a gap', async () => {
    const here = await gatewayForTests();
    const there = await gatewayForTests({ env: { DATABASE_URL: here.config.databaseUrl! } });
    try {
      const world = new World(here);
      const { tenantId } = await world.tenant();
      const change = () => must(world.root.mutate('createDepartment', { tenantId, name: world.unique('department') }, 'revision'));
      const first = new Listener(there.url, tenantId, { token: ROOT_KEY });
      await first.accepted;
      await change();
      await first.hears(1);
      await there.close();
      expect(await first.ends()).toEqual([]);
      await change();
      const second = new Listener(here.url, tenantId, { token: ROOT_KEY, after: String(first.revisions[0]) });
      await second.hears(1);
      second.leave();
      expect(second.revisions).toEqual([first.revisions[0]! + 1]);
    } finally {
      await here.close();
    }
  });
});

describe('a stream', () => {
  let timers: ManualTimers;
  let proxy: DatabaseProxy;
  let test: GatewayForTests;
  let world: World;
  let tenantId: string;
  let listener: Listener;
  beforeEach(async () => {
    timers = new ManualTimers();
    proxy = await DatabaseProxy.make();
    await proxy.open();
    test = await gatewayForTests({ timer: timers.timer, env: { DATABASE_URL: proxy.url, STALENESS_MS: String(STALENESS_MS) } });
    world = new World(test);
    ({ tenantId } = await world.tenant());
    listener = new Listener(test.url, tenantId, { token: ROOT_KEY });
    await listener.accepted;
  });
  afterEach(async () => {
    listener.leave();
    await test.close();
    await proxy.close();
    await proxy.drop();
  });

  /** A change of which nobody is notified. */
  const changeSilently = () => test.gateway.database.dataSource.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [tenantId]);

  it('hears from the log what no notification told of', async () => {
    await changeSilently();
    await elapseUntil(timers, POLL_MS, listener.hears(1));
    expect(listener.revisions).toHaveLength(1);
  });

  it('reads the log itself where nobody has read it for as long as the bound', async () => {
    await changeSilently();
    test.clock.advance(STALENESS_MS + 1);
    await elapseUntil(timers, STALENESS_MS, listener.hears(1));
    expect(listener.revisions).toHaveLength(1);
  });

  it('ends with UNAVAILABLE where the database is away for longer than the bound, also of a caller of whom nothing is read', async () => {
    await proxy.close();
    test.clock.advance(STALENESS_MS + 1);
    await elapseUntil(timers, STALENESS_MS, listener.over);
    expect(listener.codes).toEqual(['UNAVAILABLE']);
    await proxy.open();
    const again = new Listener(test.url, tenantId, { token: ROOT_KEY, after: '1' });
    await again.hears(1);
    again.leave();
  });

  it('ends with UNAVAILABLE where the database is an older one than before', async () => {
    await must(world.root.mutate('createDepartment', { tenantId, name: 'department' }, 'revision'));
    await listener.hears(1);
    // What the database itself refuses, but for a copy of earlier that takes its place.
    await test.gateway.database.dataSource.query('ALTER TABLE tenants DISABLE TRIGGER ALL');
    await test.gateway.database.dataSource.query('UPDATE tenants SET revision = revision - 1, structure_revision = 1 WHERE id = $1', [tenantId]);
    test.clock.advance(STALENESS_MS + 1);
    await elapseUntil(timers, STALENESS_MS, listener.over);
    expect(listener.codes).toEqual(['UNAVAILABLE']);
  });
});
