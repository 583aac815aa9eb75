import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { actorOf, type Principal } from '../access/principal.js';
import type { Timer } from '../domain/clock.js';
import { AppError } from '../errors.js';
import type { GraphqlServer } from '../graphql/apollo.js';
import { executeByApollo } from '../graphql/apollo-execution.js';
import type { RequestContext } from '../graphql/context.js';
import { requestParametersOf } from '../graphql/request-parameters.js';
import { NOT_ACCEPTABLE, type SubscriptionRequest } from '../graphql/subscription-requests.js';
import { OnlyResult, type Results } from '../graphql/subscriptions.js';
import { JSON_TYPE, prepare, sendText } from './answer.js';
import { EVENT_STREAM, EventStream } from './event-stream.js';
import type { ContextOf } from './graphql-endpoint.js';
import { readJsonObject } from './request-body.js';
import { withDeadline } from './timer.js';

export interface EventStreamsParts {
  /** Null until the gateway is ready. */
  readonly graphql: () => GraphqlServer | null;
  /** Says who is calling, when the stream begins and again for each event. */
  readonly contextOf: ContextOf;
  readonly maxBodyBytes: number;
  readonly streamsPerCaller: number;
  readonly streams: number;
  /** From the complete request to the beginning of its stream. */
  readonly answerMs: number;
  /** For requests. */
  readonly timer: Timer;
  /** For streams, which last. */
  readonly streamTimer: Timer;
}

/** Subscriptions over HTTP: a request that accepts nothing but text/event-stream, answered for as long as its client stays. */
export class EventStreams {
  readonly #parts: EventStreamsParts;
  readonly #open = new Set<EventStream>();
  readonly #openByCaller = new Map<string, number>();
  readonly #streaming = new WeakSet<ServerResponse>();
  #taken = 0;
  #stopping = false;

  constructor(parts: EventStreamsParts) {
    this.#parts = parts;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Whether the response is a stream, or was one. */
  has(response: ServerResponse): boolean {
    return this.#streaming.has(response);
  }

  /** Answers a POST. Throws what refuses the request before there is a stream. */
  async answer(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const { graphql, contextOf, maxBodyBytes, answerMs, timer } = this.#parts;
    const server = graphql();
    if (server === null) throw new AppError('UNAVAILABLE', 'The gateway is still starting; try again shortly.');
    const body = await readJsonObject(request, response, maxBodyBytes);
    const call = { rawHeaders: request.rawHeaders, address: request.socket.remoteAddress ?? null, requestId };
    const asking = Promise.resolve(contextOf(call)).then((context) => ask(server.apollo, body, context));
    const asked = await withDeadline(asking, answerMs, timer, tookTooLong);
    prepare(response, requestId);
    if ('status' in asked) return sendText(response, asked.status, asked.text, JSON_TYPE);
    const { context, request: subscription } = asked;
    const giveBack = this.#take(context.principal, call.address);
    try {
      const opening = 'next' in subscription ? Promise.resolve(subscription) : server.subscriptions.open(subscription, context, () => contextOf(call));
      await this.#run(response, await this.#opened(opening));
    } finally {
      giveBack();
    }
    return undefined;
  }

  /** Ends every stream, and each that is still being opened as soon as it is. */
  stop(): void {
    this.#stopping = true;
    for (const stream of this.#open) stream.complete();
  }

  async #run(response: ServerResponse, results: Results): Promise<void> {
    // The client may have gone while the stream was being opened.
    if (response.destroyed) return results.end();
    const stream = new EventStream(response, results, this.#parts.streamTimer);
    this.#open.add(stream);
    this.#streaming.add(response);
    const running = stream.run();
    if (this.#stopping) stream.complete();
    await running;
    this.#open.delete(stream);
    return undefined;
  }

  async #opened(opening: Promise<Results>): Promise<Results> {
    const { answerMs, timer } = this.#parts;
    try {
      return await withDeadline(opening, answerMs, timer, tookTooLong);
    } catch (error) {
      // Nobody is there any more to read what opens after all.
      opening.then((results) => results.end(), () => undefined);
      throw error;
    }
  }

  /** Counts one more stream of the caller; throws LIMIT_EXCEEDED where they have too many. Returns how to give it back. */
  #take(principal: Principal | null, address: string | null): () => void {
    const { streamsPerCaller, streams } = this.#parts;
    // A blank, which no id has, keeps the two apart.
    const caller = principal === null ? `anonymous ${address ?? ''}` : actorOf(principal);
    const ofCaller = this.#openByCaller.get(caller) ?? 0;
    if (ofCaller >= streamsPerCaller) throw tooMany(`You have ${streamsPerCaller} streams open here, the limit: end one of them.`);
    if (this.#taken >= streams) throw tooMany(`This node has ${streams} streams open, the limit: try again later, or on another node.`);
    this.#taken += 1;
    this.#openByCaller.set(caller, ofCaller + 1);
    return () => {
      this.#taken -= 1;
      const left = (this.#openByCaller.get(caller) ?? 0) - 1;
      if (left > 0) this.#openByCaller.set(caller, left);
      else this.#openByCaller.delete(caller);
    };
  }
}

/** Whether the client likes to be answered by a stream of events. To be asked where it accepts no other type that there is. */
export function acceptsEventStream(accept: string | undefined): boolean {
  return (accept ?? '').toLowerCase().split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    return type === EVENT_STREAM && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** What is wrong with the document is said within the stream, as the protocol demands: then its only result is there already. */
type Asked = { readonly context: RequestContext; readonly request: SubscriptionRequest | Results } | { readonly status: number; readonly text: string };

async function ask(server: ApolloServer<RequestContext>, body: object, context: RequestContext): Promise<Asked> {
  const taken: SubscriptionRequest[] = [];
  const contextValue: RequestContext = { ...context, takeSubscription: (request) => void taken.push(request) };
  const { result, status } = await executeByApollo(server, requestParametersOf(body), contextValue);
  if (taken[0] !== undefined) return { context, request: taken[0] };
  if (status === NOT_ACCEPTABLE) return { status, text: JSON.stringify(result) };
  return { context, request: new OnlyResult(result) };
}

function tooMany(sentence: string): AppError {
  return new AppError('LIMIT_EXCEEDED', sentence);
}

function tookTooLong(): AppError {
  return new AppError('UNAVAILABLE', 'The stream took too long to begin and was given up; try again.');
}
