import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '../../src/storage/data-source.js';
import { DatabaseRefused, DatabaseUnreachable } from '../../src/storage/database-refusal.js';
import { isDatabaseFault } from '../../src/storage/database-fault.js';
import { judgeServer } from '../../src/storage/server-check.js';
import { recordingLog, SILENT } from '../support/logs.js';
import { asSuperuser, createTestDatabase, serverUrl, type TestPostgres } from '../support/postgres.js';

const open = (url: string, log = SILENT) => openDatabase({ url, dataDir: '', entities: [], migrations: [], log });
const GOOD = { version: '180004', fsync: 'on', synchronous_commit: 'on', standby: false };

describe('the PostgreSQL server', () => {
  it.each([
    ['is older than 15', { ...GOOD, version: '140022' }, DatabaseRefused, 'PostgreSQL 14: use PostgreSQL 15 or newer'],
    ['takes no writes', { ...GOOD, standby: true }, DatabaseUnreachable, 'point DATABASE_URL at the primary'],
  ])('is refused where it %s', (_case, settings, kind, sentence) => {
    expect(() => judgeServer(settings, SILENT)).toThrow(kind);
    expect(() => judgeServer(settings, SILENT)).toThrow(sentence);
  });

  it.each([['fsync'], ['synchronous_commit']])('is warned about where %s is off', (setting) => {
    const log = recordingLog();
    judgeServer({ ...GOOD, [setting]: 'off' }, log);
    expect(log.entries).toEqual([expect.stringContaining(`warn: DATA LOSS AHEAD: the database server runs with ${setting} off`)]);
  });

  it('is taken without a word where all is well', () => {
    const log = recordingLog();
    judgeServer({ ...GOOD, version: '150000' }, log);
    expect(log.entries).toEqual([]);
  });
});

describe('a statement that comes often', () => {
  it.each([['is prepared', true, ['SELECT $1::int AS one']], ['is sent as it is where that is not wanted', false, []]])('%s', async (_what, prepare, expected) => {
    const { url, drop } = await createTestDatabase();
    const { dataSource, close } = await openDatabase({ url, prepare, dataDir: '', entities: [], migrations: [], log: SILENT });
    try {
      for (let i = 0; i < 10; i += 1) expect(await dataSource.query('SELECT $1::int AS one', [1])).toEqual([{ one: 1 }]);
      const prepared: { statement: string }[] = await dataSource.query('SELECT statement FROM pg_prepared_statements');
      expect(prepared.map(({ statement }) => statement)).toEqual(expected);
    } finally {
      await close();
      await drop();
    }
  });
});

describe('opening the database', () => {
  it.each([
    ['the database is unknown', (url: URL) => void (url.pathname = '/no_such_database'), 'create that database'],
    ['the user may not sign in', (url: URL) => void ((url.username = 'locked_out'), (url.password = 'wr0ng-secret')), 'DATABASE_URL'],
    ['the server speaks no TLS', (url: URL) => url.searchParams.set('sslmode', 'verify-full'), 'SSL'],
  ])('is refused with a sentence that shows no password where %s', async (_case, spoil, sentence) => {
    const url = new URL(await serverUrl());
    spoil(url);
    const refused = await open(url.href).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseRefused);
    expect((refused as Error).message).toContain(sentence);
    expect((refused as Error).message).not.toContain('wr0ng-secret');
  });

  it.each([
    ['nobody listens', 'postgresql://postgres@127.0.0.1:1/x'],
    ['there is no socket', 'postgresql://postgres@localhost/x?host=/nowhere'],
    ['nobody knows the host', 'postgresql://postgres@nobody.invalid/x'],
  ])('may be tried again where %s', async (_case, url) => {
    await expect(open(url)).rejects.toThrow(DatabaseUnreachable);
  });
});

describe('a connection to the PostgreSQL server', () => {
  let place: TestPostgres;
  beforeAll(async () => {
    place = await createTestDatabase();
  });
  afterAll(() => place.drop());

  it('carries its name and its time limits, which DATABASE_URL may change', async () => {
    const url = new URL(place.url);
    url.searchParams.set('lock_timeout', '1234');
    const database = await open(url.href);
    const rows = await database.dataSource.query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('application_name', 'statement_timeout', 'lock_timeout',
        'idle_in_transaction_session_timeout') ORDER BY name`,
    );
    expect(rows).toEqual([
      { name: 'application_name', setting: 'gatehouse' },
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '1234' },
      { name: 'statement_timeout', setting: '5000' },
    ]);
    await database.close();
  });

  it('may break while nobody uses it: the process lives, and another takes its place', async () => {
    const log = recordingLog();
    const database = await open(place.url, log);
    await database.dataSource.query('SELECT 1');
    await asSuperuser(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gatehouse'
      AND datname = '${new URL(place.url).pathname.slice(1)}'`);
    while (!log.entries.some((entry) => entry.includes('idle connection'))) await turn();
    expect(await database.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('that falls silent is given up, and not handed to the next one', async () => {
    const wire = await silenceableWire(new URL(place.url));
    const database = await open(wire.url);
    wire.silence();
    const error = await database.dataSource.query('SELECT 1').catch((thrown: unknown) => thrown);
    expect(isDatabaseFault(error)).toBe(true);
    wire.heal();
    expect(await database.dataSource.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    await database.close();
    await wire.close();
  });
});

/** A TCP way to the server on which answers can be made to disappear, without the connection closing. */
async function silenceableWire(server: URL) {
  let silent = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const mute = silent;
    const backend = connectTo(server);
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (data) => backend.write(data));
    backend.on('data', (data) => {
      if (!silent && !mute && !swallowed.has(client)) client.write(data);
      else swallowed.add(client);
    });
    client.on('close', () => backend.destroy());
    backend.on('close', () => client.destroy());
  });
  const swallowed = new Set<Socket>();
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', () => resolve());
  });
  const url = new URL(server);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);
  url.searchParams.set('query_timeout', '200');
  return {
    url: url.href,
    silence: () => void (silent = true),
    heal: () => void (silent = false),
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        proxy.close(() => resolve());
      }),
  };
}

function connectTo(server: URL): Socket {
  const host = server.searchParams.get('host');
  return host === null ? connect(Number(server.port || 5432), server.hostname) : connect(join(host, '.s.PGSQL.5432'));
}
