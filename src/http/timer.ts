/** Calls back once after so many milliseconds, and returns how to call that off. Injected, so that tests let time pass. */
export type Timer = (milliseconds: number, onElapsed: () => void) => () => void;

export const systemTimer: Timer = (milliseconds, onElapsed) => {
  const timeout = setTimeout(onElapsed, milliseconds);
  return () => clearTimeout(timeout);
};

/** The promise's outcome, or rejects with `late()` once the time is over. What the promise does later is dropped, not stopped. */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number, timer: Timer, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer(milliseconds, () => reject(late()));
    promise.then(resolve, reject).finally(cancel);
  });
}
