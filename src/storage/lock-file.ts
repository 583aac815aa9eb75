import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the holder shows that it lives, and for how long a silent one is watched before its lock counts as left behind. */
export interface LockTiming {
  readonly beatMs: number;
  readonly watchMs: number;
}

export interface LockFileOptions {
  /** Names where processes can tell at once whether another one lives; null where that is unknown. */
  readonly place: string | null;
  /** Whether the process of the same place, of whom the file speaks, is known to be gone. */
  readonly isGone: (pid: number) => boolean;
  readonly timing: LockTiming;
  /** Called once if another process took the lock over, having seen this one silent for too long. */
  readonly onLost: () => void;
  /** Called when a silent lock is about to be watched. */
  readonly onWatch: (holder: string) => void;
}

interface Holder {
  readonly host: string;
  readonly place: string | null;
  readonly pid: number;
}

interface Found {
  readonly number: number;
  readonly text: string;
}

export class LockHeld extends Error {
  constructor(readonly holder: string) {
    super(`the lock is held by ${holder}`);
  }
}

const NAME = /^lock\.(\d{1,15})$/;
const RELEASED = 'released';
const LOOKS = 20;

/**
 * A lock for machines and containers that share nothing but a folder. The file with the highest number is the lock, and
 * whoever manages to create the next number holds it; the highest is never deleted, so that a slow claimant of an older
 * number always finds that it lost. Liveness is seen by watching the file change, so clocks need not agree.
 */
export class LockFile {
  private beats = 0;
  private lost = false;
  private timer: NodeJS.Timeout | undefined;
  private lastBeat: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly number: number,
    private readonly file: FileHandle,
    private readonly options: LockFileOptions,
  ) {}

  /** Throws LockHeld where a living process holds the lock. */
  static async claim(folder: string, options: LockFileOptions): Promise<LockFile> {
    for (;;) {
      const newest = await newestIn(folder);
      if (newest !== null) await requireLeftBehind(folder, newest, options);
      const number = (newest?.number ?? 0) + 1;
      const file = await createFile(folder, number);
      if (file === null) continue;
      const lock = new LockFile(folder, number, file, options);
      await lock.write();
      const numbers = await numbersIn(folder);
      if (Math.max(...numbers) === number) {
        await Promise.all(numbers.filter((other) => other < number).map((other) => rm(fileOf(folder, other), { force: true })));
        lock.beat();
        return lock;
      }
      await file.close();
      await rm(fileOf(folder, number), { force: true });
    }
  }

  async release(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.lastBeat;
    await this.file.write(RELEASED.padEnd(this.text().length), 0);
    await this.file.close();
  }

  private beat(): void {
    this.timer = setTimeout(() => {
      this.lastBeat = this.showLife().finally(() => {
        if (this.timer !== undefined && !this.lost) this.beat();
      });
    }, this.options.timing.beatMs);
    this.timer.unref();
  }

  /** A beat that cannot be written is not the end: only another holder is. */
  private async showLife(): Promise<void> {
    try {
      this.lost = (await numbersIn(this.folder)).some((number) => number > this.number);
      if (!this.lost) await this.write();
    } catch {
      return;
    }
    if (this.lost) this.options.onLost();
  }

  private async write(): Promise<void> {
    this.beats += 1;
    await this.file.write(this.text(), 0);
  }

  /** Of one length always, so that a write leaves nothing of the one before. */
  private text(): string {
    const holder: Holder = { host: hostname(), place: this.options.place, pid: process.pid };
    return `${JSON.stringify(holder)} ${String(this.beats).padStart(15, '0')}\n`;
  }
}

async function requireLeftBehind(folder: string, found: Found, options: LockFileOptions): Promise<void> {
  if (found.text.startsWith(RELEASED)) return;
  const holder = holderIn(found.text);
  const name = holder === null ? 'an unknown process' : `process ${holder.pid} on host ${holder.host}`;
  const samePlace = holder !== null && holder.place !== null && holder.place === options.place;
  if (samePlace && options.isGone(holder.pid)) return;
  options.onWatch(name);
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(options.timing.watchMs / LOOKS);
    const now = await newestIn(folder);
    if (now?.text.startsWith(RELEASED) === true) return;
    if (now === null || now.number !== found.number || now.text !== found.text) throw new LockHeld(name);
  }
}

function holderIn(text: string): Holder | null {
  try {
    return JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as Holder;
  } catch {
    return null;
  }
}

async function newestIn(folder: string): Promise<Found | null> {
  const number = Math.max(0, ...(await numbersIn(folder)));
  if (number === 0) return null;
  try {
    return { number, text: await readFile(fileOf(folder, number), 'utf8') };
  } catch (error) {
    // Deleted since, because there is a higher one by now.
    if (codeOf(error) === 'ENOENT') return newestIn(folder);
    throw error;
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.map((name) => NAME.exec(name)).flatMap((match) => (match === null ? [] : [Number(match[1])]));
}

/** Null where another claimant was first. */
async function createFile(folder: string, number: number): Promise<FileHandle | null> {
  try {
    return await open(fileOf(folder, number), 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  }
}

function fileOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
