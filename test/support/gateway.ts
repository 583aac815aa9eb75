import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Gateway, startGateway } from '../../src/app.js';
import { type Config, readConfig } from '../../src/config.js';
import type { Clock, Timer } from '../../src/domain/clock.js';
import type { DatabaseKind } from './databases.js';
import { COMPILE_AFTER } from './execution.js';
import { embeddedFolder } from './embedded-folder.js';
import { createTestDatabase } from './postgres.js';

export const ROOT = join(import.meta.dirname, '..', '..');
export const ROOT_KEY = 'root-key-of-the-tests';

/** A clock that stands still until it is told otherwise. */
export class TestClock implements Clock {
  constructor(private milliseconds = Date.parse('2030-01-01T00:00:00.000Z')) {}

  now(): number {
    return this.milliseconds;
  }

  advance(milliseconds: number): void {
    this.milliseconds += milliseconds;
  }

  set(iso: string): void {
    this.milliseconds = Date.parse(iso);
  }
}

const NEVER: Timer = () => () => undefined;

export interface GatewayForTests<C extends Clock = TestClock> {
  readonly gateway: Gateway;
  readonly url: string;
  readonly clock: C;
  readonly config: Config;
  /** What the gateway wrote to its log, one JSON line each. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export interface GatewayOptionsForTests<C extends Clock = TestClock> {
  /** PostgreSQL by default, since that is what counts. */
  readonly kind?: DatabaseKind;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: C;
  /** When the gateway looks for changes of other nodes; never, but for once at its start, without one. */
  readonly timer?: Timer;
}

/**
 * A whole gateway on a free port and a database of its own: what an outsider would meet, but for the clock. With the
 * DATABASE_URL of another one in `env` it is a second node beside that, which must be closed first.
 */
export function gatewayForTests(options?: GatewayOptionsForTests): Promise<GatewayForTests>;
export function gatewayForTests<C extends Clock>(options: GatewayOptionsForTests<C>): Promise<GatewayForTests<C>>;
export async function gatewayForTests({ kind = 'postgres', env = {}, clock = new TestClock(), timer = NEVER }: GatewayOptionsForTests<Clock> = {}): Promise<GatewayForTests<Clock>> {
  const place = env['DATABASE_URL'] === undefined ? await placeOfOwn(kind) : NOWHERE_ELSE;
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const config = readConfig({ PORT: '0', DEMO: 'false', GATEHOUSE_ROOT_KEY: ROOT_KEY, ...place.env, ...env }, join(ROOT, 'policy'));
  const gateway = await startGateway({ config, log, clock, timer, compileAfter: COMPILE_AFTER, graphiqlDir: join(ROOT, 'dist', 'graphiql') });
  const close = async (): Promise<void> => {
    await gateway.close();
    await place.remove();
  };
  return { gateway, url: gateway.url, clock, config, logged, close };
}

const NOWHERE_ELSE = { env: {}, remove: async () => undefined };

function placeOfOwn(kind: DatabaseKind) {
  return kind === 'postgres' ? onServer() : inFolder();
}

async function onServer() {
  const { url, drop } = await createTestDatabase();
  return { env: { DATABASE_URL: url, DATA_DIR: await temporaryFolder() }, remove: drop };
}

async function inFolder() {
  const { path, remove } = await embeddedFolder();
  return { env: { DATA_DIR: path }, remove };
}

async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  await rm(path, { recursive: true });
  return path;
}
