import type { Timer } from '../domain/clock.js';

export const systemTimer: Timer = (milliseconds, onElapsed) => {
  const timeout = setTimeout(onElapsed, milliseconds);
  return () => clearTimeout(timeout);
};

/** The promise's outcome, or rejects with `late()` once the time is over. What the promise does later is dropped, not stopped. */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number, timer: Timer, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer(milliseconds, () => reject(late()));
    promise.then(
      (outcome) => {
        cancel();
        resolve(outcome);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
