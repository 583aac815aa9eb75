import { DatabaseRefused, DatabaseUnreachable } from '../../src/storage/database-refusal.js';
import { waitForDatabase } from '../../src/storage/wait-for-database.js';
import { recordingLog, SILENT } from '../support/logs.js';

/** Fails with each of the errors in turn, then succeeds. */
function failing(...errors: readonly Error[]) {
  let attempts = 0;
  return () => {
    const error = errors[attempts];
    attempts += 1;
    return error === undefined ? Promise.resolve(attempts) : Promise.reject(error);
  };
}

const down = new DatabaseUnreachable('connection refused');

describe('waiting for the database', () => {
  it('tries until the database answers, and says so at each attempt', async () => {
    const log = recordingLog();
    expect(await waitForDatabase(failing(down, down, down), { log, delayMs: () => 0 })).toBe(4);
    expect(log.entries).toEqual(Array.from({ length: 3 }, () => 'warn: Waiting for the database.'));
  });

  it.each([
    ['a refusal', new DatabaseRefused('wrong password')],
    ['a bug', new TypeError('x is not a function')],
  ])('ends at once at %s', async (_case, error) => {
    await expect(waitForDatabase(failing(down, error, down), { log: SILENT, delayMs: () => 0 })).rejects.toBe(error);
  });

  it('ends when told to, also in the middle of a pause', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const delayMs = () => {
      setImmediate(() => stop.abort(reason));
      return 3_600_000;
    };
    await expect(waitForDatabase(() => Promise.reject(down), { log: SILENT, signal: stop.signal, delayMs })).rejects.toBe(reason);
  });

  it('does not begin where it was told to end before', async () => {
    await expect(waitForDatabase(failing(), { log: SILENT, signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
  });
});
