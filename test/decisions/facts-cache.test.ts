import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FactsCache } from '../../src/features/decisions/facts-cache.js';
import type { LoadedMember } from '../../src/features/decisions/facts-loader.js';
import { sizeOfFrame, sizeOfMember } from '../../src/features/decisions/facts-size.js';
import { TestClock } from '../support/gateway.js';
import { FactsHistory, MEMBERS, STRANGER } from './facts-history.js';

const BOUND_MS = 100;
const TENANT = 'acme';
const [ADA, BOB, CY] = MEMBERS;

function cached({ maxBytes = 1_000_000 } = {}) {
  const clock = new TestClock(0);
  const history = new FactsHistory(() => clock.now());
  const departments = new Map<string, ReadonlySet<string>>();
  const read = (tenantId: string, userId: string): LoadedMember => {
    const { reading, frame } = history.readWithFrame({ tenantId, userId });
    return { reading, frame: { ...frame!, departments: departments.get(tenantId) ?? new Set() } };
  };
  const load = async (pairs: readonly { tenantId: string; userId: string }[]) => pairs.map(({ tenantId, userId }) => read(tenantId, userId));
  const cache = new FactsCache({ load }, { clock, stalenessMs: BOUND_MS, maxBytes });
  const atHand = (...userIds: string[]) => userIds.filter((userId) => cache.peek(TENANT, userId) !== undefined);
  const loadAll = (...userIds: string[]) => Promise.all(userIds.map((userId) => cache.load(TENANT, userId)));
  return { clock, history, cache, departments, atHand, loadAll };
}

/** In a turn of its own: until then, what a WeakRef was made of is kept. */
async function collectGarbage(): Promise<void> {
  await setImmediate();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('facts at hand', () => {
  it('about others stay where a change touches somebody, at the revision of the change', async () => {
    const { history, cache, atHand, loadAll } = cached();
    await loadAll(...MEMBERS);
    const { revision } = history.commit(TENANT, [ADA]);
    cache.tenantChanged({ tenantId: TENANT, revision, touches: [ADA] });
    expect(atHand(...MEMBERS)).toEqual([BOB, CY]);
    expect(cache.peek(TENANT, BOB, revision)!.revision).toBe(revision);
    cache.tenantChanged(history.commit(TENANT, []));
    expect(atHand(...MEMBERS)).toEqual([BOB, CY]);
  });

  it('are given up for all where a change touches everybody, or more people than are remembered', async () => {
    const many = Array.from({ length: 65 }, (_, i) => `user-${i}`);
    for (const touches of ['everybody', many] as const) {
      const { history, cache, atHand, loadAll } = cached();
      await loadAll(...MEMBERS);
      cache.tenantChanged(history.commit(TENANT, touches));
      expect(atHand(...MEMBERS)).toEqual([]);
    }
  });

  it('about members are confirmed by a reading of somebody else, and about an account without a membership by the log alone', async () => {
    const { clock, cache, atHand, loadAll } = cached();
    await loadAll(ADA, STRANGER);
    clock.advance(BOUND_MS + 1);
    expect(atHand(ADA, STRANGER)).toEqual([]);
    await loadAll(BOB);
    expect(atHand(ADA, BOB, STRANGER)).toEqual([ADA, BOB]);
    cache.hasHeardAllUntil(clock.now());
    expect(atHand(ADA, BOB, STRANGER)).toEqual([ADA, BOB, STRANGER]);
  });

  it('of a former frame are let go of with the first reading of the next one, also those of whom nobody asks again', async () => {
    const { history, cache, loadAll } = cached();
    await loadAll(ADA, BOB);
    const former = new WeakRef(cache.frameAtHand(TENANT)!);
    history.commit(TENANT, 'everybody');
    await loadAll(ADA);
    await collectGarbage();
    expect(former.deref()).toBeUndefined();
  });

  it('are put out where room runs out, and first those that were used longest ago', async () => {
    // Room for the tenant, and for eight of its members, who have three quarters of all.
    const { atHand, loadAll } = cached({ maxBytes: Math.ceil((8 * sizeOfMember('user-0', null)) / 0.75) });
    const users = Array.from({ length: 9 }, (_, i) => `user-${i}`);
    await loadAll(...users.slice(0, 8));
    expect(atHand(users[0]!)).toEqual([users[0]]);
    await loadAll(users[8]!);
    expect(atHand(...users)).toEqual(users.filter((_user, i) => i !== 1));
  });

  it('are put out also where it is a tenant that grew that takes the room', async () => {
    const { history, cache, departments } = cached({ maxBytes: 40_000 });
    await cache.load('globex', ADA);
    await cache.load(TENANT, ADA);
    departments.set(TENANT, new Set(Array.from({ length: 105 }, (_, i) => `department-${i}`)));
    history.commit(TENANT, 'everybody');
    const { frame } = await cache.load(TENANT, ADA);
    expect(sizeOfFrame(frame!)).toBeGreaterThan(9_000);
    expect([cache.peek('globex', ADA), cache.peek(TENANT, ADA)?.revision]).toEqual([undefined, 2n]);
  });
});
