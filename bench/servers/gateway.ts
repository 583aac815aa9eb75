import { mkdtempSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT } from '../places.js';
import { ServerProcess } from './child.js';
import { SERVER_CORE, spawnNode } from './pinned.js';

const ROOT_KEY = 'root-key-of-the-benchmark';
const READY_WITHIN_MS = 120_000;

export interface GatewayOptions {
  /** Null runs the embedded database, in a new folder. */
  readonly databaseUrl: string | null;
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  /** So many processes, of which each takes whatever core is free; one process on the server's core where it is left out. */
  readonly workers?: number;
}

/** The gateway as in production: the command itself, with its limits, guard, metrics and log. */
export class GatewayProcess extends ServerProcess {
  private constructor(
    child: ServerProcess['child'],
    port: number,
    /** From the start of the process until it was ready. */
    readonly readyAfterMs: number,
    readonly logFile: string,
  ) {
    super(child, port);
  }

  static async start({ databaseUrl, env = {}, nodeOptions = [], workers }: GatewayOptions): Promise<GatewayProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    const logFile = join(folder, 'gateway.log');
    const log = openSync(logFile, 'a');
    const port = await freePort();
    const settings = { PORT: String(port), DEMO: 'false', LOG_LEVEL: 'info', GATEHOUSE_ROOT_KEY: ROOT_KEY, DATA_DIR: join(folder, 'data'),
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) };
    const begun = performance.now();
    const core = workers === undefined ? SERVER_CORE : null;
    const several = workers === undefined || workers === 1 ? [] : ['start', '--workers', String(workers)];
    const child = spawnNode(core, [...nodeOptions, join(ROOT, 'dist', 'gatehouse', 'main.js'), ...several], {
      cwd: folder, stdio: ['ignore', log, log], env: { ...process.env, NODE_ENV: 'production', ...settings, ...env },
    });
    await readiness(port, () => child.exitCode !== null, logFile);
    return new GatewayProcess(child, port, performance.now() - begun, logFile);
  }

  /** What the document answers; throws where it has errors. */
  async ask<T>(query: string, variables: Readonly<Record<string, unknown>>, key = ROOT_KEY): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
    if (data === undefined || errors !== undefined) throw new Error(`the gateway answered ${response.status}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** The secret of a new key of the platform. */
  async platformKey(capabilities: readonly string[]): Promise<string> {
    const query = 'mutation MakeKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    const { createApiKey } = await this.ask<{ createApiKey: { secret: string } }>(query, { input: { name: 'benchmark', capabilities } });
    return createApiKey.secret;
  }
}

/** Lets the gateway prepare an empty database. */
export async function migrate(databaseUrl: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const gateway = await GatewayProcess.start({ databaseUrl, env });
  await gateway.stop();
}

async function readiness(port: number, hasEnded: () => boolean, logFile: string): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUpAt && !hasEnded()) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      async (response) => {
        await response.text();
        return response.ok;
      },
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`the gateway did not become ready: see ${logFile}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
