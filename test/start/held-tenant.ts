import { Client } from 'pg';

/** A tenant's row, locked by somebody else: every change of the tenant waits for it. */
export class HeldTenant {
  private static readonly all = new Set<HeldTenant>();

  private constructor(private readonly session: Client) {
    HeldTenant.all.add(this);
  }

  /** For `afterEach`: what a failing test left held. */
  static async releaseAll(): Promise<void> {
    await Promise.all([...HeldTenant.all].map((held) => held.release()));
  }

  static async hold(databaseUrl: string, tenantId: string): Promise<HeldTenant> {
    const session = new Client({ connectionString: databaseUrl });
    await session.connect();
    await session.query('BEGIN');
    await session.query('SELECT FROM tenants WHERE id = $1 FOR UPDATE', [tenantId]);
    return new HeldTenant(session);
  }

  /** Resolves once somebody waits for the row. */
  async isWaitedFor(): Promise<void> {
    const waiting = `SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`;
    while ((await this.session.query(waiting)).rowCount === 0);
  }

  async release(): Promise<void> {
    HeldTenant.all.delete(this);
    await this.session.query('ROLLBACK');
    await this.session.end();
  }
}
