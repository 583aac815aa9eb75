import { actorOf, type Principal } from '../access/principal.js';
import { IDENTIFIER_RULE, isIdentifier } from '../domain/identifier.js';
import { badInput } from '../errors.js';
import { ANONYMOUS_ACTOR, type Answered, type IdempotencyService } from '../features/idempotency/idempotency.service.js';
import { asksForMutation } from '../graphql/asked-operation.js';
import type { RequestParameters } from '../graphql/request-parameters.js';
import type { Reply } from './answer.js';
import { valuesOf } from './raw-headers.js';

/** A request whose caller is known and whose parameters were read. */
export interface ReadRequest {
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly principal: Principal | null;
  readonly parameters: RequestParameters;
}

type Execute = () => Promise<Reply>;

const KEY_HEADER = 'idempotency-key';
const MAX_LEVELS = 64;

/**
 * Executes the request, or answers as it was answered before: a mutation with an Idempotency-Key is carried out once. Throws
 * BAD_USER_INPUT where the key cannot be used, CONFLICT as `IdempotencyService.once` does.
 */
export async function answerRepeatably(idempotency: IdempotencyService, request: ReadRequest, execute: Execute): Promise<Reply> {
  const { rawHeaders, principal, parameters } = request;
  const keys = valuesOf(KEY_HEADER, rawHeaders);
  if (keys.length === 0 || !asksForMutation(parameters)) return execute();
  const { query, operationName, variables } = parameters;
  if (isDeeper(variables, MAX_LEVELS)) throw badInput('variables', `The variables have more than ${MAX_LEVELS} levels, the limit.`);
  const repeatable = {
    actor: principal === null ? ANONYMOUS_ACTOR : actorOf(principal),
    key: requireKey(keys),
    content: [query, operationName, variables],
  };
  return replyOf(await idempotency.once(repeatable, execute));
}

function requireKey([key = '', ...others]: readonly string[]): string {
  if (others.length === 0 && isIdentifier(key)) return key;
  throw badInput('Idempotency-Key', `Send one Idempotency-Key, of ${IDENTIFIER_RULE}.`);
}

/** The first answer and its repeats are made alike, but for the header by which a client can tell them apart. */
function replyOf({ reply: { status, body }, repeated }: Answered): Reply {
  const headers: Reply['headers'][number][] = [];
  if (status === 401) headers.push(['www-authenticate', 'Bearer']);
  if (repeated) headers.push(['idempotent-replayed', 'true']);
  return { status, headers, body };
}

/** Such variables are of no use to any field here, and comparing them by recursion would not end well. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}
