import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** What the thread of the embedded database is started with. */
export interface EmbeddedWorkerData {
  readonly dataDir: string;
  /** The unix socket to listen on; null for a free TCP port of the loopback address. */
  readonly socketPath: string | null;
}

/** What the thread says once it serves: where it listens. */
export interface EmbeddedWorkerReady {
  readonly address: string;
}

// One connection is the rule; a second one is the migrations', and a third takes over from one that is still closing.
const CONNECTIONS = 4;

const { dataDir, socketPath } = workerData as EmbeddedWorkerData;
const port = parentPort;
if (port === null) throw new Error('This module runs as a worker thread.');

const database = await PGlite.create(dataDir);
endWhenBroken(database);
const listen = socketPath === null ? { host: '127.0.0.1', port: 0 } : { path: socketPath };
const server = new PGLiteSocketServer({ db: database, maxConnections: CONNECTIONS, ...listen });
await server.start();

// Any message asks for the end.
port.once('message', () => {
  void (async () => {
    await server.stop();
    await database.close();
    port.close();
  })();
});
const ready: EmbeddedWorkerReady = { address: server.getServerConn() };
port.postMessage(ready);

/**
 * Errors of statements travel inside the protocol; what is thrown here means that the engine itself broke. The socket
 * server's queue would stand still for ever after that, so the thread ends instead, which the main thread notices.
 */
function endWhenBroken(engine: PGlite): void {
  const execute = engine.execProtocolRawStream.bind(engine);
  engine.execProtocolRawStream = async (...message) => {
    try {
      await execute(...message);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
      throw error;
    }
  };
}
