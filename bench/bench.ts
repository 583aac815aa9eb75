import { resolve } from 'node:path';
import { Databases } from './database/databases.js';
import { seedWorld } from './database/seed-world.js';
import type { Contestant } from './load/contest.js';
import type { Exchange } from './load/job.js';
import { FASTN_FILE } from './places.js';
import type { Settings } from './settings.js';
import { type GatewayOptions, GatewayProcess, migrate } from './servers/gateway.js';
import { readMatrixFile } from './world/matrix-file.js';
import { makeWorld, type World } from './world/world.js';

/** A gateway with a world in its database. */
export interface Served {
  readonly world: World;
  readonly databaseUrl: string;
  readonly gateway: GatewayProcess;
  /** Of a caller of the platform who may ask about anybody. */
  readonly key: string;
}

/** What scenarios share: made when first asked for, ended by `close`. */
export class SharedBench {
  private postgres: Promise<Databases> | null = null;
  private served: Promise<Served> | null = null;
  private readonly running: GatewayProcess[] = [];

  constructor(
    readonly settings: Settings,
    readonly say: (text: string) => void,
  ) {}

  databases(): Promise<Databases> {
    this.postgres ??= Databases.start();
    return this.postgres;
  }

  /** The workload of the project's goals. */
  standard(): Promise<Served> {
    this.served ??= this.serve(makeWorld(readMatrixFile(FASTN_FILE)));
    return this.served;
  }

  async serve(world: World, options: ServeOptions = {}): Promise<Served> {
    const { env = {}, capabilities = ['decision.read'], seedMore = async () => undefined } = options;
    this.say(`seeding ${world.tenants.length} tenants`);
    const databases = await this.databases();
    const databaseUrl = await databases.create();
    await migrate(databaseUrl, env);
    await seedWorld(databaseUrl, world);
    await seedMore(databaseUrl);
    const gateway = await this.start(databaseUrl, env);
    return { world, databaseUrl, gateway, key: await gateway.platformKey(capabilities) };
  }

  async start(databaseUrl: string | null, env: Readonly<Record<string, string>> = {}, more: Pick<GatewayOptions, 'workers'> = {}): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.start({ databaseUrl, env, nodeOptions: this.nodeOptions(), ...more });
    this.running.push(gateway);
    return gateway;
  }

  private nodeOptions(): string[] {
    const { profileDir } = this.settings;
    return profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileDir)}`];
  }

  async close(): Promise<void> {
    for (const gateway of this.running) await gateway.stop();
    await (await this.postgres)?.close();
  }
}

export interface ServeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  /** Puts more into the database than the world holds. */
  readonly seedMore?: (databaseUrl: string) => Promise<void>;
}

/** A caller with an API key. */
export function contestantOf({ gateway, key }: Pick<Served, 'gateway' | 'key'>, exchanges: readonly Exchange[]): Contestant {
  return { server: gateway, path: '/graphql', headers: { authorization: `Bearer ${key}` }, exchanges };
}
