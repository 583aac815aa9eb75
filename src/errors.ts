/**
 * The closed list of codes that a client can meet in `extensions.code`, besides those that GraphQL servers use for
 * documents (GRAPHQL_PARSE_FAILED and its like). The HTTP status is what a request gets that failed as a whole.
 */
export const ERROR_STATUS = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  FEATURE_NOT_AVAILABLE: 403,
  SYSTEM_ROLE_IMMUTABLE: 409,
  GLOBAL_PERMISSION: 403,
  ESCALATION: 403,
  LAST_ADMIN: 409,
  OWNER_REQUIRED: 409,
  LIMIT_EXCEEDED: 400,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface AppErrorOptions {
  /** The argument or input field that the error is about, for BAD_USER_INPUT. */
  readonly field?: string;
  /** Further public facts for `extensions`, such as the permissions that an ESCALATION lacks. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What really happened: for the log, never for the client. */
  readonly cause?: unknown;
}

/** The one error that Gatehouse raises on purpose: its message is public and says what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.field = options.field;
    this.details = options.details ?? {};
  }
}

/** A refusal of input, naming the field at fault. */
export function badInput(field: string, publicMessage: string): AppError {
  return new AppError('BAD_USER_INPUT', publicMessage, { field });
}

/** One sentence for absent, foreign and forbidden, so that a refusal tells nothing. */
export function forbidden(): AppError {
  return new AppError('FORBIDDEN', 'You may not do this, or what you name does not exist.');
}

export function unauthenticated(publicMessage = 'Sign in, or send an API key as a Bearer token.'): AppError {
  return new AppError('UNAUTHENTICATED', publicMessage);
}

/** Facts could not be had: an error and never a decision. */
export function unavailable(cause: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The gateway cannot reach its database; try again shortly.', { cause });
}
