import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { messageOf } from './database-refusal.js';
import type { Log } from './log.js';

export interface FeedListener {
  heard(payload: string): void;
  /** Notifications may have been lost up to this moment. */
  missed(): void;
}

export interface ChangeFeedOptions {
  readonly url: string;
  /** The notifications' channel: a constant, for it goes into a statement as it is. */
  readonly channel: string;
  readonly listener: FeedListener;
  readonly log: Log;
  /** What passes after the given number of failures in a row, before the next attempt. Ends early where `signal` is aborted. */
  readonly pause?: (failures: number, signal: AbortSignal) => Promise<void>;
  /** How often the connection is asked whether it still lives, and how long it may take to answer; in milliseconds. */
  readonly beatMs?: number;
  readonly answerMs?: number;
}

const LONGEST_PAUSE_MS = 10_000;
const GOODBYE_MS = 500;

/**
 * Hands on the notifications of one channel of PostgreSQL, from a connection of its own that is made anew whenever it
 * breaks. Notifications are hints: some may be lost, of which `missed` tells, and none is waited for. Nothing that goes
 * wrong here is thrown.
 */
export class ChangeFeed {
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;
  /** Null unless it listens. */
  private client: Client | null = null;
  /** At hand to be cut: a client's own farewell waits for a server that may never answer. */
  private socket: Socket | null = null;

  constructor(private readonly options: ChangeFeedOptions) {}

  /** Resolves once it listens or has failed to for the first time, and keeps at it in the background. To be called once. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.running = this.run(resolve);
    });
  }

  /** Ends the connection, or the attempt at one; nothing is handed on afterwards. */
  async close(): Promise<void> {
    this.closing.abort();
    if (this.client !== null) await Promise.race([this.client.end(), sleep(GOODBYE_MS, undefined, { ref: false })]);
    this.socket?.destroy();
    await this.running;
  }

  private async run(tried: () => void): Promise<void> {
    const { log, pause = backOff } = this.options;
    const { signal } = this.closing;
    let failures = 0;
    while (!signal.aborted) {
      const { hasListened, cause } = await this.listenUntilCut(tried);
      tried();
      if (signal.aborted) return;
      failures = hasListened ? 1 : failures + 1;
      // Said once for as long as it lasts.
      if (failures === 1) log.warn({ cause }, 'Changes on other nodes are not heard of at present; they count within STALENESS_MS.');
      await pause(failures, signal);
    }
  }

  /** Resolves, and never rejects, once the connection is gone or could not be made. */
  private async listenUntilCut(listening: () => void): Promise<{ hasListened: boolean; cause: string }> {
    let hasListened = false;
    let cause = 'the connection was closed';
    const socket = (this.socket = new Socket());
    try {
      const client = this.makeClient(socket);
      // pg leaves some promises unsettled where a connection ends while it is made.
      const ended = new Promise<void>((resolve) => void client.once('end', () => resolve()));
      const cut = ended.then(() => Promise.reject(new Error(cause)));
      client.on('error', (error) => {
        cause = messageOf(error);
      });
      await Promise.race([client.connect(), cut]);
      await Promise.race([client.query(`LISTEN "${this.options.channel}"`), cut]);
      hasListened = true;
      this.client = client;
      this.hand((listener) => listener.missed());
      this.options.log.info({}, 'Changes on other nodes are heard of at once.');
      listening();
      await this.livesUntil(ended, client, socket);
    } catch (error) {
      cause = messageOf(error);
    }
    this.client = null;
    socket.destroy();
    return { hasListened, cause };
  }

  private makeClient(socket: Socket): Client {
    const { url, answerMs = 5_000 } = this.options;
    const client = new Client({
      connectionString: url,
      application_name: 'gatehouse changes',
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      stream: () => socket,
    });
    client.on('notification', ({ payload = '' }) => this.hand((listener) => listener.heard(payload)));
    return client;
  }

  /** A network that swallows packets closes no connection: only a question without an answer tells. */
  private async livesUntil(ended: Promise<void>, client: Client, socket: Socket): Promise<void> {
    let isAsking = false;
    const ask = (): void => {
      if (isAsking) return;
      isAsking = true;
      client.query('SELECT 1').then(() => (isAsking = false), () => socket.destroy());
    };
    const beat = setInterval(ask, this.options.beatMs ?? 15_000).unref();
    try {
      await ended;
    } finally {
      clearInterval(beat);
    }
  }

  private hand(tell: (listener: FeedListener) => void): void {
    if (this.closing.signal.aborted) return;
    try {
      tell(this.options.listener);
    } catch (err) {
      this.options.log.error({ err }, 'A change on another node could not be taken note of; it counts within STALENESS_MS.');
    }
  }
}

/** Doubles from a quarter of a second; half of each pause is random, so that nodes do not all come at once. */
async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** (failures - 1));
  await sleep(pause / 2 + (Math.random() * pause) / 2, undefined, { signal, ref: false }).catch(() => undefined);
}
