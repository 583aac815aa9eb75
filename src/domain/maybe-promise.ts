/** At once where all that it takes is at hand: an `await` costs more than a decision does. */
export type MaybePromise<T> = T | Promise<T>;

/** As `then`, at once where the value is. What is at hand is never itself something to wait for. */
export function whenKnown<T, U>(value: MaybePromise<T>, answer: (known: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(answer) : answer(value);
}
