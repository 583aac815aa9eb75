import type { Log } from '../../src/storage/log.js';

const ignore = () => undefined;
export const SILENT: Log = { info: ignore, warn: ignore, error: ignore };

export interface RecordingLog extends Log {
  /** Level and message of every entry, in order. */
  readonly entries: readonly string[];
}

export function recordingLog(): RecordingLog {
  const entries: string[] = [];
  const record = (level: string) => (_facts: object, message: string) => {
    entries.push(`${level}: ${message}`);
  };
  return { entries, info: record('info'), warn: record('warn'), error: record('error') };
}
