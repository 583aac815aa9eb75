import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase } from '../support/postgres.js';

/** A database of one's own, reached over a port of this machine that can be closed and opened again. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;

  private constructor(
    /** The database itself, past the proxy. */
    readonly directUrl: string,
    readonly drop: () => Promise<void>,
  ) {}

  /** Closed at first, with a port that nobody else had a moment ago. */
  static async make(): Promise<DatabaseProxy> {
    const { url, drop } = await createTestDatabase();
    const proxy = new DatabaseProxy(url, drop);
    await proxy.open();
    await proxy.close();
    return proxy;
  }

  get url(): string {
    const url = new URL(this.directUrl);
    return `postgresql://${url.username}:${url.password}@127.0.0.1:${this.port}${url.pathname}`;
  }

  open(): Promise<void> {
    const server = createServer((near) => this.join(near));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        this.port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** Cuts every connection, and refuses new ones. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(near: Socket): void {
    const url = new URL(this.directUrl);
    const folder = url.searchParams.get('host');
    const port = Number(url.port || 5432);
    const far = folder === null ? connect(port, url.hostname) : connect(join(folder, `.s.PGSQL.${port}`));
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
