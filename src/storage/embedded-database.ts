import { constants, existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.js';
import { DatabaseRefused, messageOf } from './database-refusal.js';
import type { EmbeddedWorkerData, EmbeddedWorkerReady } from './embedded-worker.js';
import type { Log } from './log.js';

/** PGlite in a thread of its own, so that a slow statement never stalls the server; reached as PostgreSQL is. */
export interface EmbeddedDatabase {
  readonly host: string;
  readonly port: number;
  /** Writes everything to the folder and frees it. To be called once no connection is in use. */
  readonly close: () => Promise<void>;
}

// The name under which pg looks for a unix socket in the folder that it is given as host.
const SOCKET_PORT = 5432;
const FOLDER = 'database';

/** Whether there is an embedded database in `dataDir`, so that whoever only looks makes none. */
export function hasEmbeddedDatabase(dataDir: string): boolean {
  return existsSync(join(dataDir, FOLDER));
}

/**
 * Starts the embedded database of `dataDir`, making it where there is none. Throws DatabaseRefused where another process
 * holds the folder, or where it can't be used.
 */
export async function startEmbeddedDatabase(dataDir: string, log: Log): Promise<EmbeddedDatabase> {
  log.warn(
    { dataDir },
    'The embedded database survives the end of the process, but not a power cut: in production, set DATABASE_URL to a PostgreSQL server.',
  );
  let breakOff: (() => void) | undefined;
  const lock = await lockDataFolder(dataDir, { log, onLost: () => breakOff?.() });
  try {
    const running = await startWorker(join(dataDir, FOLDER), log);
    breakOff = running.kill;
    return { ...running, close: () => closeBoth(running, lock) };
  } catch (error) {
    await lock.release();
    throw new DatabaseRefused(`The embedded database in ${dataDir} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}

interface RunningWorker extends EmbeddedDatabase {
  /** Ends it at once, as a crash would. */
  readonly kill: () => void;
}

async function closeBoth(running: RunningWorker, lock: DataFolderLock): Promise<void> {
  try {
    await running.close();
  } finally {
    await lock.release();
  }
}

async function startWorker(dataDir: string, log: Log): Promise<RunningWorker> {
  if (!existsSync(dataDir)) await makeFolder(dataDir);
  // mkdtemp makes the folder for this user alone, and whoever can reach the socket is the database's superuser.
  const socketDir = process.platform === 'win32' ? null : await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const socketPath = socketDir && join(socketDir, `.s.PGSQL.${SOCKET_PORT}`);
  const worker = new Worker(workerFile(), { workerData: { dataDir, socketPath } satisfies EmbeddedWorkerData });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const removeSocket = async () => {
    if (socketDir !== null) await rm(socketDir, { recursive: true, force: true });
  };
  try {
    const { address } = await readiness(worker);
    let closing = false;
    worker.on('error', (error) => log.error({ err: error }, 'The embedded database broke; restart the server.'));
    worker.once('exit', () => {
      if (!closing) log.error({ dataDir }, 'The embedded database ended; restart the server.');
    });
    const close = async () => {
      closing = true;
      worker.postMessage('close');
      await ended;
      await removeSocket();
    };
    const [host, port] = socketDir === null ? splitAddress(address) : [socketDir, SOCKET_PORT];
    return { host, port, close, kill: () => void worker.terminate() };
  } catch (error) {
    await worker.terminate();
    await removeSocket();
    throw error;
  }
}

/** A copy of the empty database that the build has made; without one PGlite fills the folder itself, which takes it seconds. */
async function makeFolder(dataDir: string): Promise<void> {
  const first = fileURLToPath(firstDatabase());
  const unfinished = `${dataDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  if (existsSync(first)) await cp(first, unfinished, { recursive: true, mode: constants.COPYFILE_FICLONE });
  else await mkdir(unfinished, { recursive: true });
  await chmod(unfinished, 0o700);
  await rename(unfinished, dataDir);
}

function readiness(worker: Worker): Promise<EmbeddedWorkerReady> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`its thread ended with code ${code} before it was ready`)));
  });
}

function splitAddress(address: string): [host: string, port: number] {
  const [host = '', port] = address.split(':');
  return [host, Number(port)];
}

/** Beside dist/gatehouse, where this module runs bundled. */
function firstDatabase(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? '../../dist/first-database/database' : '../first-database/database', import.meta.url);
}

/** A thread loads JavaScript only: where this module runs from its source, as in tests, the thread runs what was built. */
function workerFile(): URL {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/src/storage/embedded-worker.js' : './embedded-worker.js';
  return new URL(built, import.meta.url);
}
