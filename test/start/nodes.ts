import { join } from 'node:path';
import { pino } from 'pino';
import { startGateway } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { type GatewayForTests, ROOT, ROOT_KEY, TestClock } from '../support/gateway.js';
import { createTestDatabase } from '../support/postgres.js';

export interface NodeOptions {
  readonly policyDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Several nodes, one after the other or side by side, on one PostgreSQL database and by one clock. */
export class Installation {
  readonly clock = new TestClock();
  private readonly nodes = new Set<GatewayForTests>();

  private constructor(
    readonly databaseUrl: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async make(): Promise<Installation> {
    const { url, drop } = await createTestDatabase();
    return new Installation(url, drop);
  }

  async start({ policyDir = join(ROOT, 'policy'), env = {} }: NodeOptions = {}): Promise<GatewayForTests> {
    const { clock } = this;
    const logged: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
    const settings = { PORT: '0', DATABASE_URL: this.databaseUrl, DEMO: 'false', GATEHOUSE_ROOT_KEY: ROOT_KEY, ...env };
    const config = readConfig(settings, policyDir);
    const gateway = await startGateway({ config, log, clock, graphiqlDir: join(ROOT, 'dist', 'graphiql') });
    const close = async (): Promise<void> => {
      this.nodes.delete(node);
      await gateway.close();
    };
    const node: GatewayForTests = { gateway, url: gateway.url, clock, config, logged, close };
    this.nodes.add(node);
    return node;
  }

  /** Stops what runs, and starts one node on what is left in the database. */
  async restart(options: NodeOptions = {}): Promise<GatewayForTests> {
    await this.stop();
    return this.start(options);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.nodes].map((node) => node.close()));
  }

  async end(): Promise<void> {
    await this.stop();
    await this.drop();
  }
}

/** What the database itself says. */
export function query<Row>(node: GatewayForTests, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return node.gateway.database.dataSource.query(sql, [...parameters]);
}
