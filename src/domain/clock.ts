/** Where time comes from: milliseconds since the epoch. Injected, so that tests decide what time it is. */
export interface Clock {
  now(): number;
}

/** Calls back once after so many milliseconds, and returns how to call that off. Injected, so that tests let time pass. */
export type Timer = (milliseconds: number, onElapsed: () => void) => () => void;
