import { AppError } from '../errors.js';

/**
 * The one sentence for every credential that does not count: forged, expired, revoked, unknown, of a disabled user. Which of
 * them it was is in the cause, for the log: told to the caller it would be an oracle.
 */
export function refused(cause?: unknown): AppError {
  return new AppError('UNAUTHENTICATED', 'This token or API key does not count, or no longer: sign in again, or use another key.', {
    cause,
  });
}
