import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ChangeFeed, type ChangeFeedOptions } from '../../src/storage/change-feed.js';
import { DatabaseProxy } from '../start/database-proxy.js';
import { Gate } from '../support/gate.js';
import { type RecordingLog, recordingLog } from '../support/logs.js';
import { asSuperuser, createTestDatabase, type TestPostgres } from '../support/postgres.js';
import { Client } from 'pg';

const CHANNEL = 'a_channel';

/** Writes down what it is told, and lets a test wait for it. */
class Ear {
  readonly told: string[] = [];
  private waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  heard(payload: string): void {
    this.tell(`heard ${payload}`);
  }

  missed(): void {
    this.tell('missed');
  }

  /** Resolves once it was told as many things, with all of them. */
  async after(count: number): Promise<readonly string[]> {
    if (this.told.length < count) await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    return this.told;
  }

  private tell(what: string): void {
    this.told.push(what);
    for (const { resolve } of this.waiting.filter(({ count }) => count <= this.told.length)) resolve();
  }
}

const atEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of atEnd.splice(0).toReversed()) await end();
});

let database: TestPostgres;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Feeding {
  readonly feed: ChangeFeed;
  readonly ear: Ear;
  readonly log: RecordingLog;
}

async function feeding(options: Partial<ChangeFeedOptions> = {}): Promise<Feeding> {
  const [ear, log] = [new Ear(), recordingLog()];
  const feed = new ChangeFeed({ url: database.url, channel: CHANNEL, listener: ear, log, ...options });
  atEnd.push(() => feed.close());
  await feed.start();
  return { feed, ear, log };
}

async function notify(payload: string, url = database.url): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
  await client.end();
}

const feeds = () =>
  `FROM pg_stat_activity WHERE datname = '${new URL(database.url).pathname.slice(1)}' AND application_name = 'gatehouse changes'`;
const cut = () => asSuperuser(`SELECT pg_terminate_backend(pid) ${feeds()}`);

const BROKEN = 'warn: Changes on other nodes are not heard of at present; they count within STALENESS_MS.';
const LISTENING = 'info: Changes on other nodes are heard of at once.';

describe('the change feed', () => {
  it('hands on what is notified, in its order', async () => {
    const { ear } = await feeding();
    expect(ear.told).toEqual(['missed']);
    for (const payload of ['one', 'two', 'three']) await notify(payload);
    expect(await ear.after(4)).toEqual(['missed', 'heard one', 'heard two', 'heard three']);
  });

  it('connects anew when it is cut off, and tells that it may have missed something', async () => {
    const gate = new Gate();
    const { ear, log } = await feeding({ pause: () => gate.passed });
    await cut();
    await notify('unheard');
    gate.open();
    expect(await ear.after(2)).toEqual(['missed', 'missed']);
    await notify('heard again');
    expect(await ear.after(3)).toEqual(['missed', 'missed', 'heard heard again']);
    expect(log.entries).toEqual([LISTENING, BROKEN, LISTENING]);
  });

  it('keeps trying for as long as the database is away, and says so once', async () => {
    const proxy = await DatabaseProxy.make();
    atEnd.push(proxy.drop, () => proxy.close());
    const failures: number[] = [];
    const fourth = new Gate();
    const pause = async (count: number) => {
      failures.push(count);
      if (count === 4) await proxy.open().then(fourth.open);
    };
    const { ear, log } = await feeding({ url: proxy.url, pause });
    expect(log.entries).toEqual([BROKEN]);
    await fourth.passed;
    expect(await ear.after(1)).toEqual(['missed']);
    expect(failures).toEqual([1, 2, 3, 4]);
    expect(log.entries).toEqual([BROKEN, LISTENING]);
  });

  it('notices a network that swallows everything', async () => {
    const proxy = await DatabaseProxy.make();
    await proxy.open();
    const swallowing = await SwallowingProxy.make(proxy.url);
    atEnd.push(proxy.drop, () => proxy.close(), () => swallowing.close());
    const { ear } = await feeding({ url: swallowing.url, beatMs: 20, answerMs: 2_000, pause: () => Promise.resolve() });
    swallowing.swallow();
    await ear.after(2);
    await notify('heard again', proxy.directUrl);
    expect(await ear.after(3)).toEqual(['missed', 'missed', 'heard heard again']);
  });

  it('outlives a listener that throws', async () => {
    const ear = new Ear();
    const listener = {
      heard: (payload: string) => {
        ear.heard(payload);
        throw new Error('broken');
      },
      missed: () => {
        ear.missed();
        throw new Error('broken');
      },
    };
    const { log } = await feeding({ listener });
    await notify('one');
    await notify('two');
    expect(await ear.after(3)).toEqual(['missed', 'heard one', 'heard two']);
    expect(log.entries.filter((entry) => entry.startsWith('error: '))).toHaveLength(3);
  });

  it('hands nothing on once it is closed, and leaves no connection', async () => {
    const { feed, ear, log } = await feeding();
    await feed.close();
    await notify('too late');
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(`SELECT pid ${feeds()}`);
    await client.end();
    expect([rows, ear.told, log.entries]).toEqual([[], ['missed'], [LISTENING]]);
  });

  it('closes while it waits to connect again', async () => {
    const begun = new Gate();
    const pause = (_failures: number, signal: AbortSignal) => {
      begun.open();
      return once(signal, 'abort').then(() => undefined);
    };
    const { feed, log } = await feeding({ pause });
    await cut();
    await begun.passed;
    await feed.close();
    expect(log.entries).toEqual([LISTENING, BROKEN]);
  });

  it('closes while a server keeps it waiting for an answer', async () => {
    const silent = createServer();
    atEnd.push(() => new Promise((resolve) => silent.close(resolve)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connected = once(silent, 'connection') as Promise<[Socket]>;
    const url = `postgres://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/none`;
    const log = recordingLog();
    const feed = new ChangeFeed({ url, channel: CHANNEL, listener: new Ear(), log });
    const started = feed.start();
    const [socket] = await connected;
    atEnd.push(() => socket.destroy());
    await feed.close();
    await started;
    expect(log.entries).toEqual([]);
  });

  it('that cannot connect at all still starts, and closes', async () => {
    const { feed, log } = await feeding({ url: 'postgres://u:secret-word@127.0.0.1:1/none' });
    await feed.close();
    expect(log.entries).toEqual([BROKEN]);
  });
});

/** A way to the database on which, from one moment on, nothing arrives any more, though nothing is closed. New connections work. */
class SwallowingProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async make(target: string): Promise<SwallowingProxy> {
    const url = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const here = new URL(target);
    here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new SwallowingProxy(server, here.href);
    server.on('connection', (near) => {
      const far = connect(Number(url.port), url.hostname);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        proxy.sockets.add(one);
        one.on('error', () => undefined);
        one.pipe(other);
      }
    });
    return proxy;
  }

  swallow(): void {
    for (const socket of this.sockets) socket.unpipe().resume();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
