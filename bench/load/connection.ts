import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const READ_BUFFER = 256 * 1024;

type Answered = (status: number, body: Buffer) => void;

/** One keep-alive connection with at most one request in flight, on a raw socket: an HTTP client would cost more than the servers. */
export class Connection {
  private constructor(private readonly socket: Socket) {}

  private pending: Buffer | null = null;
  private answered: Answered | null = null;

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const onread = { buffer: Buffer.allocUnsafe(READ_BUFFER), callback: (length: number, buffer: Uint8Array) => {
        connection.receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      } };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
      const connection = new Connection(socket);
      socket.once('connect', () => resolve(connection));
      socket.on('error', reject);
      socket.once('close', () => connection.fail());
    });
  }

  /** The body is only there until `answered` returns. */
  send(request: Buffer, answered: Answered): void {
    this.answered = answered;
    if (this.socket.destroyed) this.fail();
    else this.socket.write(request);
  }

  close(): void {
    this.answered = null;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const received = this.pending === null ? chunk : Buffer.concat([this.pending, chunk]);
    const headEnd = received.indexOf(HEAD_END);
    const length = headEnd < 0 ? undefined : contentLength(received, headEnd);
    if (length === undefined || received.length < headEnd + HEAD_END.length + length) {
      // The socket's buffer is used again for the next chunk.
      this.pending = this.pending === null ? Buffer.from(chunk) : received;
      return;
    }
    this.pending = null;
    this.settle(statusOf(received), received.subarray(headEnd + HEAD_END.length));
  }

  private fail(): void {
    this.settle(0, Buffer.from('the server closed the connection'));
  }

  private settle(status: number, body: Buffer): void {
    const { answered } = this;
    this.answered = null;
    answered?.(status, body);
  }
}

function contentLength(received: Buffer, headEnd: number): number {
  const found = CONTENT_LENGTH.exec(received.toString('latin1', 0, headEnd));
  if (found === null) throw new Error(`an answer without a content-length: ${received.toString('latin1', 0, headEnd)}`);
  return Number(found[1]);
}

/** Of `HTTP/1.1 200 …`. */
function statusOf(received: Buffer): number {
  return (received[9]! - 48) * 100 + (received[10]! - 48) * 10 + (received[11]! - 48);
}
