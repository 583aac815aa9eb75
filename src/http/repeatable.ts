import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { actorOf, type Principal } from '../access/principal.js';
import { IDENTIFIER_RULE, isIdentifier } from '../domain/identifier.js';
import { badInput } from '../errors.js';
import { ANONYMOUS_ACTOR, type Answered, type IdempotencyService } from '../features/idempotency/idempotency.service.js';
import { asksForMutation, type AskedOperation } from '../graphql/asked-operation.js';
import { valuesOf } from './raw-headers.js';

/** A request whose caller is known and whose body was read. */
export interface ReadRequest {
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly principal: Principal | null;
  readonly body: AskedOperation;
}

type Execute = () => Promise<HTTPGraphQLResponse>;

const KEY_HEADER = 'idempotency-key';
const MAX_LEVELS = 64;

/**
 * Executes the request, or answers as it was answered before: a mutation with an Idempotency-Key is carried out once. Throws
 * BAD_USER_INPUT where the key cannot be used, CONFLICT as `IdempotencyService.once` does.
 */
export async function answerRepeatably(idempotency: IdempotencyService, request: ReadRequest, execute: Execute): Promise<HTTPGraphQLResponse> {
  const { rawHeaders, principal, body } = request;
  const keys = valuesOf(KEY_HEADER, rawHeaders);
  if (keys.length === 0 || !asksForMutation(body)) return execute();
  const { query, operationName = null, variables = null } = body;
  if (isDeeper(variables, MAX_LEVELS)) throw badInput('variables', `The variables have more than ${MAX_LEVELS} levels, the limit.`);
  const repeatable = {
    actor: principal === null ? ANONYMOUS_ACTOR : actorOf(principal),
    key: requireKey(keys),
    content: [query, operationName, variables],
  };
  return responseOf(await idempotency.once(repeatable, async () => {
    const { status = 200, body: answer } = await execute();
    // Apollo answers in parts only where @defer is on, which it is not.
    return { status, body: answer.kind === 'complete' ? answer.string : '' };
  }));
}

function requireKey([key = '', ...others]: readonly string[]): string {
  if (others.length === 0 && isIdentifier(key)) return key;
  throw badInput('Idempotency-Key', `Send one Idempotency-Key, of ${IDENTIFIER_RULE}.`);
}

/** The first answer and its repeats are made alike, but for the header by which a client can tell them apart. */
function responseOf({ reply, repeated }: Answered): HTTPGraphQLResponse {
  const headers = new HeaderMap();
  if (reply.status === 401) headers.set('www-authenticate', 'Bearer');
  if (repeated) headers.set('idempotent-replayed', 'true');
  return { status: reply.status, headers, body: { kind: 'complete', string: reply.body } };
}

/** Such variables are of no use to any field here, and comparing them by recursion would not end well. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}
