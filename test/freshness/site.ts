import type { Pool } from 'pg';
import type { Clock } from '../../src/domain/clock.js';
import { systemTimer } from '../../src/http/timer.js';
import { DatabaseProxy } from '../start/database-proxy.js';
import type { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { openPool } from '../support/postgres.js';
import { World } from '../support/world.js';

const systemClock: Clock = { now: () => Date.now() };

/** Which of the three: an index into `Site.nodes` and `Site.worlds`. */
export type Place = 0 | 1 | 2;
export const PLACES: readonly Place[] = [0, 1, 2];

const FEEDS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse changes'`;

/** Three nodes on one PostgreSQL database, over HTTP and in real time, and a way round them into the database. */
export class Site {
  readonly worlds: readonly World[];

  private constructor(
    readonly nodes: readonly GatewayForTests<Clock>[],
    /** Between the nodes and the database. */
    readonly proxy: DatabaseProxy,
    readonly db: Pool,
  ) {
    this.worlds = nodes.map((node) => new World(node));
  }

  static async open(): Promise<Site> {
    const proxy = await DatabaseProxy.make();
    await proxy.open();
    const nodes: GatewayForTests<Clock>[] = [];
    for (const _place of PLACES) {
      nodes.push(await gatewayForTests({ clock: systemClock, timer: systemTimer, env: { DATABASE_URL: proxy.url } }));
    }
    return new Site(nodes, proxy, openPool(proxy.directUrl, 4));
  }

  async close(): Promise<void> {
    await this.db.end();
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.proxy.close();
    await this.proxy.drop();
  }

  get stalenessMs(): number {
    return this.nodes[0]!.config.stalenessMs;
  }

  /** The root key's client at that node. */
  root(place: Place): Client {
    return this.worlds[place]!.root;
  }

  world(place: Place): World {
    return this.worlds[place]!;
  }

  /** Ends the connections on which the nodes listen; returns how many there were. */
  async cutFeeds(): Promise<number> {
    return (await this.db.query(`SELECT pg_terminate_backend(pid) ${FEEDS}`)).rowCount ?? 0;
  }

  /** What the gateways wrote to their logs at level error. */
  errorsLogged(): readonly string[] {
    return this.nodes.flatMap((node) => node.logged.filter((line) => line.includes('"level":50')));
  }
}

/** A number that the environment asks for, or else the short form's. */
export function asked(variable: 'FRESHNESS_REVOCATIONS' | 'FRESHNESS_SECONDS', otherwise: number): number {
  return Number(process.env[variable] ?? otherwise);
}

/** Figures of a full run go to whoever asked for them. */
export function print(name: string, figures: object): void {
  if (process.env['FRESHNESS_SECONDS'] !== undefined) process.stderr.write(`${name}: ${JSON.stringify(figures)}\n`);
}
