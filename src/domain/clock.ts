/** Where time comes from: milliseconds since the epoch. Injected, so that tests decide what time it is. */
export interface Clock {
  now(): number;
}
