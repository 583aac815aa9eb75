import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/storage/data-source.js';
import { isDatabaseFault } from '../../src/storage/database-fault.js';
import { DatabaseRefused } from '../../src/storage/database-refusal.js';
import type { Log } from '../../src/storage/log.js';
import { embeddedFolder, type EmbeddedFolder } from '../support/embedded-folder.js';
import { recordingLog, SILENT } from '../support/logs.js';

describe('the embedded database', () => {
  let folder: EmbeddedFolder;
  const open = (log: Log = SILENT): Promise<Database> => openDatabase({ url: null, dataDir: folder.path, entities: [], migrations: [], log });

  beforeEach(async () => {
    folder = await embeddedFolder();
  });
  afterEach(() => folder.remove());

  it('takes and gives values of many megabytes, and many rows', async () => {
    const { dataSource, close } = await open();
    const big = 'ä'.repeat(4_000_000);
    expect(await dataSource.query('SELECT $1::text AS same, length($1::text) AS length', [big])).toEqual([{ same: big, length: big.length }]);
    const rows = await dataSource.query<{ i: number }[]>('SELECT i, repeat($1, 50) AS text FROM generate_series(1, 50000) i', ['x']);
    expect([rows.length, rows[0]?.i, rows.at(-1)?.i]).toEqual([50_000, 1, 50_000]);
    await close();
  });

  it('never stalls the server while a statement runs', async () => {
    const { dataSource, close } = await open();
    const ended = new AbortController();
    let turns = 0;
    const slow = dataSource.query('SELECT count(*) FROM generate_series(1, 500000)').finally(() => ended.abort());
    while (!ended.signal.aborted) {
      turns += 1;
      await turn();
    }
    await slow;
    expect(turns).toBeGreaterThan(100);
    await close();
  });

  it('keeps what was written when it is closed and opened again, and leaves no socket behind', async () => {
    const first = await open();
    await first.dataSource.query('CREATE TABLE kept AS SELECT 7 AS seven');
    const { host } = first.dataSource.options as { host: string };
    await first.close();
    await expect(readdir(host)).rejects.toMatchObject({ code: 'ENOENT' });
    const second = await open();
    expect(await second.dataSource.query('SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
    await second.close();
  });

  it('begins as a copy of the one that the build has made, which no other has a part in', async () => {
    const other = await embeddedFolder();
    const identities: unknown[] = [];
    for (const dataDir of [folder.path, other.path]) {
      const { dataSource, close } = await openDatabase({ url: null, dataDir, entities: [], migrations: [], log: SILENT });
      await dataSource.query('CREATE TABLE its_own ()');
      identities.push(await dataSource.query('SELECT system_identifier FROM pg_control_system()'));
      await close();
    }
    await other.remove();
    expect(identities[1]).toEqual(identities[0]);
  });

  it('is copied anew where the first copy was cut short', async () => {
    await mkdir(join(folder.path, 'database.unfinished', 'base'), { recursive: true });
    await writeFile(join(folder.path, 'database.unfinished', 'PG_VERSION'), '');
    const { dataSource, close } = await open();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await close();
    expect(await readdir(folder.path)).not.toContain('database.unfinished');
    expect((await stat(join(folder.path, 'database'))).mode & 0o077).toBe(0);
  });

  it('says once that it does not survive a power cut', async () => {
    const log = recordingLog();
    const { close } = await open(log);
    expect(log.entries).toEqual([expect.stringMatching(/^warn: .*not a power cut.*DATABASE_URL/)]);
    await close();
  });

  it('is reached by nobody but its own user', async () => {
    const { dataSource, close } = await open();
    const { host } = dataSource.options as { host: string };
    const { mode } = await stat(host);
    expect(mode & 0o077).toBe(0);
    await close();
  });

  it('stops at once where another machine took its folder over', async () => {
    const log = recordingLog();
    const { dataSource, close } = await open(log);
    await writeFile(join(folder.path, 'lock.1000'), '');
    let error: unknown;
    while (error === undefined) {
      await turn();
      error = await dataSource.query('SELECT 1').then(() => undefined, (thrown: unknown) => thrown);
    }
    expect(isDatabaseFault(error)).toBe(true);
    expect(log.entries).toContainEqual(expect.stringMatching(/^error: Another process took the data folder over/));
    await close();
  });

  it('is refused with a sentence where the folder holds something else, and the folder is free again', async () => {
    await mkdir(join(folder.path, 'database'));
    await writeFile(join(folder.path, 'database', 'PG_VERSION'), '9\n');
    for (const _attempt of [1, 2]) {
      const refused = await open().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DatabaseRefused);
      expect((refused as Error).message).toContain(`The embedded database in ${folder.path} cannot be opened`);
    }
  });
});
