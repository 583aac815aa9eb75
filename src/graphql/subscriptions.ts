import { createSourceEventStream, execute } from 'graphql';
import type { ExecutionResult, FormattedExecutionResult, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { MaybePromise } from '../domain/maybe-promise.js';
import type { RequestContext } from './context.js';
import type { SubscriptionRequest } from './subscription-requests.js';

/** Apollo's `formatError`. */
type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Says who is calling, as of now; throws where the credential no longer counts, or where it can't be told. */
export type AskCaller = () => MaybePromise<RequestContext>;

/** What a subscription is answered with, one after the other. */
export interface Results {
  /** Null after the last one. Never rejects. */
  next(): Promise<FormattedExecutionResult | null>;
  /** Gives up the rest; whoever waits for the next one is told that there is none. */
  end(): void;
}

/** Errors that speak of the whole stream, wherever in an event they were met. */
const FATAL_CODES: ReadonlySet<unknown> = new Set(['UNAUTHENTICATED', 'UNAVAILABLE', 'INTERNAL']);
const MAX_REPORTED_ERRORS = 10;

/** Opens subscriptions, and executes their events. */
export class Subscriptions {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly formatError: FormatError,
  ) {}

  /** Of what is refused, the refusal is the only result. */
  async open(request: SubscriptionRequest, context: RequestContext, askCaller: AskCaller): Promise<Results> {
    const { document, operationName, variables: variableValues } = request;
    const asked = { schema: this.schema, document, operationName, variableValues, options: { maxCoercionErrors: MAX_REPORTED_ERRORS } };
    try {
      const source = await createSourceEventStream({ ...asked, contextValue: context });
      if (!(Symbol.asyncIterator in source)) return new OnlyResult(this.format(source));
      const respond = async (event: unknown): Promise<FormattedExecutionResult> =>
        this.format(await execute({ ...asked, rootValue: event, contextValue: await askCaller() }));
      return new EventResults(source[Symbol.asyncIterator](), respond, (error) => this.failure(error));
    } catch (error) {
      return new OnlyResult(this.failure(error));
    }
  }

  private format({ data, errors }: ExecutionResult): FormattedExecutionResult {
    const formatted = errors?.map((error) => this.formatError(error.toJSON(), error));
    return { ...(formatted === undefined ? {} : { errors: formatted }), ...(data === undefined ? {} : { data }) };
  }

  private failure(error: unknown): FormattedExecutionResult {
    return { errors: [this.formatError({ message: '' }, error)] };
  }
}

/** A stream that is refused: all that there is to tell is why. */
export class OnlyResult implements Results {
  private isOver = false;

  constructor(private readonly result: FormattedExecutionResult) {}

  async next(): Promise<FormattedExecutionResult | null> {
    if (this.isOver) return null;
    this.isOver = true;
    return this.result;
  }

  end(): void {
    this.isOver = true;
  }
}

/**
 * The events of a source, each executed for its caller as they are at that moment, so behind the guard. A source gives null
 * from time to time where nothing happened: then too it is asked whether the caller may still listen.
 */
class EventResults implements Results {
  private isOver = false;

  constructor(
    private readonly source: AsyncIterator<unknown, unknown>,
    private readonly respond: (event: unknown) => Promise<FormattedExecutionResult>,
    private readonly failure: (error: unknown) => FormattedExecutionResult,
  ) {}

  async next(): Promise<FormattedExecutionResult | null> {
    while (!this.isOver) {
      const result = await this.respondToNext();
      if (result !== null) return result;
    }
    return null;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.source.return?.().catch(() => undefined);
  }

  /** Null where there is nothing to tell. */
  private async respondToNext(): Promise<FormattedExecutionResult | null> {
    try {
      const { done, value } = await this.source.next();
      if (done === true) this.end();
      if (this.isOver) return null;
      const result = await this.respond(value);
      if (this.isOver) return null;
      if (isLast(result)) this.end();
      else if (value === null) return null;
      return result;
    } catch (error) {
      if (this.isOver) return null;
      this.end();
      return this.failure(error);
    }
  }
}

/** Whether an event failed as a whole, so that nothing after it would be delivered either. A part of it that is refused is no end. */
function isLast({ data, errors = [] }: FormattedExecutionResult): boolean {
  if (errors.length === 0) return false;
  return data == null || Object.values(data).includes(null) || errors.some(({ extensions }) => FATAL_CODES.has(extensions?.['code']));
}
