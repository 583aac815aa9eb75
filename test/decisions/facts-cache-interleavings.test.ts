import * as fc from 'fast-check';
import { FactsCache } from '../../src/features/decisions/facts-cache.js';
import { ReadingWatch } from '../../src/features/decisions/reading-watch.js';
import { TenantAtHand } from '../../src/features/decisions/tenant-at-hand.js';
import { MEMBERS, STRANGER, TENANTS } from './facts-history.js';
import { BOUND_MS, type Event, FactsNode } from './facts-node.js';

const tenantId = fc.constantFrom(...TENANTS);
const touches = fc.oneof(
  fc.constant('everybody' as const),
  { arbitrary: fc.uniqueArray(fc.constantFrom(...MEMBERS), { maxLength: 2 }), weight: 2 },
);
const pairs = fc.uniqueArray(fc.record({ tenantId, userId: fc.constantFrom(...MEMBERS, STRANGER) }), {
  minLength: 1,
  maxLength: 3,
  selector: (pair) => `${pair.tenantId} ${pair.userId}`,
});

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), pairs, full: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('commit' as const), tenantId, touches, heard: fc.constantFrom('never', 'once', 'twice') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poll' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('account changes' as const), heard: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.constantFrom(1, BOUND_MS / 2, BOUND_MS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), tenantId }) },
);

/** Room for everything; room for one tenant, so that the other is put out. */
const maxBytes = fc.constantFrom(1_000_000, 5_600);

let found = 0;
const neverTellsWhatIsNotSo = fc.asyncProperty(fc.scheduler(), maxBytes, fc.array(event, { minLength: 3, maxLength: 24 }), async (scheduler, bytes, events) => {
  const node = new FactsNode(scheduler, bytes);
  await node.live(events);
  found += node.found;
  if (node.faults.length > 0) throw new Error(node.faults.join('\n'));
});

const RUNS = Number(process.env['FRESHNESS_SCHEDULES'] ?? 1_000);
/** A fault is found after 50 to 1,600 schedules on average, so that whoever tries this many and finds none has not been unlucky. */
const RUNS_TO_FIND = 40_000;
const TIMEOUT = 180_000 + RUNS * 40;

describe('whatever is read, heard, polled, put out or restored in whatever order,', () => {
  it('facts at hand hold at the revision that they claim, at a moment within the bound, and never go back', async () => {
    found = 0;
    await fc.assert(neverTellsWhatIsNotSo, { numRuns: RUNS });
    // Otherwise nothing was ever at hand, and nothing was proved.
    expect(found).toBeGreaterThan(RUNS * 10);
  }, TIMEOUT);
});

type Unguard = () => () => void;

/** Takes one method's place for as long as a test lasts. */
function replace<T extends object, K extends keyof T>(prototype: T, name: K, method: T[K]): () => void {
  const original = prototype[name];
  prototype[name] = method;
  return () => {
    prototype[name] = original;
  };
}

const GUARDS: readonly (readonly [string, Unguard])[] = [
  ['is published over something newer that was heard of meanwhile', () => replace(ReadingWatch.prototype, 'isCurrent', () => true)],
  [
    'is published though everything began anew meanwhile',
    () =>
      replace(FactsCache.prototype, 'beginsAnew', function (this: FactsCache) {
        this['heardUntil'] = Number.NEGATIVE_INFINITY;
        this['tenants'].clear();
        this['tenantsByUse'].clear();
        this['membersByUse'].clear();
      }),
  ],
  [
    'is taken to hold after a step that nobody heard of',
    () =>
      replace(TenantAtHand.prototype, 'note', function (this: TenantAtHand, revision, touched) {
        if (revision <= this.revision) return;
        this.revision = revision;
        if (touched === 'everybody') this['touchEverybody']();
        else for (const userId of touched) this['touchedAt'].set(userId, revision);
      }),
  ],
  ['about a stranger is kept though accounts changed', () => replace(FactsCache.prototype, 'callersChanged', () => undefined)],
  [
    'is believed for ever',
    () =>
      replace(FactsCache.prototype, 'hasHeardAllUntil', function (this: FactsCache) {
        this['heardUntil'] = Number.POSITIVE_INFINITY;
      }),
  ],
];

describe('fast-check finds the fault where a reading', () => {
  it.each(GUARDS)('%s', async (_guard, unguard) => {
    const restore = unguard();
    try {
      const { failed } = await fc.check(neverTellsWhatIsNotSo, { numRuns: RUNS_TO_FIND, endOnFailure: true });
      expect(failed).toBe(true);
    } finally {
      restore();
    }
  }, TIMEOUT);
});
