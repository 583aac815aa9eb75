import type { Pool } from 'pg';
import type { RoleMatrix } from '../../src/domain/matrix.js';
import { Client } from '../support/client.js';
import { type GatewayForTests, gatewayForTests, ROOT_KEY, TestClock } from '../support/gateway.js';
import { openPool } from '../support/postgres.js';
import { must, World } from '../support/world.js';

type AccountRole = 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER';

/** Two nodes of one installation: an index into `Racer.at` and `Arena.rootAt`. */
export const EAST = 0;
export const WEST = 1;

/** Somebody signed in, at either node. */
export interface Racer {
  readonly userId: string;
  readonly at: readonly [Client, Client];
}

/** Two gateways on one PostgreSQL database, over HTTP, and a way round them into the database. */
export class Arena {
  private constructor(
    private readonly nodes: readonly [GatewayForTests, GatewayForTests],
    readonly clock: TestClock,
    readonly db: Pool,
  ) {
    this.world = new World(nodes[EAST]);
    this.rootAt = [new Client(nodes[EAST].url, ROOT_KEY), new Client(nodes[WEST].url, ROOT_KEY)];
  }

  private readonly world: World;
  readonly rootAt: readonly [Client, Client];

  static async open(): Promise<Arena> {
    const clock = new TestClock();
    const east = await gatewayForTests({ clock });
    const { databaseUrl } = east.config;
    if (databaseUrl === null) throw new Error('a race needs a PostgreSQL server');
    const west = await gatewayForTests({ clock, env: { DATABASE_URL: databaseUrl } });
    return new Arena([east, west], clock, openPool(databaseUrl, 4));
  }

  async close(): Promise<void> {
    await this.db.end();
    await this.nodes[WEST].close();
    await this.nodes[EAST].close();
  }

  /** What the gateways wrote to their logs at level error, such as what a client sees masked. */
  errorsLogged(): readonly string[] {
    return this.nodes.flatMap((node) => node.logged.filter((line) => line.includes('"level":50')));
  }

  /** How old what a node keeps at hand may be. */
  get stalenessMs(): number {
    return this.nodes[EAST].config.stalenessMs;
  }

  anonymousAt(node: typeof EAST | typeof WEST): Client {
    return new Client(this.nodes[node].url);
  }

  matrix(key: string): RoleMatrix {
    return this.nodes[EAST].gateway.policy.matrices.find(({ matrix }) => matrix.key === key)!.matrix;
  }

  /** All rounds sign in from one address, which would otherwise be throttled before long. */
  async forgetAttempts(): Promise<void> {
    await this.db.query('DELETE FROM sign_in_attempts');
  }

  /** As on the first day: no account OWNER, whatever the database says to that. */
  async forgetOwners(): Promise<void> {
    const session = await this.db.connect();
    try {
      await session.query('SET session_replication_role = replica');
      await session.query("UPDATE users SET account_role = 'MEMBER' WHERE account_role = 'OWNER'");
    } finally {
      session.release(true);
    }
  }

  /** A new one-time secret with which the first account OWNER is made. */
  async bootstrapSecret(): Promise<string> {
    return (await this.nodes[EAST].gateway.parts.bootstrap.mintSecret())!;
  }

  unique(name: string): string {
    return this.world.unique(name);
  }

  async racer(name: string, accountRole: AccountRole = 'MEMBER'): Promise<Racer> {
    const userId = this.unique(name);
    await must(this.rootAt[EAST].mutate('createUser', { id: userId, name, email: addressOf(userId), accountRole }, 'user { id }'));
    return this.signedIn(userId);
  }

  async racers(...names: string[]): Promise<Racer[]> {
    return Promise.all(names.map((name) => this.racer(name)));
  }

  /** The same people by new sign-ins: whoever was removed in the round before may have lost theirs. */
  async signedInAnew(racers: readonly Racer[]): Promise<Racer[]> {
    return Promise.all(racers.map(({ userId }) => this.signedIn(userId)));
  }

  async signedIn(userId: string): Promise<Racer> {
    const token = await this.world.signIn(userId);
    return { userId, at: [new Client(this.nodes[EAST].url, token), new Client(this.nodes[WEST].url, token)] };
  }

  /** A tenant whose first member is `first`, and in which the others have these roles. */
  async tenant(matrix: string, first: Racer, others: readonly (readonly [Racer, role: string])[] = []): Promise<string> {
    const tenantId = this.unique('tenant');
    await must(this.rootAt[EAST].mutate('createTenant', { id: tenantId, name: 'A tenant', matrix, plan: 'enterprise', ownerId: first.userId }, 'revision'));
    for (const [{ userId }, role] of others) await must(this.rootAt[WEST].mutate('addMember', { tenantId, userId, role }, 'revision'));
    return tenantId;
  }

  /** Deadlocks that the database ended so far; whoever was ended tries again, and no client hears of it. */
  async deadlocks(): Promise<number> {
    const [row] = await this.rows<{ deadlocks: number }>('SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()');
    return row!.deadlocks;
  }

  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.db.query<Row>(sql, [...values])).rows;
  }
}

export function addressOf(userId: string): string {
  return `${userId}@people.example`;
}
