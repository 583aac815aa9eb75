import { readFileSync } from 'node:fs';

/** Linux counts it in hundredths of a second. */
const TICKS_PER_SECOND = 100;
/** Of the numbers in the first line of /proc/stat, behind its name: `man 5 proc`. */
const STEAL = 8;

/** For how long, in seconds and in all, the host of a virtual machine has run something else on its cores; null where the system does not tell. */
export function stolenSeconds(): number | null {
  try {
    const ticks = Number(readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/)[STEAL]);
    return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
  } catch {
    return null;
  }
}
