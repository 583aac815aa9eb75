import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnreachable } from './database-refusal.js';
import type { Log } from './log.js';

export interface WaitOptions {
  readonly log: Log;
  /** Ends the waiting: the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the attempt after the one numbered from 1. */
  readonly delayMs?: (attempt: number) => number;
}

const LONGEST_DELAY_MS = 10_000;

/**
 * Calls `open` until it succeeds, with growing pauses, for as long as it throws DatabaseUnreachable; says so at every
 * attempt, which the pauses keep from flooding the log. Any other error is thrown at once: waiting would not mend it.
 */
export async function waitForDatabase<T>(open: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { log, signal, delayMs = backOff } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof DatabaseUnreachable)) throw error;
      log.warn({ attempt, cause: error.message }, 'Waiting for the database.');
    }
    await pause(delayMs(attempt), signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Doubles from half a second; half of each pause is random, so that nodes do not all come at once. */
function backOff(attempt: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, 500 * 2 ** (attempt - 1));
  return delay / 2 + (Math.random() * delay) / 2;
}
