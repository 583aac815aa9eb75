import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../support/gateway.js';
import { type Environment, gatehouse, temporaryFolder } from './command.js';

const OIDC_TOGETHER = 'OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL go together: set all three, or none.\n';

/** What is set, and all that the operator gets to read. */
const REFUSALS: readonly (readonly [string, Environment, unknown])[] = [
  ['a port that is no number', { PORT: 'http' }, 'PORT must be a whole number from 0 to 65535.\n'],
  ['a port beyond the last', { PORT: '65536' }, 'PORT must be a whole number from 0 to 65535.\n'],
  ['a staleness bound below zero', { STALENESS_MS: '-1' }, 'STALENESS_MS must be a whole number from 0 to 60000.\n'],
  ['a staleness bound of more than a minute', { STALENESS_MS: '60001' }, 'STALENESS_MS must be a whole number from 0 to 60000.\n'],
  ['an edition that there is not', { EDITION: 'enterprise' }, 'EDITION must be saas or community.\n'],
  ['another database', { DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL must be a URL that starts with postgres:// or postgresql://\n'],
  ['a database that is no URL', { DATABASE_URL: 'localhost' }, 'DATABASE_URL must be a URL that starts with postgres:// or postgresql://\n'],
  ['an issuer alone', { OIDC_ISSUER: 'https://id.example' }, OIDC_TOGETHER],
  ['an issuer without the audience', { OIDC_ISSUER: 'https://id.example', OIDC_JWKS_URL: 'https://id.example/jwks' }, OIDC_TOGETHER],
  ['a key set that is no URL', { OIDC_JWKS_URL: 'jwks.json' }, 'OIDC_JWKS_URL must be a URL that starts with https:// or http://\n'],
  [
    'a root key that could be guessed',
    { GATEHOUSE_ROOT_KEY: 'short' },
    'GATEHOUSE_ROOT_KEY must be 8 to 255 letters, digits or characters of -._~+/, as a Bearer token has them.\n',
  ],
  ['a level that there is not', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.\n'],
  ['prepared statements that are neither on nor off', { DATABASE_PREPARE: 'maybe' }, 'DATABASE_PREPARE must be true or false.\n'],
  ['a demo that is neither on nor off', { DEMO: 'maybe' }, 'DEMO must be true or false.\n'],
  ['a demo in the edition of one tenant', { DEMO: 'true', EDITION: 'community' }, expect.stringMatching(/^The demo data needs the edition saas: .+\n$/)],
  ['several at once, each on a line', { PORT: 'http', DEMO: 'maybe' }, expect.stringMatching(/^PORT must be .+\nDEMO must be .+\n$/)],
  ['a host of another machine', { HOST: '192.0.2.1' }, expect.stringMatching(/^HOST cannot be listened on \(.+\): set it to an address of this machine.*\n$/)],
  ['a policy folder that is not there', { POLICY_DIR: '/nowhere/policy' }, expect.stringMatching(/^\/nowhere\/policy:1: the folder cannot be read: .+\n$/)],
];

async function refused(env: Environment): Promise<string> {
  const folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const { code, stdout, stderr } = await gatehouse([], { PORT: '0', DATA_DIR: dataDir, ...env });
  expect({ code, stdout, started: existsSync(dataDir) }).toEqual({ code: 1, stdout: '', started: false });
  await folder.remove();
  return stderr;
}

describe('what cannot be started with', () => {
  it.concurrent.each(REFUSALS)('refuses %s in a sentence, and starts nothing', async (_what, env, sentence) => {
    expect(await refused(env)).toEqual(sentence);
  });

  it.concurrent('refuses a port that is taken, in one sentence', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve((taken.address() as AddressInfo).port)));
    expect(await refused({ PORT: String(port) })).toBe('The port is taken: set PORT to another one.\n');
    taken.close();
  });

  it.concurrent('refuses a policy folder with faults, each at its file and line', async () => {
    const folder = await temporaryFolder();
    await cp(join(ROOT, 'policy'), folder.path, { recursive: true });
    await writeFile(join(folder.path, 'own.yaml'), 'key: own\ntitle: Own\nversion: zero\n');
    const said = await refused({ POLICY_DIR: folder.path });
    expect(said.trimEnd().split('\n')).toContainEqual(expect.stringMatching(/own\.yaml:3: .*version/));
    expect(said).toMatch(/^(.+own\.yaml:\d+: .+\n)+$/);
    await folder.remove();
  });

  it.concurrent('counts an empty variable as absent', async () => {
    expect(await refused({ EDITION: '', DATABASE_URL: '', OIDC_ISSUER: '', PORT: 'http' })).toBe('PORT must be a whole number from 0 to 65535.\n');
  });
});
