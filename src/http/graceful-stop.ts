import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { systemTimer } from './timer.js';
import type { Timer } from '../domain/clock.js';

/**
 * The requests that are being answered, and the way to stop once they are. In slots that are used again and not in a set: tables
 * that a set has outgrown stay linked to those that follow, which has the garbage collector carry answers about that are long gone.
 */
export class InFlight {
  readonly #slots: (ServerResponse | null)[] = [];
  readonly #free: number[] = [];
  #stopping = false;
  #onIdle: (() => void) | null = null;

  get stopping(): boolean {
    return this.#stopping;
  }

  /** `closed` is called once the answer is out, or its client gone. */
  track(response: ServerResponse, closed: () => void): void {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = response;
    if (this.#stopping) response.setHeader('connection', 'close');
    response.on('close', () => {
      this.#slots[slot] = null;
      this.#free.push(slot);
      closed();
      if (this.#count === 0) this.#onIdle?.();
    });
  }

  get #count(): number {
    return this.#slots.length - this.#free.length;
  }

  /** The answer under way on a connection, if there is one. */
  on(connection: Duplex): ServerResponse | undefined {
    return this.#slots.find((response) => response?.socket === connection) ?? undefined;
  }

  /**
   * Stops accepting connections, closes the idle ones at once, and the others as soon as their answer is out. What is not
   * answered after `limitMs` is cut off. Resolves once no connection is left, with the number that was cut off.
   */
  async stop(server: Server, limitMs: number, timer: Timer = systemTimer): Promise<number> {
    this.#stopping = true;
    for (const response of this.#slots) if (response?.headersSent === false) response.setHeader('connection', 'close');
    // Node's close() ends the idle connections too, and leaves those that are in the middle of a request.
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await this.#idle(limitMs, timer);
    const cutOff = this.#count;
    server.closeAllConnections();
    await closed;
    return cutOff;
  }

  #idle(limitMs: number, timer: Timer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) {
        resolve();
        return;
      }
      const cancel = timer(limitMs, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}
