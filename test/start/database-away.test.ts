import { join } from 'node:path';
import { pino } from 'pino';
import { type Gateway, startGateway } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { Client, type GraphqlAnswer, type Variables } from '../support/client.js';
import { ROOT, ROOT_KEY, TestClock } from '../support/gateway.js';
import { serverUrl } from '../support/postgres.js';
import { must } from '../support/world.js';
import { endAll, gatehouse, startGatehouse } from './command.js';
import { DatabaseProxy } from './database-proxy.js';
import { HeldTenant } from './held-tenant.js';

/** A gateway in the making, and what it logs meanwhile. */
class Starting {
  readonly logged: string[] = [];
  readonly started: Promise<Gateway>;
  private readonly watchers = new Set<() => void>();
  private readonly stop = new AbortController();

  constructor(databaseUrl: string) {
    const log = pino({ level: 'info' }, { write: (line: string) => this.hear(line) });
    const config = readConfig({ PORT: '0', DATABASE_URL: databaseUrl, DEMO: 'false', GATEHOUSE_ROOT_KEY: ROOT_KEY }, join(ROOT, 'policy'));
    this.started = startGateway({ config, log, clock: new TestClock(), graphiqlDir: join(ROOT, 'dist', 'graphiql'), signal: this.stop.signal });
  }

  async end(): Promise<void> {
    this.stop.abort();
    await (await this.started.catch(() => null))?.close();
  }

  /** The first entry of the log that has the words. */
  entry(words: string): Promise<Readonly<Record<string, unknown>>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const line = this.logged.find((logged) => logged.includes(words));
        if (line === undefined) return;
        this.watchers.delete(look);
        resolve(JSON.parse(line) as Record<string, unknown>);
      };
      this.watchers.add(look);
      look();
    });
  }

  private hear(line: string): void {
    this.logged.push(line);
    for (const look of this.watchers) look();
  }
}

async function readiness(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.text() };
}

let proxy: DatabaseProxy;
beforeEach(async () => {
  proxy = await DatabaseProxy.make();
});
afterEach(async () => {
  await HeldTenant.releaseAll();
  await endAll();
  await proxy.close();
  await proxy.drop();
});

describe('a database that is away at the start', () => {
  let starting: Starting | null = null;
  afterEach(async () => {
    await starting?.end();
    starting = null;
  });

  it('is waited for: the gateway lives, is not ready, answers UNAVAILABLE, and serves once it is there', async () => {
    starting = new Starting(proxy.url);
    const { cause } = await starting.entry('Waiting for the database.');
    expect(cause).toContain('ECONNREFUSED');
    const url = String((await starting.entry('Listening'))['url']);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await readiness(url)).toMatchObject({ status: 503, body: expect.stringContaining('"starting"') });
    const client = new Client(url, ROOT_KEY);
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const { status, headers, data, errors } = await client.send('{ viewer { user { id } } }', {}, { accept });
      expect({ status, data, codes: errors.map((error) => error.extensions.code) }).toEqual({ status: 503, data: undefined, codes: ['UNAVAILABLE'] });
      expect(headers.get('content-type')).toContain(accept);
    }

    await proxy.open();
    const gateway = await starting.started;
    expect(gateway.url).toBe(url);
    expect(await readiness(url)).toMatchObject({ status: 200 });
    expect(await client.ask('{ roleMatrix(key: "fastn") { key } }')).toEqual({ roleMatrix: { key: 'fastn' } });
  });

  it('may go away again in the middle of the start, which then begins anew', async () => {
    await proxy.open();
    starting = new Starting(proxy.url);
    await starting.entry('The database was migrated.');
    await proxy.close();
    await starting.entry('Waiting for the database.');
    await proxy.open();
    const gateway = await starting.started;
    expect(await readiness(gateway.url)).toMatchObject({ status: 200 });
  });

  it.each([
    ['refuses the user', (url: URL) => void ((url.username = 'locked_out'), (url.password = 'wr0ng-secret')), /correct the user and password in DATABASE_URL\.$/],
    ['has no such database', (url: URL) => void (url.pathname = '/no_such_database'), /create that database, or correct the name in DATABASE_URL\.$/],
  ])('is not waited for where the server %s', async (_why, spoil, sentence) => {
    const url = new URL(await serverUrl());
    spoil(url);
    const { code, stdout, stderr } = await gatehouse([], { PORT: '0', DATABASE_URL: url.href });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(sentence);
    expect(stderr).not.toMatch(/wr0ng-secret|\n {4}at /);
  });
});

describe('a database that goes away while the gateway runs', () => {
  const tenantId = 'cut-off';
  const CHECK = 'query($input: CheckInput!, $mode: ConsistencyMode) { check(input: $input, consistency: { mode: $mode }) { allowed } }';
  const input = { userId: 'dora', tenantId, permission: 'connectors.publish' };
  const ALLOWED = { check: { allowed: true } };

  /** A process of its own, with a tenant, a developer in it, and the client of a key that may ask about them. */
  async function serve(stalenessMs: number): Promise<{ url: string; root: Client; key: Client }> {
    await proxy.open();
    const url = await startGatehouse({ DATABASE_URL: proxy.url, GATEHOUSE_ROOT_KEY: ROOT_KEY, STALENESS_MS: String(stalenessMs) }).ready();
    const root = new Client(url, ROOT_KEY);
    for (const id of ['olga', 'dora']) await must(root.mutate('createUser', { id, name: id }, 'user { id }'));
    await must(root.mutate('createTenant', { id: tenantId, name: 'Cut off', matrix: 'fastn', ownerId: 'olga' }, 'revision'));
    await must(root.mutate('addMember', { tenantId, userId: 'dora', role: 'developer' }, 'revision'));
    const { data } = await must(root.mutate<{ secret: string }>('createApiKey', { tenantId, name: 'A key', capabilities: ['decision.read'] }, 'secret'));
    return { url, root, key: root.as(data!['createApiKey']!.secret) };
  }

  /** Everything that a refusal may say; the rest is for the log. */
  function expectUnavailable({ status, data, errors, text }: GraphqlAnswer<unknown>): void {
    expect({ status, errors: errors.map((error) => [error.extensions.code, error.message]) }).toEqual({
      status: 503,
      errors: [['UNAVAILABLE', 'The gateway cannot reach its database; try again shortly.']],
    });
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(text).not.toMatch(/ECONN|127\.0\.0\.1|postgres|select |terminated/i);
  }

  /** Health is looked at once a second at most, so what it says follows a little later. */
  async function turns(url: string, status: number): Promise<string> {
    for (;;) {
      const report = await readiness(url);
      if (report.status === status) return report.body;
    }
  }

  it('is answered for by UNAVAILABLE past the bound and never by a decision, turns /readyz red, and is taken up again once it is back', async () => {
    const { url, root, key } = await serve(0);
    expect(await key.ask(CHECK, { input })).toEqual(ALLOWED);
    await proxy.close();
    const of = { userId: 'dora', tenantId };
    const questions: readonly (readonly [string, Variables])[] = [
      [CHECK, { input }],
      ['query($input: CheckInput!) { checks(inputs: [$input]) { allowed } }', { input }],
      ['query($input: CheckInput!) { explain(input: $input) { decision { allowed } } }', { input }],
      ['query($input: CheckPermissionsInput!) { checkPermissions(input: $input) { allowed } }', { input: { ...of, permissions: ['connectors.read'] } }],
      ['query($input: EffectivePermissionsInput!) { effectivePermissions(input: $input) { revision } }', { input: of }],
      ['query($input: UsersWithPermissionInput!) { usersWithPermission(input: $input) { totalCount } }', { input: { tenantId, permission: 'connectors.read' } }],
      ['query($id: ID!) { tenant(id: $id) { name } }', { id: tenantId }],
    ];
    for (const [query, variables] of questions) expectUnavailable(await root.send(query, variables));
    expectUnavailable(await key.send(CHECK, { input }));
    expectUnavailable(await root.mutate('createUser', { id: 'nobody', name: 'Nobody' }, 'user { id }'));
    expectUnavailable(await root.mutate('createDepartment', { tenantId, id: 'none', name: 'None' }, 'revision'));
    expectUnavailable(await root.as(null).mutate('signIn', { email: 'olga@people.example', password: 'whatever it is' }, 'accessToken'));
    const red = await turns(url, 503);
    expect(red).toContain('"database":"failing"');
    expect(red).not.toMatch(/ECONN|127\.0\.0\.1/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);

    await proxy.open();
    const answers = await Promise.all(Array.from({ length: 40 }, () => key.ask(CHECK, { input })));
    expect(answers).toEqual(answers.map(() => ALLOWED));
    await turns(url, 200);
    await must(root.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales' }, 'revision'));
  });

  it('leaves the answers that are at hand within the bound, and none to whoever asks for the present', async () => {
    const { root, key } = await serve(60_000);
    expect(await key.ask(CHECK, { input })).toEqual(ALLOWED);
    await proxy.close();
    expect(await key.ask(CHECK, { input })).toEqual(ALLOWED);
    expectUnavailable(await key.send(CHECK, { input, mode: 'FULL' }));
    expectUnavailable(await key.send(CHECK, { input: { ...input, userId: 'olga' } }));
    expect(await root.ask('{ roleMatrix(key: "fastn") { version } }')).toEqual({ roleMatrix: { version: 1 } });
  });

  it('does not acknowledge a change that was under way, and has nothing of it', async () => {
    const { root } = await serve(0);
    const held = await HeldTenant.hold(proxy.directUrl, tenantId);
    const change = root.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales' }, 'revision');
    await held.isWaitedFor();
    await proxy.close();
    expectUnavailable(await change);
    await held.release();
    await proxy.open();
    await must(root.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales, anew' }, 'revision'));
  });
});
