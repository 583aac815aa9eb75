import { ChangePoll, type ChangeFollower } from '../../src/features/changes/change-poll.js';
import type { Interval } from '../../src/features/changes/changes.store.js';
import type { TenantChange } from '../../src/features/changes/tenant-change.js';
import type { Timer } from '../../src/domain/clock.js';
import { Gate } from '../support/gate.js';
import { TestClock } from '../support/gateway.js';
import { recordingLog } from '../support/logs.js';

const INTERVAL_MS = 250;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LOST = 'warn: The log of changes cannot be read; what is at hand grows old.';
const FOLLOWED = 'info: The log of changes is followed again.';

/** Lets a test say when the time is over. */
class HandTimer {
  private readonly waiting = new Set<() => void>();
  readonly asked: number[] = [];
  readonly timer: Timer = (milliseconds, onElapsed) => {
    this.asked.push(milliseconds);
    this.waiting.add(onElapsed);
    return () => void this.waiting.delete(onElapsed);
  };

  get running(): number {
    return this.waiting.size;
  }

  elapse(): void {
    const due = [...this.waiting];
    this.waiting.clear();
    for (const onElapsed of due) onElapsed();
  }
}

type Reading = Partial<Interval> | Error;

function polling(readings: readonly Reading[], pruned: readonly boolean[] = []) {
  const clock = new TestClock(0);
  const hand = new HandTimer();
  const log = recordingLog();
  const told: string[] = [];
  const asked: (string | null)[] = [];
  const prunings: number[] = [];
  const gates: Gate[] = [];
  const left = [...readings];
  const leftToPrune = [...pruned];
  let isHeld = false;
  const store = {
    async readSince(cursor: string | null): Promise<Interval> {
      asked.push(cursor);
      if (isHeld) {
        const gate = new Gate();
        gates.push(gate);
        await gate.passed;
      }
      const reading = left.shift() ?? {};
      if (reading instanceof Error) throw reading;
      return { cursor: '10:10:', database: 'this', tenantChanges: [], haveCallersChanged: false, ...reading };
    },
    async prune(hours: number): Promise<boolean> {
      prunings.push(hours);
      return leftToPrune.shift() ?? false;
    },
  };
  const follower: ChangeFollower = {
    tenantChanged: ({ tenantId, revision, touches }) => void told.push(`${tenantId} ${revision} ${String(touches)}`),
    callersChanged: () => void told.push('callers'),
    hasHeardAllUntil: (milliseconds) => void told.push(`all until ${milliseconds}`),
    beginsAnew: () => void told.push('anew'),
  };
  const poll = new ChangePoll(store, follower, { clock, timer: hand.timer, log, intervalMs: INTERVAL_MS });
  const hold = () => void (isHeld = true);
  const release = () => {
    isHeld = false;
    for (const gate of gates.splice(0)) gate.open();
  };
  /** What was told since it was asked last. */
  const news = () => told.splice(0);
  return { poll, clock, hand, log, news, asked, prunings, hold, release };
}

const change = (tenantId: string, revision: bigint, touches: TenantChange['touches'] = 'everybody'): TenantChange => ({ tenantId, revision, touches });

describe('the poll of the log of changes', () => {
  it('begins anew, and from then on tells what was read in its order, and last until when that is all', async () => {
    const { poll, clock, news, asked } = polling([
      { cursor: '10:12:11' },
      { cursor: '12:12:', tenantChanges: [change('acme', 7n, ['ada']), change('acme', 8n)], haveCallersChanged: true },
    ]);
    await poll.start();
    expect(news()).toEqual(['anew', 'all until 0']);
    clock.advance(30);
    await poll.readNow();
    expect(news()).toEqual(['acme 7 ada', 'acme 8 everybody', 'callers', 'all until 30']);
    expect(asked).toEqual([null, '10:12:11']);
  });

  it('has heard all until its reading began, however long that took', async () => {
    const { poll, clock, news, hold, release } = polling([]);
    hold();
    const started = poll.start();
    clock.advance(400);
    release();
    await started;
    expect(news()).toEqual(['anew', 'all until 0']);
  });

  it('reads again an interval after the reading before has ended', async () => {
    const { poll, clock, hand, news, hold, release } = polling([]);
    await poll.start();
    for (const at of [250, 500]) {
      hold();
      clock.advance(INTERVAL_MS);
      hand.elapse();
      expect([news().slice(-1), hand.running]).toEqual([[`all until ${at - INTERVAL_MS}`], 0]);
      release();
      await poll.readNow();
    }
    expect([news(), hand.running, hand.asked]).toEqual([['all until 500'], 1, [INTERVAL_MS, INTERVAL_MS, INTERVAL_MS]]);
  });

  it('confirms nothing by a reading that failed, tells later what that would have told, and logs each turn once', async () => {
    const broken = new Error('broken');
    const { poll, clock, news, asked, log } = polling([{ cursor: '5:5:' }, broken, broken, { cursor: '9:9:', tenantChanges: [change('acme', 2n)] }, {}]);
    await poll.start();
    expect(news()).toEqual(['anew', 'all until 0']);
    for (const entries of [[LOST], [LOST]]) {
      clock.advance(INTERVAL_MS);
      await poll.readNow();
      expect([news(), log.entries]).toEqual([[], entries]);
    }
    clock.advance(INTERVAL_MS);
    await poll.readNow();
    expect(news()).toEqual(['acme 2 everybody', 'all until 750']);
    await poll.readNow();
    expect(log.entries).toEqual([LOST, FOLLOWED]);
    expect(asked).toEqual([null, '5:5:', '5:5:', '5:5:', '9:9:']);
  });

  it('starts also where the first reading fails, and begins anew with the next', async () => {
    const { poll, hand, news } = polling([new Error('broken')]);
    await poll.start();
    expect([news(), hand.running]).toEqual([[], 1]);
    await poll.readNow();
    expect(news()).toEqual(['anew', 'all until 0']);
  });

  it.each<[string, Partial<Interval>]>([
    ['an earlier moment, as in a restored copy', { cursor: '90:99:' }],
    ['another database, however far that is', { cursor: '200:200:', database: 'another' }],
  ])('begins anew where it finds %s', async (_what, found) => {
    const { poll, news } = polling([{ cursor: '100:100:' }, { ...found, tenantChanges: [change('acme', 3n)] }, { ...found, cursor: '300:300:' }]);
    await poll.start();
    news();
    await poll.readNow();
    expect(news()).toEqual(['anew', 'acme 3 everybody', 'all until 0']);
    await poll.readNow();
    expect(news()).toEqual(['all until 0']);
  });

  it('does not begin anew where nothing has begun since', async () => {
    const { poll, news } = polling([{ cursor: '90:100:95' }, { cursor: '100:100:' }]);
    await poll.start();
    news();
    await poll.readNow();
    expect(news()).toEqual(['all until 0']);
  });

  it('begins anew after so long without a reading that what it missed may have been removed', async () => {
    const { poll, clock, news, asked } = polling([{}, new Error('away'), {}, {}]);
    await poll.start();
    news();
    clock.advance(12 * HOUR);
    await poll.readNow();
    clock.advance(12 * HOUR);
    await poll.readNow();
    expect(news()).toEqual(['anew', `all until ${24 * HOUR}`]);
    clock.advance(HOUR);
    await poll.readNow();
    expect(news()).toEqual([`all until ${25 * HOUR}`]);
    expect(asked).toEqual([null, '10:10:', null, '10:10:']);
  });

  it('reads once for all who ask while it reads', async () => {
    const { poll, asked, hold, release, hand } = polling([]);
    await poll.start();
    hold();
    const asking = [poll.readNow(), poll.readNow()];
    expect(hand.running).toBe(0);
    release();
    await Promise.all(asking);
    expect([asked.length, hand.running]).toEqual([2, 1]);
  });

  it('closes once the reading under way has ended, says nothing of its failure, and reads no more', async () => {
    const { poll, hand, log, asked, hold, release } = polling([{}, new Error('the database was closed')]);
    await poll.start();
    hold();
    hand.elapse();
    let isClosed = false;
    const closed = poll.close().then(() => (isClosed = true));
    await Promise.resolve();
    expect(isClosed).toBe(false);
    release();
    await closed;
    expect([log.entries, hand.running, asked.length]).toEqual([[], 0, 2]);
  });

  it('closes while it waits', async () => {
    const { poll, hand } = polling([]);
    await poll.start();
    await poll.close();
    expect(hand.running).toBe(0);
  });

  it('removes what is a day old once a minute, and at once again where there may be more', async () => {
    const { poll, clock, prunings } = polling([], [true, false]);
    const counts: number[] = [];
    for (const passed of [0, 1, 1, MINUTE - 2, 1]) {
      clock.advance(passed);
      await poll.readNow();
      counts.push(prunings.length);
    }
    expect([counts, prunings]).toEqual([[1, 2, 2, 2, 3], [24, 24, 24]]);
  });
});
