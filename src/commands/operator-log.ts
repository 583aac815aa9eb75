import { type Logger, pino } from 'pino';
import type { Config } from '../config.js';

/** JSON lines on standard error, written before anything else happens: the last words of a process count most. */
export function operatorLog({ logLevel: level }: Config): Logger {
  return pino({ level }, pino.destination({ fd: 2, sync: true }));
}
