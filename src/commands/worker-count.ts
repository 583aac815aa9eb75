/** Words on the command line that cannot be used: the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MOST_WORKERS = 64;

/** What --workers asks for; one where it is left out. */
export function readWorkerCount(text: string | undefined): number {
  if (text === undefined) return 1;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_WORKERS) throw new UsageError(`--workers must be a whole number from 1 to ${MOST_WORKERS}.`);
  return count;
}
