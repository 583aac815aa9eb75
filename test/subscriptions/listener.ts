import { type Client as SseClient, createClient, type ExecutionResult } from 'graphql-sse';
import type { GraphqlFault } from '../support/client.js';

export interface Change {
  readonly tenantId: string;
  readonly revision: string;
  readonly affectsViewer: boolean;
  readonly userIds?: readonly string[] | null;
}

export interface Heard {
  readonly data?: Readonly<Record<string, Change | null>> | null;
  readonly errors?: readonly GraphqlFault[];
}

export interface Listening {
  readonly token: string | null;
  readonly after?: string | null;
  readonly document?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const FOLLOW = 'subscription($tenantId: ID!, $after: String) { permissionsChanged(tenantId: $tenantId, after: $after) { tenantId revision affectsViewer } }';
/** Real milliseconds: a bound for what does come, not for how fast. */
const PATIENCE_MS = 20_000;

/** Somebody who listens to a tenant's changes, by the client of graphql-sse as it comes. */
export class Listener {
  /** Everything that was heard, in order. */
  readonly heard: Heard[] = [];
  /** Resolves once the stream was accepted, and rejects where it was refused. */
  readonly accepted: Promise<void>;
  /** Resolves after `complete`; rejects where the request was refused, or the connection broke. */
  readonly over: Promise<void>;
  private readonly client: SseClient;
  private wake: () => void = () => undefined;
  private isOver = false;

  constructor(url: string, tenantId: string, { token, after = null, document = FOLLOW, variables = {} }: Listening) {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    this.client = createClient({ url: `${url}/graphql`, headers: authorization, retryAttempts: 0 });
    let accept: () => void = () => undefined;
    const connected = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const payload = { query: document, variables: { tenantId, after, ...variables } };
    this.over = new Promise<void>((resolve, reject) => {
      const next = (result: ExecutionResult<unknown, unknown>): void => {
        this.heard.push(JSON.parse(JSON.stringify(result)) as Heard);
        this.wake();
      };
      const error = (cause: unknown): void => reject(cause instanceof Error ? cause : new Error(String(cause)));
      this.client.subscribe(payload, { next, error, complete: resolve }, { connected: () => accept() });
    }).finally(() => {
      this.isOver = true;
      this.wake();
    });
    this.accepted = Promise.race([connected, this.over]);
    // Tests look at one of the two; the other need not have anybody who hears of its failure.
    this.over.catch(() => undefined);
    this.accepted.catch(() => undefined);
  }

  get revisions(): number[] {
    return this.heard.flatMap(({ data }) => Object.values(data ?? {}).flatMap((change) => (change === null ? [] : [Number(change.revision)])));
  }

  get codes(): string[] {
    return this.heard.flatMap(({ errors = [] }) => errors.map((error) => error.extensions.code));
  }

  /** Resolves once so many results were heard. */
  async hears(count: number): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (this.heard.length < count) {
      if (this.isOver) throw new Error(`the stream is over after ${JSON.stringify(this.heard)}`);
      if (performance.now() > end) throw new Error(`only this was heard: ${JSON.stringify(this.heard)}`);
      await this.something(end);
    }
  }

  /** Resolves with the codes of all errors that were heard, once the stream is over. */
  async ends(): Promise<string[]> {
    await this.over;
    return this.codes;
  }

  leave(): void {
    this.client.dispose();
  }

  private something(until: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, Math.max(0, until - performance.now()));
      this.wake = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}
