import { createHash } from 'node:crypto';
import { mkdir, readFile, readlink, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { DatabaseRefused, messageOf } from './database-refusal.js';
import { LockFile, LockHeld, type LockTiming } from './lock-file.js';
import type { Log } from './log.js';

export interface DataFolderLock {
  readonly release: () => Promise<void>;
}

export interface DataFolderLockOptions {
  readonly log: Log;
  /** Called where the lock was lost to another process: whatever writes to the folder must stop at once. */
  readonly onLost: () => void;
  readonly timing?: LockTiming;
}

const TIMING: LockTiming = { beatMs: 1_000, watchMs: 6_000 };

/**
 * Makes the folder where there is none, and holds it against every other process: PGlite itself lets two processes open
 * one folder, and the writes of one of them are gone. On Linux an abstract unix socket settles it at once and is free
 * again however its holder ended, but its name is known in one network namespace only; a lock file does the rest, for
 * containers that share a volume and for other systems. Throws DatabaseRefused where the folder is held or unusable.
 */
export async function lockDataFolder(folder: string, options: DataFolderLockOptions): Promise<DataFolderLock> {
  await makeUsable(folder);
  const socket = process.platform === 'linux' ? await holdSocket(await socketName(folder)) : null;
  if (socket === 'taken') throw inUse(folder, 'another process of this machine');
  try {
    const file = await claimFile(folder, socket !== null, options);
    return {
      release: async () => {
        await file.release();
        await closed(socket);
      },
    };
  } catch (error) {
    await closed(socket);
    throw error instanceof LockHeld ? inUse(folder, error.holder) : error;
  }
}

async function claimFile(folder: string, hasSocket: boolean, options: DataFolderLockOptions): Promise<LockFile> {
  const { log, onLost, timing = TIMING } = options;
  return LockFile.claim(folder, {
    place: hasSocket ? await networkNamespace() : hostname(),
    // Whoever holds the socket has seen to it that no other process of the same namespace holds the folder.
    isGone: (pid) => hasSocket || !isAlive(pid),
    timing,
    onWatch: (holder) => log.info({ folder, holder }, 'The data folder was not closed properly; seeing whether its last user still lives.'),
    onLost: () => {
      log.error({ folder }, 'Another process took the data folder over while this one stood still; restart the server.');
      onLost();
    },
  });
}

function inUse(folder: string, holder: string): DatabaseRefused {
  return new DatabaseRefused(
    `The data folder ${folder} is in use by ${holder}: stop that one first, or set DATA_DIR to another folder.`,
  );
}

async function makeUsable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DatabaseRefused(
      `The data folder ${folder} cannot be made (${messageOf(error)}): set DATA_DIR to a folder that this user may write to.`,
      { cause: error },
    );
  }
}

/** By device and inode, so that every path and mount of the folder leads to one name. */
async function socketName(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `\0gatehouse-${createHash('sha256').update(`${dev}:${ino}`).digest('hex')}`;
}

/** Null where the system has no such sockets. */
function holdSocket(path: string): Promise<Server | 'taken' | null> {
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE' ? 'taken' : null));
    // A worker of node's cluster would share the socket of its primary otherwise.
    server.listen({ path, exclusive: true }, () => resolve(server));
    server.unref();
  });
}

function closed(server: Server | null): Promise<void> {
  return new Promise((resolve) => {
    if (server === null) resolve();
    else server.close(() => resolve());
  });
}

/** Of this boot of this machine; null where the system does not tell. */
async function networkNamespace(): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/net')}`;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
