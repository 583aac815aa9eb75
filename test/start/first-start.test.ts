import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DEMO_PEOPLE } from '../../src/features/demo/demo-world.js';
import { Client } from '../support/client.js';
import { embeddedFolder } from '../support/embedded-folder.js';
import { type Command, endAll, startGatehouse, temporaryFolder } from './command.js';
import { PolicyFolder } from './policy-folder.js';

const run = promisify(execFile);
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/g;

afterEach(endAll);

/** What was printed under the words, exactly as an operator would copy it. */
function printedCurl(text: string, after: string): string {
  const [, rest = ''] = text.split(after);
  return rest.slice(rest.indexOf('  curl '), rest.indexOf("}'") + 2);
}

async function inShell(line: string): Promise<{ data: Record<string, unknown> | null; errors?: { extensions: { code: string } }[] }> {
  const { stdout } = await run('sh', ['-c', line.replace('curl', 'curl -sS')]);
  return JSON.parse(stdout) as { data: Record<string, unknown> | null };
}

describe('a first start on an empty folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let command: Command;
  let url: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    command = startGatehouse({ DATA_DIR: `${folder.path}/data` });
    url = await command.ready();
  });
  afterAll(() => folder.remove());

  it('tells where GraphiQL is, who the demo people are, and what to ask; all of it works, and a second start says it again', async () => {
    expect(command.stdout).toContain(`GraphiQL  ${url}/graphiql`);
    for (const { id, email } of DEMO_PEOPLE) expect(command.stdout).toMatch(new RegExp(`^ {2}${email} +${id}( |$)`, 'm'));
    expect(command.stderr).toContain('survives the end of the process, but not a power cut');

    const answer = await inShell(printedCurl(command.stdout, 'Ask:'));
    expect(answer).toEqual({ data: { check: { allowed: true, reason: 'GRANTED_BY_ROLE', role: 'developer', revision: expect.any(String) } } });

    const [, password] = await command.said(/all with the password (\S+)/);
    const signIn = 'mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    for (const { id, email } of [DEMO_PEOPLE[0]!, DEMO_PEOPLE[3]!, DEMO_PEOPLE.at(-1)!]) {
      const client = new Client(url);
      const data = await client.ask<{ signIn: { accessToken: string } }>(signIn, { input: { email, password } });
      const { viewer } = await client.as(data.signIn.accessToken).ask<{ viewer: unknown }>('{ viewer { user { id } } }');
      expect(viewer).toEqual({ user: { id } });
    }
    expect((await fetch(`${url}/graphiql`)).status).toBe(200);
    expect(await command.end()).toMatchObject({ code: 0 });
    expect((await stat(`${folder.path}/data/demo.json`)).mode & 0o777).toBe(0o600);

    const second = startGatehouse({ DATA_DIR: `${folder.path}/data` });
    const secondUrl = await second.ready();
    expect(second.stdout.replace(ADDRESS, '')).toBe(command.stdout.replace(ADDRESS, ''));
    expect(second.stderr).not.toContain('The database was migrated');
    expect(await inShell(printedCurl(second.stdout, 'Ask:'))).toMatchObject({ data: { check: { allowed: true } } });
    expect(secondUrl).not.toBe('');
  });
});

describe('a start without the demo', () => {
  it('prints a secret that makes the first account OWNER once, and none ever after', async () => {
    const folder = await embeddedFolder();
    const env = { DATA_DIR: folder.path, DEMO: 'false' };
    const first = startGatehouse(env);
    await first.ready();
    expect(first.stdout).not.toContain('Demo people');

    const line = printedCurl(first.stdout, 'make yourself the first account OWNER');
    const answers = await Promise.all(Array.from({ length: 4 }, (_none, i) => inShell(line.replace('you@', `you${i}@`))));
    const made = answers.filter((answer) => answer.data?.['bootstrap'] != null);
    expect(made).toHaveLength(1);
    const refused = answers.filter((answer) => answer !== made[0]).map((answer) => answer.errors?.[0]?.extensions.code);
    expect(refused).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(await inShell(line.replace('you@', 'late@'))).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await first.end();

    const second = startGatehouse(env);
    const url = await second.ready();
    expect(second.stdout).not.toContain('curl');
    const { accessToken } = made[0]!.data!['bootstrap'] as { accessToken: string };
    expect(await new Client(url, accessToken).ask('{ viewer { user { accountRole } } }')).toEqual({ viewer: { user: { accountRole: 'OWNER' } } });
    await second.end();
    await folder.remove();
  });
});

describe('a start with another policy folder', () => {
  it('leaves the demo out, says so, and makes way for the first account OWNER', async () => {
    const [folder, policy] = [await embeddedFolder(), await PolicyFolder.copy()];
    await policy.drop('nanami.yaml');
    const command = startGatehouse({ DATA_DIR: folder.path, POLICY_DIR: policy.path });
    await command.ready();
    expect(command.stderr).toContain('The demo data is left out');
    expect(command.stdout).not.toContain('Demo people');
    expect(command.stdout).toContain('make yourself the first account OWNER');
    await command.end();
    await Promise.all([folder.remove(), policy.remove()]);
  });
});
