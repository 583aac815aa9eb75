import { AppError } from '../../src/errors.js';
import { asAppError } from '../../src/storage/database-fault.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { Gate } from '../support/gate.js';
import { type Stage, DONE, failing, makeStage, REQUEST } from './stage.js';

const STALE_MS = 60_000;

describe.each(DATABASE_KINDS)('a request under a key, on %s', (kind) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await makeStage(kind);
  });
  beforeEach(() => stage.empty());
  afterAll(() => stage.drop());

  const once = (carryOut = () => stage.changeAnd(DONE)) => stage.service.once(REQUEST, carryOut);
  const conflict = (more: object = {}) => expect.objectContaining({ code: 'CONFLICT', details: {}, ...more });
  const inProgress = () => conflict({ details: { retryable: true } });

  it('is answered, and not carried out again, where its answer was lost after its commit', async () => {
    stage.store.losing = true;
    expect(await once()).toEqual({ reply: DONE, repeated: false });
    expect(stage.log.entries).toContain('error: A claim of an idempotency key could not be kept; the request itself is done.');
    await expect(once()).rejects.toEqual(inProgress());
    stage.clock.advance(STALE_MS);
    await expect(once()).rejects.toEqual(conflict({ message: expect.stringMatching(/carried out, but its answer was lost/) }));
    expect(await stage.changes()).toBe(1);
  });

  it('is carried out again where whoever began it was gone before the commit, and then commits no more', async () => {
    const gate = new Gate();
    const begun = new Gate();
    const gone = once(async () => {
      begun.open();
      await gate.passed;
      return stage.changeAnd(DONE);
    });
    await begun.passed;
    stage.clock.advance(STALE_MS - 1);
    await expect(once()).rejects.toEqual(inProgress());
    stage.clock.advance(1);
    expect(await once()).toEqual({ reply: DONE, repeated: false });
    gate.open();
    await expect(gone).rejects.toEqual(inProgress());
    expect(await stage.changes()).toBe(1);
    expect(await once()).toEqual({ reply: DONE, repeated: true });
  });

  it('is not taken over by another request of the same key, however stale', async () => {
    const begun = new Gate();
    void once(() => {
      begun.open();
      return new Promise(() => undefined);
    });
    await begun.passed;
    stage.clock.advance(STALE_MS);
    const other = stage.service.once({ ...REQUEST, content: 'another' }, () => stage.changeAnd(DONE));
    await expect(other).rejects.toEqual(conflict({ message: expect.stringMatching(/stands for another request/) }));
  });

  it('is waited for three seconds while another attempt is at it', async () => {
    const begun = new Gate();
    void once(() => {
      begun.open();
      return new Promise(() => undefined);
    });
    await begun.passed;
    await expect(once()).rejects.toEqual(inProgress());
    expect(stage.paused.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBe(3000);
    expect(await stage.changes()).toBe(0);
  });

  it('is carried out again where its change was rolled back at the very end', async () => {
    stage.beforeCommit = () => Promise.reject(new AppError('UNAVAILABLE', 'The database is gone.'));
    await expect(once()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    stage.beforeCommit = async () => undefined;
    expect(await once()).toEqual({ reply: DONE, repeated: false });
    expect(await stage.changes()).toBe(1);
  });

  it.each([
    ['a fault', failing(503, { code: 'UNAVAILABLE' })],
    ['an error that was masked', failing(500, { code: 'INTERNAL' })],
    ['a limit on how often', failing(429, { code: 'RATE_LIMITED' })],
    ['a conflict with others that may pass', failing(409, { code: 'CONFLICT', retryable: true })],
  ])('is carried out again after %s', async (_failure, answer) => {
    expect(await once(async () => answer)).toEqual({ reply: answer, repeated: false });
    expect(await once()).toEqual({ reply: DONE, repeated: false });
  });

  it('is not carried out again after a fault that came upon its commit', async () => {
    await once(() => stage.changeAnd(failing(503, { code: 'UNAVAILABLE' })));
    stage.clock.advance(STALE_MS);
    await expect(once()).rejects.toEqual(conflict());
    expect(await stage.changes()).toBe(1);
  });

  it('is answered the same where part of it took effect and part failed', async () => {
    const partly = failing(200, { code: 'UNAVAILABLE' }, { first: 'done', second: null });
    await once(() => stage.changeAnd(partly));
    expect(await once()).toEqual({ reply: partly, repeated: true });
    expect(await stage.changes()).toBe(1);
  });

  it('is carried out once, and its answer given once, where the answer is too long to be kept', async () => {
    const long = { status: 200, body: JSON.stringify({ data: 'x'.repeat(1024 * 1024) }) };
    expect(await once(() => stage.changeAnd(long))).toEqual({ reply: long, repeated: false });
    stage.clock.advance(STALE_MS);
    await expect(once()).rejects.toEqual(conflict());
    expect(await stage.changes()).toBe(1);
  });

  it('has not taken effect by reading', async () => {
    const read = async () => {
      await stage.transactions.snapshot((tx) => tx.manager.query('SELECT 1'));
      return failing(503, { code: 'UNAVAILABLE' });
    };
    await once(read);
    expect(await once()).toEqual({ reply: DONE, repeated: false });
  });

  it('leaves alone what changes without a key', async () => {
    await once();
    await stage.change();
    expect(await stage.changes()).toBe(2);
  });

  it('is refused with what was altered in the database, rather than answered', async () => {
    await once();
    await stage.database.dataSource.query('UPDATE idempotency_keys SET status = 201');
    await expect(once()).rejects.toThrow('unable to authenticate data');
  });
});

it('is not taken over while its commit is under way', async () => {
  const stage = await makeStage('postgres');
  const [marked, commit] = [new Gate(), new Gate()];
  stage.beforeCommit = () => {
    marked.open();
    return commit.passed;
  };
  const first = stage.service.once(REQUEST, () => stage.changeAnd(DONE));
  await marked.passed;
  stage.clock.advance(STALE_MS);
  let carriedOutAgain = false;
  const second = stage.service.once(REQUEST, () => {
    carriedOutAgain = true;
    return stage.changeAnd(DONE);
  });
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await stage.database.dataSource.query<unknown[]>(waiting)).length === 0);
  commit.open();
  expect(await first).toEqual({ reply: DONE, repeated: false });
  await Promise.allSettled([second]);
  expect([carriedOutAgain, await stage.changes()]).toEqual([false, 1]);
  await stage.drop();
});

it.each([['lost a deadlock', '40P01'], ['waited for a lock in vain', '55P03']])('may be sent again under its key where its transaction %s', (_what, code) => {
  expect(asAppError(Object.assign(new Error('refused'), { code }))).toMatchObject({ code: 'CONFLICT', details: { retryable: true } });
});

it('is not carried out where the database cannot say whether it was before', async () => {
  const stage = await makeStage('postgres');
  await stage.drop();
  let carriedOut = false;
  const asked = stage.service.once(REQUEST, async () => {
    carriedOut = true;
    return DONE;
  });
  await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(carriedOut).toBe(false);
});
