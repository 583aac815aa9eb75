/** The database cannot be reached at present: trying again may mend it. The message is for the operator. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

/** The database cannot be used until somebody changes something: the message says what. Trying again is useless. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

/** The message of whatever was thrown, for a sentence to the operator. */
export function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}
