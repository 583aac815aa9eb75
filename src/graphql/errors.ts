import { randomUUID } from 'node:crypto';
import type { ValidationError } from 'class-validator';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { ArgumentValidationError } from 'type-graphql';
import { AppError, ERROR_STATUS, badInput } from '../errors.js';
import type { ErrorCode } from '../errors.js';

/** What a client may know of an error: made anew for each one, so that no request ever alters another's. */
export interface PublicError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** Longest message of GraphQL's own errors, in UTF-16 units: they repeat the input, once for each error. */
const MAX_MESSAGE_LENGTH = 500;
const MAX_ORIGINS = 10;

/** What graphql-js says where it stops by itself, and what we say instead. */
const GRAPHQL_STOPS: readonly (readonly [RegExp, string])[] = [
  [
    /^Syntax Error: Document contains more tha[nt] (\d+) tokens/,
    'The document has more than $1 tokens, the limit. Ask for less at once.',
  ],
  [
    /^Syntax Error: Source contains more than (\d+) /,
    'The document is longer than $1 characters, the limit. Send values as variables.',
  ],
  [/^Syntax Error: Document contains more than (\d+) comments/, 'The document has more than $1 comments, the limit.'],
  [/^Validation aborted\./, 'The document selects too many fields side by side to be checked. Ask for less at once.'],
];

/** The HTTP status of a code of ours; null for the codes that GraphQL servers use for documents. */
export function statusOf(code: unknown): number | null {
  return typeof code === 'string' && Object.hasOwn(ERROR_STATUS, code) ? ERROR_STATUS[code as ErrorCode] : null;
}

/**
 * The public face of anything that was thrown. An AppError speaks for itself; anything else is masked, and logged with its
 * cause under an id that the client sees too.
 */
export function publicErrorOf(error: unknown, log: Logger): PublicError {
  if (!(error instanceof AppError)) return masked(error, log);
  return { message: error.message, extensions: { ...error.details, ...noted(error, log), ...fieldOf(error), code: error.code } };
}

/** Knows faults by their own kinds, such as those of a database driver, and says what they are to a client. */
export type Translate = (error: unknown) => unknown;

/** Apollo's `formatError`: the one place where errors of execution and of documents become what a client sees. */
export function errorFormatter(log: Logger, translate: Translate): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const origin = translate(originOf(error));
    const { locations, path } = formatted;
    return {
      ...(locations === undefined ? {} : { locations }),
      ...(path === undefined ? {} : { path }),
      ...(ownError(origin, formatted) ?? publicErrorOf(origin, log)),
    };
  };
}

/** Beneath the wrappers of GraphQL and Apollo, what was thrown first. */
function originOf(error: unknown): unknown {
  let origin = error;
  for (let i = 0; i < MAX_ORIGINS && origin instanceof GraphQLError && origin.originalError !== undefined; i++) {
    origin = origin.originalError;
  }
  return origin;
}

/** The error where GraphQL itself is speaking, about the document or its input; null where somebody else threw. */
function ownError(origin: unknown, formatted: GraphQLFormattedError): PublicError | null {
  if (!(origin instanceof GraphQLError)) return null;
  if (origin instanceof ArgumentValidationError) return invalidArgument(origin);
  if (formatted.path === undefined) return documentError(formatted);
  return argumentError(origin);
}

function documentError({ message, extensions }: GraphQLFormattedError): PublicError {
  for (const [pattern, sentence] of GRAPHQL_STOPS) {
    const found = pattern.exec(message);
    if (found !== null) return { message: sentence.replace('$1', found[1] ?? ''), extensions: { code: 'LIMIT_EXCEEDED' } };
  }
  const code = extensions?.['code'];
  const known = typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' ? code : 'BAD_USER_INPUT';
  return { message: tidy(message), extensions: { ...(known === 'BAD_USER_INPUT' ? variableOf(message) : {}), code: known } };
}

/**
 * graphql-js refuses arguments as late as execution where a variable left them empty. It names the argument's place in the
 * document; an error that a resolver threw has no such place, and is not believed to be public.
 */
function argumentError(origin: GraphQLError): PublicError | null {
  const named = /^Argument "([A-Za-z0-9_]+)" /.exec(origin.message);
  if (named === null || origin.nodes === undefined) return null;
  return { message: tidy(origin.message), extensions: { code: 'BAD_USER_INPUT', field: named[1] } };
}

/** type-graphql's error carries the whole input, secrets too: only the name of the field and the rule's sentence leave. */
function invalidArgument(error: ArgumentValidationError): PublicError {
  const path: string[] = [];
  let failed = (error.extensions['validationErrors'] as readonly ValidationError[] | undefined)?.[0];
  let sentence = 'The value is not allowed here.';
  while (failed !== undefined) {
    path.push(failed.property);
    sentence = Object.values(failed.constraints ?? {})[0] ?? sentence;
    failed = failed.children?.[0];
  }
  const { code, field, message } = badInput(path.join('.'), sentence);
  return { message: tidy(message), extensions: { code, field } };
}

/** `input.surface` out of `Variable "$input" got invalid value … at "input.surface"; …`. */
function variableOf(message: string): { readonly field?: string } {
  const name = /^Variable "\$([A-Za-z0-9_]+)"/.exec(message)?.[1];
  if (name === undefined) return {};
  const start = message.lastIndexOf(` at "${name}`);
  const place = start === -1 ? name : message.slice(start + 5, message.indexOf('"', start + 5));
  return { field: place.length > MAX_MESSAGE_LENGTH ? name : place };
}

/** Cuts suggestions and length. By position, not by pattern: the text may be long and is of the client's making. */
function tidy(message: string): string {
  const suggestion = message.endsWith('?') ? message.lastIndexOf(' Did you mean ') : -1;
  const text = suggestion === -1 ? message : message.slice(0, suggestion);
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}

function masked(error: unknown, log: Logger): PublicError {
  const errorId = randomUUID();
  log.error({ errorId, err: error }, 'an unexpected error was masked');
  return { message: `Something went wrong; quote this id to support: ${errorId}`, extensions: { errorId, code: 'INTERNAL' } };
}

/** Faults are logged under an id that the client sees; of refusals, those that have a cause. */
function noted(error: AppError, log: Logger): { readonly errorId?: string } {
  if (ERROR_STATUS[error.code] < 500) {
    if (error.cause !== undefined) log.info({ code: error.code, err: error.cause }, 'a request was refused');
    return {};
  }
  const errorId = randomUUID();
  log[error.cause === undefined ? 'warn' : 'error']({ errorId, code: error.code, err: error }, 'a request failed');
  return { errorId };
}

function fieldOf(error: AppError): { readonly field?: string } {
  return error.field === undefined ? {} : { field: error.field };
}
