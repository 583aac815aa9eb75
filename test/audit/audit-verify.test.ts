import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/data-source.js';
import { type Environment, endAll, gatehouse, temporaryFolder } from '../start/command.js';
import { DATABASE_KINDS, type DatabaseKind } from '../support/databases.js';
import { embeddedFolder } from '../support/embedded-folder.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { SILENT } from '../support/logs.js';
import { createTestDatabase } from '../support/postgres.js';
import { World } from '../support/world.js';
import { Chains } from './chain.js';

type AtEnd = () => Promise<unknown>;
const atEnd: AtEnd[] = [];
afterEach(async () => {
  await endAll();
  for (const end of atEnd.splice(0).toReversed()) await end();
});

interface Site {
  readonly gateway: GatewayForTests;
  /** Leads the command to the same database. */
  readonly env: Environment;
  readonly tenantId: string;
  readonly otherId: string;
  /** Stops the gateway and leaves the database. */
  readonly stop: AtEnd;
}

async function siteOn(kind: DatabaseKind): Promise<Site> {
  const env = await (kind === 'postgres' ? onServer() : inFolder());
  const gateway = await gatewayForTests({ kind, env });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= gateway.close());
  atEnd.push(stop);
  const world = new World(gateway);
  const [{ tenantId }, other] = [await world.tenant({ departments: ['d1', 'd2', 'd3'] }), await world.tenant()];
  return { gateway, env, tenantId, otherId: other.tenantId, stop };
}

async function onServer(): Promise<Environment> {
  const { url, drop } = await createTestDatabase();
  atEnd.push(drop);
  return { DATABASE_URL: url };
}

async function inFolder(): Promise<Environment> {
  const { path, remove } = await embeddedFolder();
  atEnd.push(remove);
  return { DATA_DIR: path };
}

describe.each(DATABASE_KINDS)('audit verify on %s', (kind) => {
  it('says in a line that all is well; else names what is wrong, and fails', async () => {
    const { env, tenantId, otherId, stop } = await siteOn(kind);
    // An embedded database is looked at while no gateway runs on it.
    if (kind === 'embedded') await stop();
    const one = await gatehouse(['audit', 'verify', tenantId], env);
    expect(one).toMatchObject({ code: 0, stdout: 'The audit log is sound: 4 events in 1 chain.\n', stderr: '' });
    const whole = await gatehouse(['audit', 'verify'], env);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^The audit log is sound: \d+ events in 3 chains\.\n$/);

    const place = { url: env['DATABASE_URL'] ?? null, dataDir: env['DATA_DIR'] ?? '' };
    const database = await openDatabase({ ...place, entities: [], migrations: [], log: SILENT });
    const chains = new Chains(database);
    const [, second, third, last] = await chains.events(tenantId);
    const [platformFirst] = await chains.events('');
    await chains.tamper(async (sql) => {
      await sql(`UPDATE audit_events SET target = 'x' WHERE id = $1`, [second!.id]);
      await sql('DELETE FROM audit_events WHERE id = $1', [last!.id]);
      await sql(`UPDATE audit_events SET id = 'another' WHERE id = $1`, [platformFirst!.id]);
    });
    await database.close();

    const platform =
      `platform: revision ${platformFirst!.revision}, event another: ` +
      'was changed: what it says does not match its hash\n';
    const tenant =
      `tenant ${tenantId}: revision ${second!.revision}, event ${second!.id}: ` +
      `was changed: what it says does not match its hash, unless the event of revision ${second!.revision - 1n} was replaced together with its hash\n` +
      `tenant ${tenantId}: revision ${third!.revision}, event ${third!.id}: is the last of 3 events, but 4 were written: the one behind it was removed\n`;
    expect(await gatehouse(['audit', 'verify'], env)).toMatchObject({ code: 1, stdout: '', stderr: platform + tenant });
    expect(await gatehouse(['audit', 'verify', tenantId], env)).toMatchObject({ code: 1, stdout: '', stderr: tenant });
    expect(await gatehouse(['audit', 'verify', ''], env)).toMatchObject({ code: 1, stdout: '', stderr: platform });
    expect(await gatehouse(['audit', 'verify', otherId], env)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('audit verify', () => {
  it('does not let an id that was written by hand speak to the terminal', async () => {
    const { gateway, env } = await siteOn('postgres');
    await new Chains(gateway.gateway.database).tamper(async (sql) => {
      await sql(`UPDATE audit_events SET tenant_id = E'a\\x1b[2Jb' WHERE tenant_id = '' AND revision = 1`);
    });
    const { code, stderr } = await gatehouse(['audit', 'verify'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('tenant "a\\u001b[2Jb": revision ');
    expect(stderr).not.toContain('\u001b');
  });

  it('leaves a data folder alone that a gateway holds', async () => {
    const { env } = await siteOn('embedded');
    const { code, stdout, stderr } = await gatehouse(['audit', 'verify'], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^The data folder .+ is in use by .+: stop that one first, or set DATA_DIR to another folder\.\n$/);
  });

  it('knows only tenants that there are', async () => {
    const { env } = await siteOn('postgres');
    const { code, stderr } = await gatehouse(['audit', 'verify', 'nowhere'], env);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'There is no tenant "nowhere", and no audit event of one.\n' });
  });

  it('makes no database where there is none', async () => {
    const { path, remove } = await temporaryFolder();
    const { code, stderr } = await gatehouse(['audit', 'verify'], { DATA_DIR: path });
    const sentence = `There is no embedded database in ${path}: set DATABASE_URL or DATA_DIR as for the gateway.\n`;
    expect({ code, stderr }).toEqual({ code: 2, stderr: sentence });
    expect(existsSync(join(path, 'database'))).toBe(false);
    await remove();
  });

  it('migrates no database', async () => {
    const [server, folder] = [await createTestDatabase(), await embeddedFolder()];
    await (await openDatabase({ url: null, dataDir: folder.path, entities: [], migrations: [], log: SILENT })).close();
    const sentence =
      'The database is not, or not yet, one of this version of Gatehouse: start the gateway on it once, which migrates it.\n';
    const places: readonly Environment[] = [{ DATABASE_URL: server.url }, { DATA_DIR: folder.path }];
    for (const env of places) {
      expect(await gatehouse(['audit', 'verify'], env)).toMatchObject({ code: 2, stdout: '', stderr: sentence });
    }
    await server.drop();
    await folder.remove();
  });

  it.each<[what: string, env: Environment, sentence: RegExp]>([
    ['cannot be reached', { DATABASE_URL: 'postgres://u:secret-word@127.0.0.1:1/none' }, /^The database cannot be reached: .+\n$/],
    ['is named by a setting that cannot be used', { DATABASE_URL: 'mysql://here' }, /^DATABASE_URL must be .+\n$/],
  ])('says so where the database %s', async (_what, env, sentence) => {
    const { code, stdout, stderr } = await gatehouse(['audit', 'verify'], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('secret-word');
  });

  it.each([['audit'], ['audit', 'verify', 'one', 'two'], ['audit', 'check']])('is refused with the usage as %s %s %s', async (...args) => {
    const { code, stderr } = await gatehouse(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: gatehouse \[command\]\n[^]*audit verify \[tenant\]/);
  });
});
