import { type AddressInfo, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { ROOT_KEY } from '../support/gateway.js';
import { createTestDatabase, type TestPostgres } from '../support/postgres.js';
import { must } from '../support/world.js';
import { type Command, type Environment, endAll, gatehouse, startGatehouse } from './command.js';
import { HeldTenant } from './held-tenant.js';
import { PolicyFolder } from './policy-folder.js';

const tenantId = 'held';
const NO_SERVER = 'postgres://nobody@127.0.0.1:1/nothing';

interface Entry {
  readonly pid: number;
  readonly [name: string]: unknown;
}

/** The entries of the log so far whose sentence begins with the words. */
function entries(command: Command, words: string): Entry[] {
  const lines = command.stderr.split('\n').filter((line) => line.includes(`"msg":"${words}`) && line.endsWith('}'));
  return lines.map((line) => JSON.parse(line) as Entry);
}

/** The ids of the workers that serve or have served, once they are so many. */
async function serving(command: Command, count: number): Promise<number[]> {
  await command.said(new RegExp(`(?:"msg":"A worker is ready[^]*?\\n[^]*){${count}}`));
  return entries(command, 'A worker is ready').map(({ worker }) => Number(worker));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Orphans have gone where they are adopted and buried, which takes a moment. */
async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await setImmediate();
}

/** Each on a connection of its own, so that they go round all workers. */
function visits(url: string, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, async () => (await fetch(url, { headers: { connection: 'close' } })).status));
}

async function metrics(url: string): Promise<(series: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (series) => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length));
  };
}

const VISITS = 'http_requests_total{route="livez",status="2xx"}';
const ALL_TIMED = 'http_request_duration_seconds_count{route="livez",status="2xx"}';

const MEMORY = 'process_resident_memory_bytes';

describe('gatehouse --workers', () => {
  let database: TestPostgres;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await HeldTenant.releaseAll();
    await endAll();
    await database.drop();
  });

  function start(args: readonly string[], env: Environment = {}): Command {
    return startGatehouse({ DATABASE_URL: database.url, GATEHOUSE_ROOT_KEY: ROOT_KEY, ...env }, args);
  }

  it('serves with so many processes on one port, says once what an operator is to read, and ends them all on a signal', async () => {
    const command = start(['--workers', '2']);
    const url = await command.ready();
    const pids = await serving(command, 2);
    expect(new Set(pids).size).toBe(2);
    expect(entries(command, 'Listening').map((entry) => entry['url'])).toEqual([url, url]);
    expect(await visits(`${url}/livez`, 30)).toEqual(Array.from({ length: 30 }, () => 200));
    for (const scrape of [1, 2, 3, 4]) {
      const read = await metrics(url);
      expect({ scrape, visits: read(VISITS), timed: read(ALL_TIMED) }).toEqual({ scrape, visits: 30, timed: 30 });
    }
    const { code, stdout } = await command.end();
    expect(code).toBe(0);
    expect(stdout.match(/Gatehouse is ready/g)).toHaveLength(1);
    expect(stdout.match(/make yourself the first account OWNER/g)).toHaveLength(1);
    expect(entries(command, 'Stopping').map(({ pid }) => pid).sort()).toEqual(pids.toSorted());
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('puts another worker in the place of one that was killed, answers all that is sent from then on, and counts on', async () => {
    const command = start(['start', '--workers=2']);
    const url = await command.ready();
    const [first] = await serving(command, 2);
    await visits(`${url}/livez`, 20);
    const before = await metrics(url);
    process.kill(first!, 'SIGKILL');
    const pids = await serving(command, 3);
    expect(new Set(pids).size).toBe(3);
    expect(entries(command, 'A worker ended')).toMatchObject([{ worker: first, code: null, signal: 'SIGKILL', pauseMs: 250 }]);
    expect(await visits(`${url}/livez`, 40)).toEqual(Array.from({ length: 40 }, () => 200));
    const root = new Client(url, ROOT_KEY);
    for (let i = 0; i < 4; i++) expect(await root.ask('{ roleMatrix(key: "fastn") { key } }')).toEqual({ roleMatrix: { key: 'fastn' } });
    const after = await metrics(url);
    expect({ visits: after(VISITS), timed: after(ALL_TIMED) }).toEqual({ visits: 60, timed: 60 });
    expect(after(MEMORY)).toBeLessThan(before(MEMORY) * 1.4);
    expect(command.stdout.match(/Gatehouse is ready/g)).toHaveLength(1);
    expect(await command.end()).toMatchObject({ code: 0 });
  });

  it('keeps the port that it took where all workers die at once, and leaves none behind where it is killed itself', async () => {
    const command = start(['--workers', '2']);
    const url = await command.ready();
    for (const pid of await serving(command, 2)) process.kill(pid, 'SIGKILL');
    const pids = await serving(command, 4);
    expect(entries(command, 'Listening').map((entry) => entry['url'])).toEqual([url, url, url, url]);
    expect(await visits(`${url}/readyz`, 10)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await command.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await gone(pids);
  });

  async function busy(): Promise<{ command: Command; held: HeldTenant; answer: Promise<{ status: number } | null> }> {
    const command = start(['--workers', '2']);
    const url = await command.ready();
    await serving(command, 2);
    const root = new Client(url, ROOT_KEY);
    await must(root.mutate('createUser', { id: 'olga', name: 'Olga' }, 'user { id }'));
    await must(root.mutate('createTenant', { id: tenantId, name: 'Held', matrix: 'fastn', ownerId: 'olga' }, 'revision'));
    const held = await HeldTenant.hold(database.url, tenantId);
    const answer = root.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales' }, 'department { id }').catch(() => null);
    await held.isWaitedFor();
    return { command, held, answer };
  }

  it.each([
    ['SIGTERM', 'to itself', (): readonly number[] => []],
    ['SIGINT', 'to all its processes, as a terminal sends it', (workers: readonly number[]) => workers],
  ] as const)('on %s %s answers the request in flight, and ends well', async (signal, _to, alsoTo) => {
    const { command, held, answer } = await busy();
    const ended = command.end(signal);
    for (const pid of alsoTo(await serving(command, 2))) process.kill(pid, signal);
    await command.said(/(?:"msg":"Stopping[^]*){2}/);
    await held.release();
    expect(await answer).toMatchObject({ status: 200, data: { createDepartment: { department: { id: 'sales' } } } });
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(entries(command, 'A worker ended')).toEqual([]);
  });

  it('on a second signal ends at once, with all workers', async () => {
    const { command, held, answer } = await busy();
    void command.end('SIGTERM');
    await command.said(/(?:"msg":"Stopping[^]*){2}/);
    expect(await command.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(await answer).toBeNull();
    await held.release();
  });

  it('ends well while its first worker still waits for the database', async () => {
    const command = start(['--workers', '2'], { DATABASE_URL: NO_SERVER });
    await command.said(/Waiting for the database/);
    expect(await command.end()).toMatchObject({ code: 0, stdout: '' });
  });

  it('ends well while its second worker is only just being started', async () => {
    const command = start(['--workers', '2']);
    await command.said(/A worker is ready/);
    expect(await command.end()).toMatchObject({ code: 0, signal: null });
  });

  it('is refused a port that is taken as it would be with one process, and does not try again', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve((taken.address() as AddressInfo).port)));
    const ended = await start(['--workers', '2'], { PORT: String(port) }).ended;
    expect(ended).toEqual({ code: 1, signal: null, stdout: '', stderr: 'The port is taken: set PORT to another one.\n' });
    taken.close();
  });

  it('is refused a host of another machine as it would be with one process', async () => {
    const { code, stderr } = await start(['--workers', '2'], { HOST: '192.0.2.1' }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^HOST cannot be listened on \(.+\): set it to an address of this machine.*\n$/) });
  });

  it('is refused a policy with faults as it would be with one process', async () => {
    const folder = await PolicyFolder.copy();
    await folder.write('own.yaml', 'key: own\ntitle: Own\nversion: zero\n');
    const { code, stdout, stderr } = await start(['--workers', '2'], { POLICY_DIR: folder.path }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^(.+own\.yaml:\d+: .+\n)+$/);
    expect(stderr.match(/own\.yaml:3: /g)).toHaveLength(1);
    await folder.remove();
  });

  it('goes on with the workers that it has where another one is refused its start', async () => {
    const folder = await PolicyFolder.copy();
    const command = start(['--workers', '2'], { POLICY_DIR: folder.path });
    const url = await command.ready();
    const [, second] = await serving(command, 2);
    await folder.write('own.yaml', 'key: own\ntitle: Own\nversion: zero\n');
    process.kill(second!, 'SIGKILL');
    await command.said(/"code":1,"signal":null,"pauseMs":500/);
    expect(await visits(`${url}/readyz`, 10)).toEqual(Array.from({ length: 10 }, () => 200));
    await folder.drop('own.yaml');
    await serving(command, 3);
    expect(await command.end()).toMatchObject({ code: 0 });
    await folder.remove();
  });
});

describe('what --workers cannot be given', () => {
  it.concurrent.each(['0', '65', '1.5', 'two', '', '1e1', '-1', '+2'])('is the value "%s": the usage follows', async (value) => {
    const { code, stdout, stderr } = await gatehouse([`--workers=${value}`], { DATABASE_URL: NO_SERVER });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^--workers must be a whole number from 1 to 64\.\n\nUsage: gatehouse/);
  });

  it.concurrent.each([
    ['no value', ['--workers']],
    ['another command', ['schema', '--workers', '2']],
  ])('is %s', async (_what, args) => {
    const { code, stdout, stderr } = await gatehouse(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--workers[^]+Usage: gatehouse/);
    expect(stderr).not.toContain('    at ');
  });

  it.concurrent('is the embedded database, which one process owns', async () => {
    const { code, stdout, stderr } = await gatehouse(['--workers', '2'], { DATA_DIR: '/nowhere/data' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'The embedded database is for one process at a time, so it cannot serve several workers: set DATABASE_URL to a PostgreSQL database, or leave --workers away.\n',
    );
  });

  it.concurrent('is a setting that cannot be used, said once', async () => {
    const { code, stderr } = await gatehouse(['--workers', '2'], { PORT: 'http', DATABASE_URL: NO_SERVER });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'PORT must be a whole number from 0 to 65535.\n' });
  });
});
