import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { AppError } from '../errors.js';
import type { IdempotencyService } from '../features/idempotency/idempotency.service.js';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import type { GraphqlServer } from '../graphql/apollo.js';
import { type ExecutedRequest, executeByApollo } from '../graphql/apollo-execution.js';
import type { RequestContext } from '../graphql/context.js';
import { publicErrorOf, statusOf } from '../graphql/errors.js';
import { type RequestParameters, requestParametersOf } from '../graphql/request-parameters.js';
import { GRAPHQL_RESPONSE, failureStatus } from '../graphql/response-status.js';
import { NOT_ACCEPTABLE } from '../graphql/subscription-requests.js';
import { JSON_TYPE, type Reply, errorBody, prepare, sendText, startText } from './answer.js';
import { type EventStreams, acceptsEventStream } from './event-streams.js';
import { answerRepeatably } from './repeatable.js';
import { HttpRefusal, RequestAborted, readJsonObject } from './request-body.js';
import { withDeadline } from './timer.js';
import type { Turn } from './turn.js';
import type { WholeAnswers, WholeResponse } from './whole-answers.js';
import type { Timer } from '../domain/clock.js';

/** All that decides who is calling. Names and values of headers by turns, so that a header sent twice stays visible. */
export interface IncomingCall {
  readonly rawHeaders: readonly string[];
  readonly address: string | null;
  readonly requestId: string;
}

/** At once where all is at hand. */
export type ContextOf = (call: IncomingCall) => MaybePromise<RequestContext>;

export interface GraphqlEndpointParts {
  /** Null until the gateway is ready. */
  readonly graphql: () => GraphqlServer | null;
  /** Says who is calling; an AppError refuses the request. */
  readonly contextOf: ContextOf;
  readonly idempotency: () => IdempotencyService | null;
  readonly eventStreams: EventStreams;
  readonly maxBodyBytes: number;
  /** From the complete request to its answer. */
  readonly answerMs: number;
  /** How long the rest of a refused body is read, so that its sender gets to read the answer. */
  readonly lingerMs: number;
  readonly timer: Timer;
  readonly turn: Turn;
  readonly answers: WholeAnswers;
  readonly log: Logger;
}

type MediaType = 'application/json' | typeof GRAPHQL_RESPONSE;

/** /graphql: what HTTP demands is settled here; Apollo gets the parameters of a request, and gives its result. */
export class GraphqlEndpoint {
  readonly #parts: GraphqlEndpointParts;

  constructor(parts: GraphqlEndpointParts) {
    this.#parts = parts;
  }

  /** Answers the request. Never rejects for what a client sent. */
  async handle(request: IncomingMessage, response: WholeResponse, requestId: string): Promise<void> {
    if (request.method === 'OPTIONS') {
      prepare(response, requestId);
      response.writeHead(204, { allow: 'POST, OPTIONS' }).end();
      return;
    }
    const mediaType = acceptedType(request.headers.accept);
    try {
      const asksForStream = mediaType === null && request.method === 'POST' && acceptsEventStream(request.headers.accept);
      if (asksForStream) return await this.#parts.eventStreams.answer(request, response, requestId);
      const asked = this.#requireAnswerable(request, response, mediaType);
      const read = readJsonObject(request, response, this.#parts.maxBodyBytes);
      const body = read instanceof Promise ? await read : read;
      const outcome = this.#execute(asked, request, requestId, body);
      // What is answered at once needs no deadline, and whatever is awaited costs a turn.
      const reply = outcome instanceof Promise ? await this.#withDeadline(outcome) : outcome;
      this.#parts.turn.onAnswer(() => this.#parts.answers.send(response, requestId, reply, answerType(mediaType)));
    } catch (error) {
      if (error instanceof RequestAborted) return;
      prepare(response, requestId);
      this.#refuse(request, response, error, mediaType);
    }
  }

  /** Throws where no body could make the request one that is answered. */
  #requireAnswerable(request: IncomingMessage, response: ServerResponse, mediaType: MediaType | null): Answerable {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST, OPTIONS');
      throw refusal(405, 'Send GraphQL requests by POST.');
    }
    if (mediaType === null) throw refusal(406, `Accept application/json or ${GRAPHQL_RESPONSE}, and for subscriptions text/event-stream.`);
    const server = this.#parts.graphql();
    if (server === null) throw new AppError('UNAVAILABLE', 'The gateway is still starting; try again shortly.');
    return { server, mediaType };
  }

  #withDeadline(reply: Promise<Reply>): Promise<Reply> {
    return withDeadline(reply, this.#parts.answerMs, this.#parts.timer, tookTooLong);
  }

  /** At once where the caller, the query and all that it asks for are at hand. */
  #execute({ server, mediaType }: Answerable, request: IncomingMessage, requestId: string, body: object): MaybePromise<Reply> {
    const { rawHeaders, socket } = request;
    return whenKnown(this.#parts.contextOf({ rawHeaders, address: socket.remoteAddress ?? null, requestId }), (context) => {
      const asked = { server, context, rawHeaders, parameters: requestParametersOf(body), mediaType };
      return whenKnown(this.#askKnown(asked), (reply) => reply ?? this.#askApollo(asked));
    });
  }

  /** Null where the request is for Apollo: everything but queries that came often enough, plainly asked for. */
  #askKnown({ server: { known }, context, parameters, mediaType }: Asked): MaybePromise<Reply | null> {
    const query = known.find(parameters);
    if (query === null) return null;
    return query.inTurn(() =>
      whenKnown(known.answer(query, context, parameters.variables), (result) => {
        // Nothing of what was read is to live on with a request that waited long.
        context.loaders.clear();
        return result && replyOf({ result }, mediaType);
      }),
    );
  }

  #askApollo({ server: { apollo }, context, rawHeaders, parameters, mediaType }: Asked): Promise<Reply> {
    const execute = async () => replyOf(await executeByApollo(apollo, parameters, context), mediaType);
    const idempotency = this.#parts.idempotency();
    if (idempotency === null) return execute();
    return answerRepeatably(idempotency, { rawHeaders, principal: context.principal, parameters }, execute);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown, mediaType: MediaType | null): void {
    const cause = error instanceof HttpRefusal ? error.error : error;
    const publicError = publicErrorOf(cause, this.#parts.log);
    const status = error instanceof HttpRefusal ? error.status : (statusOf(publicError.extensions.code) ?? 500);
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    if (status === 503) response.setHeader('retry-after', '1');
    if (request.complete) sendText(response, status, errorBody(publicError), answerType(mediaType));
    else this.#refuseUnread(request, response, status, errorBody(publicError), answerType(mediaType));
  }

  /**
   * A connection that is closed over unread bytes is reset, and the reset may overtake the answer. So the answer goes out
   * whole, the rest of the body is read and dropped for a while, and only then is the connection closed.
   */
  #refuseUnread(request: IncomingMessage, response: ServerResponse, status: number, body: string, contentType: string): void {
    response.setHeader('connection', 'close');
    startText(response, status, body, contentType).write(body);
    const end = (): void => {
      cancel();
      response.end();
    };
    const cancel = this.#parts.timer(this.#parts.lingerMs, end);
    request.once('end', end).once('close', end).once('error', end).resume();
  }
}

interface Answerable {
  readonly server: GraphqlServer;
  readonly mediaType: MediaType;
}

/** A request whose caller is known and whose parameters were read. */
interface Asked extends Answerable {
  readonly context: RequestContext;
  readonly rawHeaders: readonly string[];
  readonly parameters: RequestParameters;
}

const NO_HEADERS: Reply['headers'] = [];
const ASKS_FOR_TOKEN: Reply['headers'][number] = ['www-authenticate', 'Bearer'];

/** The same whoever executed: ended by a line break, as Apollo's own answers are. */
function replyOf({ result, status: ofApollo = null, headers = NO_HEADERS }: Pick<ExecutedRequest, 'result'> & Partial<ExecutedRequest>, mediaType: MediaType): Reply {
  const status = ofApollo === NOT_ACCEPTABLE ? ofApollo : (failureStatus(result, mediaType === GRAPHQL_RESPONSE) ?? ofApollo ?? 200);
  return { status, headers: status === 401 ? [...headers, ASKS_FOR_TOKEN] : headers, body: `${JSON.stringify(result)}\n` };
}

function refusal(status: number, sentence: string): HttpRefusal {
  return new HttpRefusal(status, new AppError('BAD_USER_INPUT', sentence));
}

function tookTooLong(): AppError {
  return new AppError('UNAVAILABLE', 'The request took too long and was given up; what it was to change may still be changed.');
}

function answerType(mediaType: MediaType | null): string {
  return mediaType === GRAPHQL_RESPONSE ? `${GRAPHQL_RESPONSE}; charset=utf-8` : JSON_TYPE;
}

/** The media type that the client likes best of the two; JSON where it does not say or does not mind; null where it takes neither. */
function acceptedType(accept: string | undefined): MediaType | null {
  if (accept === undefined || accept === 'application/json') return 'application/json';
  const ranges = accept.toLowerCase().split(',').map(parseRange);
  const json = weightOf('application/json', ranges);
  const graphql = weightOf(GRAPHQL_RESPONSE, ranges);
  if (json.weight <= 0 && graphql.weight <= 0) return null;
  if (graphql.weight !== json.weight) return graphql.weight > json.weight ? GRAPHQL_RESPONSE : 'application/json';
  return graphql.position < json.position ? GRAPHQL_RESPONSE : 'application/json';
}

interface AcceptedRange {
  readonly range: string;
  readonly weight: number;
  readonly position: number;
}

function parseRange(text: string, position: number): AcceptedRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return { range, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0, position };
}

/** The most exact range that covers the type decides. */
function weightOf(type: MediaType, ranges: readonly AcceptedRange[]): AcceptedRange {
  for (const range of [type, 'application/*', '*/*']) {
    const found = ranges.find((candidate) => candidate.range === range);
    if (found !== undefined) return found;
  }
  return { range: type, weight: 0, position: ranges.length };
}
