import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Gateway, startGateway } from '../app.js';
import { type Config, ConfigError, readConfig } from '../config.js';
import { AppError } from '../errors.js';
import { demoFits } from '../features/demo/demo-fits.js';
import type { DemoCredentials } from '../features/demo/demo.service.js';
import { PolicyTakeoverError } from '../features/matrices/policy-takeover.js';
import { Metrics } from '../http/metrics.js';
import { PolicyError } from '../policy/policy-error.js';
import { DatabaseRefused } from '../storage/database-refusal.js';
import { keepTheShapeOfTicks, makeNothingAmongTheOld } from './garbage-collection.js';
import { operatorLog } from './operator-log.js';
import { aborted, stopOnSignal } from './stop-signals.js';
import { welcomeText } from './welcome.js';

export interface Places {
  /** Where the role matrices are that ship with the gateway. */
  readonly policyDir: string;
  readonly graphiqlDir: string;
}

/** What is different for one of several processes. */
export interface StartOptions {
  /** A signal aborts it; and whoever else does stops the gateway as a signal would. */
  readonly stop?: AbortController;
  /** How many processes serve together. */
  readonly processes?: number;
  readonly metrics?: Metrics;
  /** The first listens from the outset, puts the demo data in and prints what an operator is to read; the others join it. */
  readonly isFirst?: boolean;
  readonly onReady?: () => void;
}

/** Starts the gateway and stays until it is stopped. Returns the exit code. */
export async function start(env: NodeJS.ProcessEnv, places: Places, options: StartOptions = {}): Promise<number> {
  const { stop = new AbortController(), processes = 1, metrics = new Metrics(), isFirst = true, onReady } = options;
  const { signal } = stop;
  let gateway: Gateway | null = null;
  try {
    const config = readConfig(env, places.policyDir);
    const log = operatorLog(config);
    stopOnSignal(stop);
    makeNothingAmongTheOld();
    keepTheShapeOfTicks();
    gateway = await startGateway({ config, log, metrics, processes, graphiqlDir: places.graphiqlDir, signal, listensLate: !isFirst });
    const text = isFirst ? await welcome(gateway, config, log) : '';
    if (!signal.aborted) process.stdout.write(text);
    onReady?.();
    await aborted(signal);
    log.info({}, 'Stopping: requests in flight are answered first.');
    await gateway.close();
    return 0;
  } catch (error) {
    await gateway?.close();
    if (signal.aborted) return 0;
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

async function welcome(gateway: Gateway, config: Config, log: Logger): Promise<string> {
  const hasDemo = config.demo && demoFits(gateway.policy);
  if (config.demo && !hasDemo) log.warn({}, 'The demo data is left out: it needs the role matrices and plans that ship with the gateway.');
  const demo = hasDemo ? await demoCredentials(gateway.parts.demo, config) : null;
  const bootstrapSecret = await gateway.parts.bootstrap.mintSecret();
  return welcomeText({ url: gateway.url, demo, hasDemo, bootstrapSecret });
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
  if (!(error instanceof Error)) return String(error);
  if (FORESEEN.some((kind) => error instanceof kind)) return error.message;
  return listenFault(error) ?? error.stack ?? error.message;
}

const FORESEEN = [ConfigError, PolicyError, PolicyTakeoverError, DatabaseRefused, AppError];

/** To a worker, whose listening the primary does, its failure is one of `bind`. */
const LISTENING: ReadonlySet<string | undefined> = new Set(['listen', 'bind']);

/** Null where the error is not about the address to listen on. */
function listenFault(error: NodeJS.ErrnoException): string | null {
  if (error.code === 'EADDRINUSE') return 'The port is taken: set PORT to another one.';
  if (error.code === 'EACCES' && LISTENING.has(error.syscall)) return 'This user may not listen on the port: set PORT to one above 1023.';
  if (!LISTENING.has(error.syscall) && error.syscall !== 'getaddrinfo') return null;
  return `HOST cannot be listened on (${error.message}): set it to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`;
}
