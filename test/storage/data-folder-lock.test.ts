import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from '../../src/storage/data-folder-lock.js';
import { DatabaseRefused } from '../../src/storage/database-refusal.js';
import { LockFile, LockHeld } from '../../src/storage/lock-file.js';
import { Gate } from '../support/gate.js';
import { SILENT } from '../support/logs.js';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'src', 'storage', 'data-folder-lock.js');
const HOLD = `
  const { lockDataFolder } = await import(${JSON.stringify(BUILT)});
  const log = { info() {}, warn() {}, error() {} };
  await lockDataFolder(process.argv[1], { log, onLost() {} });
  process.stdout.write('held');
  setInterval(() => {}, 1000);`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function holdInAnotherProcess(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const lock = (path = folder) => lockDataFolder(path, { log: SILENT, onLost: () => undefined });
const leftBehind = (place: string | null) =>
  writeFile(join(folder, 'lock.7'), `${JSON.stringify({ host: 'elsewhere', place, pid: 42 })} 000000000000003\n`);

describe('the lock on the data folder', () => {
  it('refuses a second process at once, with a sentence, and is free when the first was killed', async () => {
    const child = await holdInAnotherProcess();
    const refused = await lock().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseRefused);
    expect((refused as Error).message).toMatch(`The data folder ${folder} is in use by`);
    expect((refused as Error).message).toContain('stop that one first, or set DATA_DIR to another folder');
    await kill(child);
    await (await lock()).release();
  });

  it('knows the folder under every path', async () => {
    const held = await lock();
    await symlink(folder, `${folder}-link`);
    await expect(lock(`${folder}-link`)).rejects.toThrow(DatabaseRefused);
    await rm(`${folder}-link`);
    await held.release();
  });

  it('goes to exactly one of many that start at the same moment', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => lock()));
    const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
  });

  it('is free again when it was released, and makes the folder where there is none', async () => {
    const path = join(folder, 'new', 'folder');
    await (await lock(path)).release();
    await (await lock(path)).release();
    expect(await readdir(path)).toEqual(['lock.2']);
  });

  it('tells what to do where the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(lock(join(folder, 'file', 'below'))).rejects.toThrow('set DATA_DIR to a folder that this user may write to');
  });
});

describe('the lock file, for those who share nothing but the folder', () => {
  const timing = { beatMs: 10, watchMs: 4_000 };
  const claim = (rest: Partial<Parameters<typeof LockFile.claim>[1]> = {}) =>
    LockFile.claim(folder, { place: null, isGone: () => false, timing, onLost: () => undefined, onWatch: () => undefined, ...rest });

  it('refuses while its holder shows that it lives, and names it', async () => {
    const held = await claim();
    await expect(claim()).rejects.toThrow(new LockHeld(`process ${process.pid} on host ${hostname()}`));
    await held.release();
  });

  it('is free at once when it was released', async () => {
    const watched: string[] = [];
    await (await claim()).release();
    await (await claim({ onWatch: (holder) => void watched.push(holder) })).release();
    expect(watched).toEqual([]);
  });

  it('is taken over from a holder that stays silent', async () => {
    await leftBehind(null);
    const watched: string[] = [];
    const held = await claim({ timing: { beatMs: 10, watchMs: 40 }, onWatch: (holder) => void watched.push(holder) });
    expect(watched).toEqual(['process 42 on host elsewhere']);
    expect(await readdir(folder)).toEqual(['lock.8']);
    await held.release();
  });

  it('is taken over from one that was cut off before it wrote a word', async () => {
    await writeFile(join(folder, 'lock.3'), '');
    await (await claim({ timing: { beatMs: 10, watchMs: 40 } })).release();
    expect(await readdir(folder)).toEqual(['lock.4']);
  });

  it('is taken over without watching from a holder of the same place that is gone', async () => {
    await leftBehind('here');
    const watched: string[] = [];
    await (await claim({ place: 'here', isGone: (pid) => pid === 42, onWatch: (holder) => void watched.push(holder) })).release();
    expect(watched).toEqual([]);
  });

  it('goes to exactly one of many that find it left behind', async () => {
    await leftBehind(null);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => claim({ timing: { beatMs: 10, watchMs: 400 } })));
    const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(held).toHaveLength(1);
    expect(refused.every((reason) => reason instanceof LockHeld)).toBe(true);
    await held[0]?.release();
  });

  it('tells its holder when another one took it over', async () => {
    const lost = new Gate();
    const held = await claim({ onLost: lost.open });
    await (await open(join(folder, 'lock.2'), 'wx')).close();
    await lost.passed;
    await held.release();
    expect((await readdir(folder)).toSorted()).toEqual(['lock.1', 'lock.2']);
  });
});
