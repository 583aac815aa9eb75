import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/gateway.js';
import { gatehouse, temporaryFolder, UNBUNDLED } from './command.js';

const USAGE = /^Usage: gatehouse \[command\]\n[^]*policy check \[dir\][^]*schema/;

/** A module hook that writes the name of everything that is loaded on a line of its own. */
const HOOK = `
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { appendFileSync } from 'node:fs';
    export async function load(url, context, next) {
      appendFileSync(process.env.LOADED, url + '\\\\n');
      return next(url, context);
    }\`));
`;

describe('the command', () => {
  it.each([['--help'], ['-h']])('explains itself on %s', async (flag) => {
    const { code, stdout, stderr } = await gatehouse([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(USAGE);
  });

  it.each([
    ['a command that there is not', ['serve']],
    ['a flag that there is not', ['--port=4000']],
    ['a flag behind a command', ['policy', 'check', '--strict']],
    ['a word too many', ['schema', 'please']],
    ['half a command', ['policy']],
  ])('refuses %s with its usage', async (_what, args) => {
    const { code, stdout, stderr } = await gatehouse(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.slice(stderr.indexOf('Usage'))).toMatch(USAGE);
    expect(stderr).not.toContain('    at ');
  });

  it('prints the schema that is checked in', async () => {
    const { code, stdout } = await gatehouse(['schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(join(ROOT, 'schema.graphql'), 'utf8'));
  });
});

describe('policy check', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let policy: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    policy = join(folder.path, 'policy');
    await mkdir(policy);
    await cp(join(ROOT, 'policy'), policy, { recursive: true });
    await writeFile(join(policy, 'own.yaml'), 'key: own\ntitle: Own\nversion: zero\n');
  });
  afterAll(() => folder.remove());

  it('is silent about the policy that ships, and loads nothing that knows a database or GraphQL for it', async () => {
    const hook = join(folder.path, 'hook.mjs');
    const loaded = join(folder.path, 'loaded.txt');
    await writeFile(hook, HOOK);
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(hook).href}`, LOADED: loaded };
    expect(await gatehouse(['policy', 'check'], env, UNBUNDLED)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const names = await readFile(loaded, 'utf8');
    expect(names).toContain('/dist/src/policy/policy-folder.js');
    expect(names).not.toMatch(/node_modules\/(typeorm|pg|type-graphql|graphql|@apollo|@electric-sql)\//);
  });

  it('tells each problem of a folder on stderr, with file and line', async () => {
    const { code, stdout, stderr } = await gatehouse(['policy', 'check', policy]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^(.+own\.yaml:\d+: .+\n)+$/);
    expect(stderr).toMatch(/own\.yaml:3: .*version/);
  });

  it('checks the folder of POLICY_DIR where none is named, and the one that ships where that is empty', async () => {
    expect(await gatehouse(['policy', 'check'], { POLICY_DIR: policy })).toMatchObject({ code: 1 });
    expect(await gatehouse(['policy', 'check'], { POLICY_DIR: '' })).toMatchObject({ code: 0, stderr: '' });
  });

  it('says that a folder is not there', async () => {
    const absent = join(folder.path, 'absent');
    const { code, stderr } = await gatehouse(['policy', 'check', absent]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.+absent:1: the folder cannot be read: .+\n$/);
  });
});
