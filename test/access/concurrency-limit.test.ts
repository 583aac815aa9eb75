import { ConcurrencyLimit } from '../../src/access/concurrency-limit.js';

/** A task that ends when told, and says whether it was started. */
class TestTask {
  started = false;
  resolve!: (value: string) => void;
  reject!: (error: Error) => void;
  private readonly outcome = new Promise<string>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  readonly run = (): Promise<string> => {
    this.started = true;
    return this.outcome;
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('starts no more tasks than it may, and the next as soon as one ends', async () => {
  const limit = new ConcurrencyLimit(2, 10);
  const tasks = [new TestTask(), new TestTask(), new TestTask(), new TestTask()];
  const outcomes = tasks.map(({ run }) => limit.run(run));
  await settle();
  expect(tasks.map(({ started }) => started)).toEqual([true, true, false, false]);
  tasks[1]!.resolve('second');
  await settle();
  expect(tasks.map(({ started }) => started)).toEqual([true, true, true, false]);
  const newcomer = new TestTask();
  tasks.push(newcomer);
  outcomes.push(limit.run(newcomer.run));
  await settle();
  expect(newcomer.started).toBe(false);
  for (const { resolve } of tasks) resolve('done');
  expect(await Promise.all(outcomes)).toEqual(['done', 'second', 'done', 'done', 'done']);
});

it('gives a place free when a task fails', async () => {
  const limit = new ConcurrencyLimit(1, 10);
  const [failing, next] = [new TestTask(), new TestTask()];
  const failed = limit.run(failing.run);
  const done = limit.run(next.run);
  failing.reject(new Error('broken'));
  await expect(failed).rejects.toThrow('broken');
  next.resolve('done');
  expect(await done).toBe('done');
});

it('refuses whom it cannot let wait, without running them, and lets the next in once there is room', async () => {
  const limit = new ConcurrencyLimit(1, 1);
  const [running, waiting, refused] = [new TestTask(), new TestTask(), new TestTask()];
  const outcomes = [limit.run(running.run), limit.run(waiting.run)];
  await expect(limit.run(refused.run)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(refused.started).toBe(false);
  running.resolve('first');
  waiting.resolve('second');
  expect(await Promise.all(outcomes)).toEqual(['first', 'second']);
  expect(await limit.run(async () => 'third')).toBe('third');
});
