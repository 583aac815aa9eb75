import { type IncomingMessage, ServerResponse } from 'node:http';
import { type Reply, sendAtOnce } from './answer.js';

/** A response that can go out as one text, head and body: Node itself sends a body after its head as a second piece. */
export class WholeResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Node's own: the head, as it goes out before anything else. Not documented: a version of Node without it would have nothing sent whole. */
  declare protected _header: string | null;

  /** The head that Node wrote; null before it did. */
  get head(): string | null {
    return this._header;
  }

  /** Sends a 200 with what was put together elsewhere, in ASCII: its head has to be what Node would have written. */
  endWhole(headAndBody: string): void {
    this.statusCode = 200;
    this._header = headAndBody;
    this.end();
  }
}

/** What Node writes before the id of the request, and after the length of the body, within one second. */
interface RepeatedHead {
  readonly second: number;
  readonly before: string;
  readonly after: string;
}

/**
 * Sends answers, most of them in one write. Node writes the first head of each second, and answers whose head differs in nothing but
 * the request's id and the length of the body repeat it: to check and to put together each header anew, and to send the body as a
 * piece of its own, was measured to be a seventh of all work for a check. Everything else goes out by Node's own `writeHead` and `end`.
 */
export class WholeAnswers {
  /** By content type. */
  readonly #heads = new Map<string, RepeatedHead>();
  readonly #now: () => number;

  /** By the clock of the system, as Node's own header Date. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  send(response: WholeResponse, requestId: string, reply: Reply, contentType: string): void {
    if (!hasPlainHead(response, reply) || !isAscii(reply.body)) return sendAtOnce(response, requestId, reply, contentType);
    const second = Math.trunc(this.#now() / 1000);
    const differing = `${requestId}\r\ncontent-length: ${reply.body.length}\r\n`;
    const head = this.#heads.get(contentType);
    if (head?.second === second) return response.endWhole(head.before + differing + head.after + reply.body);
    sendAtOnce(response, requestId, reply, contentType);
    const [before, after] = response.head?.split(differing) ?? [];
    if (before !== undefined && after !== undefined) this.#heads.set(contentType, { second, before, after });
  }
}

/** Whether nothing in the head is of this answer alone. */
function hasPlainHead(response: ServerResponse, { status, headers }: Reply): boolean {
  return status === 200 && headers.length === 0 && response.shouldKeepAlive && !response.headersSent && response.getHeaderNames().length === 0;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
