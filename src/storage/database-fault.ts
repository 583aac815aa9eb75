import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { AppError, type ErrorCode, unavailable } from '../errors.js';
import { DatabaseUnreachable } from './database-refusal.js';

/** SQLSTATEs, or classes of them, that speak of the server rather than of the statement. */
const FAULT_STATES = [
  '08', // connection exceptions
  '53', // too many connections, out of memory, disk full
  '57P', // shutdown, crash, starting up
  '58', // system errors, such as of input and output
  '57014', // statement timeout
  '25P03', // idle in transaction for too long
  '25P04', // transaction timeout
];

const FAULT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH',
  'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN',
]);

/** pg gives these no code. */
const FAULT_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'Driver not Connected',
];

const SERIALIZATION_STATES: ReadonlySet<string> = new Set(['40001', '40P01']);
const LOCK_NOT_AVAILABLE = '55P03';
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
/** Text that PostgreSQL cannot hold: of all that JSON can say, U+0000. */
const UNTRANSLATABLE_CHARACTER = '22021';
const CHECK_VIOLATION = '23514';

/**
 * The rules that the database asks at COMMIT, of what several transactions made together: a service asks them earlier, and
 * answers more precisely, but for what raced past its check.
 */
const BROKEN_AT_COMMIT: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  tenants_keep_an_admin: ['LAST_ADMIN', 'A tenant would be left without an active admin: make another member an admin first.'],
  tenants_keep_an_owner: ['OWNER_REQUIRED', 'A tenant would be left without its owner: pass the ownership on first.'],
  platform_keeps_an_owner: ['LAST_ADMIN', 'The platform would be left without an account OWNER: give the account role to somebody else first.'],
};

/** The fields of pg's errors and of Node's that tell what happened. */
interface DriverFault {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly constraint?: unknown;
}

/** Whether the database, or the way to it, failed: nothing is known then about what was asked. */
export function isDatabaseFault(error: unknown): boolean {
  if (error instanceof DatabaseUnreachable || isSessionGone(error)) return true;
  const { code, syscall, message } = driverFault(error);
  // A unix socket that is not there, in contrast to any other file that is not.
  if (code === 'ENOENT') return syscall === 'connect';
  if (typeof code === 'string') return FAULT_CODES.has(code) || FAULT_STATES.some((state) => code.startsWith(state));
  return typeof message === 'string' && FAULT_MESSAGES.some((known) => message.startsWith(known));
}

/** Whether the transaction lost against another one, so that running it again from its start may well succeed. */
export function isSerializationFailure(error: unknown): boolean {
  const { code } = driverFault(error);
  return typeof code === 'string' && SERIALIZATION_STATES.has(code);
}

/**
 * What a caller may see of an error of the database: UNAVAILABLE for a fault, CONFLICT for a transaction that kept
 * losing against others, BAD_USER_INPUT for text that cannot be stored. Everything else comes back as it is.
 */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (isDatabaseFault(error)) return unavailable(error);
  if (isSerializationFailure(error) || driverFault(error).code === LOCK_NOT_AVAILABLE) {
    const details = { retryable: true };
    return new AppError('CONFLICT', 'Others are changing the same thing at this moment; try again.', { details, cause: error });
  }
  if (driverFault(error).code === UNTRANSLATABLE_CHARACTER) {
    return new AppError('BAD_USER_INPUT', 'A text has the character U+0000, which cannot be stored: leave it out.', { cause: error });
  }
  return brokenAtCommit(error) ?? error;
}

function brokenAtCommit(error: unknown): AppError | null {
  const { constraint } = driverFault(error);
  if (!isCheckViolation(error) || typeof constraint !== 'string') return null;
  const broken = Object.hasOwn(BROKEN_AT_COMMIT, constraint) ? BROKEN_AT_COMMIT[constraint] : undefined;
  return broken === undefined ? null : new AppError(...broken, { cause: error });
}

/** Whether a unique index or constraint, or the one named, refused the write. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(UNIQUE_VIOLATION, error, constraint);
}

/** Whether a foreign key, or the one named, refused the write. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return violates(FOREIGN_KEY_VIOLATION, error, constraint);
}

/** Whether a check, or the one named, refused the write; the triggers that guard rows raise the same. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return violates(CHECK_VIOLATION, error, constraint);
}

function violates(state: string, error: unknown, constraint: string | undefined): boolean {
  const fault = driverFault(error);
  return fault.code === state && (constraint === undefined || fault.constraint === constraint);
}

/** TypeORM's word for a query runner whose connection broke while it was in use. */
function isSessionGone(error: unknown): boolean {
  return error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
}

function driverFault(error: unknown): DriverFault {
  const thrown: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}
