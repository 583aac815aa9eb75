import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { type Gateway, startGateway } from '../app.js';
import { type Config, ConfigError, readConfig } from '../config.js';
import type { DemoCredentials } from '../features/demo/demo.service.js';
import { PolicyTakeoverError } from '../features/matrices/policy-takeover.js';
import { PolicyError } from '../policy/policy-error.js';
import { DatabaseRefused } from '../storage/database-refusal.js';
import { welcomeText } from './welcome.js';

export interface Places {
  /** Where the role matrices are that ship with the gateway. */
  readonly policyDir: string;
  readonly graphiqlDir: string;
}

/** Starts the gateway and stays, until a signal stops it. Returns an exit code where it cannot start. */
export async function start(env: NodeJS.ProcessEnv, places: Places): Promise<number | null> {
  const stop = new AbortController();
  try {
    const config = readConfig(env, places.policyDir);
    const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
    stopOnSignals(stop);
    const gateway = await startGateway({ config, log, graphiqlDir: places.graphiqlDir, signal: stop.signal });
    stop.signal.addEventListener('abort', () => void shutDown(gateway, log), { once: true });
    if (stop.signal.aborted) await shutDown(gateway, log);
    else process.stdout.write(await welcome(gateway, config));
    return null;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

function stopOnSignals(stop: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
}

async function shutDown(gateway: Gateway, log: Logger): Promise<void> {
  log.info({}, 'Stopping: requests in flight are answered first.');
  await gateway.close();
}

async function welcome({ url, parts }: Gateway, config: Config): Promise<string> {
  const demo = config.demo ? await demoCredentials(parts.demo, config) : null;
  const bootstrapSecret = await parts.bootstrap.mintSecret();
  return welcomeText({ url, demo, hasDemo: config.demo, bootstrapSecret });
}

/** With the embedded database they are kept beside it, so that every start can say them again. */
async function demoCredentials(demo: Gateway['parts']['demo'], config: Config): Promise<DemoCredentials | null> {
  const file = join(config.dataDir, 'demo.json');
  const made = await demo.seed(new Date());
  if (config.databaseUrl !== null) return made;
  if (made === null) return readCredentials(file);
  await mkdir(config.dataDir, { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  await chmod(file, 0o600);
  return made;
}

async function readCredentials(file: string): Promise<DemoCredentials | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DemoCredentials;
  } catch {
    return null;
  }
}

/** What an operator is to read; anything unforeseen comes with its stack, since this is their terminal. */
function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PolicyError || error instanceof PolicyTakeoverError) return error.message;
  if (error instanceof DatabaseRefused) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'The port is taken: set PORT to another one.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
