import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Timer } from '../domain/clock.js';
import type { Results } from '../graphql/subscriptions.js';

/** Proxies close connections that are silent for longer; many wait for a minute, some for half of one. */
export const KEEP_ALIVE_MS = 15_000;
/** How long a client may leave what was sent to it unread, before it is cut off. */
export const STALLED_MS = 20_000;
/** How many bytes may wait for a client; with more, it is told nothing further until it has read them. One event may exceed it. */
const MAX_WAITING_BYTES = 64 * 1024;

export const EVENT_STREAM = 'text/event-stream';
const COMMENT = ':\n\n';
/** With data, however empty, for EventSource tells of no event without. */
const COMPLETE_EVENT = 'event: complete\ndata: \n\n';

/** An answer as a stream of server-sent events, by graphql-sse's protocol: a `next` for each result, then `complete`. */
export class EventStream {
  private isOver = false;
  private cancelKeepAlive: () => void = () => undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly results: Results,
    private readonly timer: Timer,
  ) {
    response.once('close', () => this.stop());
  }

  /** Resolves once the answer is out, or nobody is there to read it. Never rejects. */
  async run(): Promise<void> {
    const { response, results } = this;
    // The second header keeps nginx from holding events back.
    response.writeHead(200, { 'content-type': `${EVENT_STREAM}; charset=utf-8`, 'x-accel-buffering': 'no' });
    // Some browsers take a stream for open only once there is something in it.
    this.write(COMMENT);
    this.keepAlive();
    for (let result = await results.next(); result !== null && !this.isOver; result = await results.next()) {
      this.write(nextEvent(result));
      if (response.writableLength > MAX_WAITING_BYTES) await this.drained();
    }
    this.complete();
  }

  /** Ends at once; a client that has not read what was sent to it is cut off. */
  complete(): void {
    if (this.isOver) return;
    this.stop();
    if (this.response.writableLength > MAX_WAITING_BYTES) this.response.destroy();
    else this.response.end(COMPLETE_EVENT);
  }

  /** Node takes it for an error to write to a connection that is gone. */
  private write(text: string): void {
    if (!this.response.destroyed) this.response.write(text);
  }

  private stop(): void {
    this.isOver = true;
    this.cancelKeepAlive();
    this.results.end();
  }

  private keepAlive(): void {
    this.cancelKeepAlive = this.timer(KEEP_ALIVE_MS, () => {
      if (!this.response.writableNeedDrain) this.write(COMMENT);
      this.keepAlive();
    });
  }

  /** Resolves once the client has read what waits for it, or the stream is over; cuts the client off where that takes too long. */
  private drained(): Promise<void> {
    const { response } = this;
    return new Promise((resolve) => {
      const cancel = this.timer(STALLED_MS, () => response.destroy());
      const settle = (): void => {
        cancel();
        response.off('drain', settle);
        response.off('close', settle);
        resolve();
      };
      response.once('drain', settle);
      response.once('close', settle);
    });
  }
}

/** JSON has no line breaks, so that it is one line of data. */
function nextEvent(result: FormattedExecutionResult): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
