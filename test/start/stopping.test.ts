import { Client } from '../support/client.js';
import { ROOT_KEY } from '../support/gateway.js';
import { createTestDatabase, type TestPostgres } from '../support/postgres.js';
import { must } from '../support/world.js';
import { type Command, endAll, startGatehouse } from './command.js';
import { DatabaseProxy } from './database-proxy.js';
import { HeldTenant } from './held-tenant.js';

const tenantId = 'held';

describe('stopping', () => {
  let database: TestPostgres;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await HeldTenant.releaseAll();
    await endAll();
    await database.drop();
  });

  interface Busy {
    readonly command: Command;
    readonly url: string;
    readonly held: HeldTenant;
    /** The answer to a change that cannot end before the tenant is released; null where it was cut off. */
    readonly answer: Promise<{ status: number; text: string } | null>;
  }

  async function busy(): Promise<Busy> {
    const command = startGatehouse({ DATABASE_URL: database.url, GATEHOUSE_ROOT_KEY: ROOT_KEY });
    const url = await command.ready();
    const root = new Client(url, ROOT_KEY);
    await must(root.mutate('createUser', { id: 'olga', name: 'Olga' }, 'user { id }'));
    await must(root.mutate('createTenant', { id: tenantId, name: 'Held', matrix: 'fastn', ownerId: 'olga' }, 'revision'));
    const held = await HeldTenant.hold(database.url, tenantId);
    const answer = root.mutate('createDepartment', { tenantId, id: 'sales', name: 'Sales' }, 'department { id }').catch(() => null);
    await held.isWaitedFor();
    return { command, url, held, answer };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s answers the request in flight, takes no other, and ends well', async (signal) => {
    const { command, url, held, answer } = await busy();
    const ended = command.end(signal);
    await command.said(/Stopping: requests in flight are answered first/);
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
    await held.release();
    expect(await answer).toMatchObject({ status: 200, data: { createDepartment: { department: { id: 'sales' } } } });
    expect(await ended).toMatchObject({ code: 0, signal: null });
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGINT'],
  ] as const)('on %s and then %s ends at once', async (first, second) => {
    const { command, held, answer } = await busy();
    void command.end(first);
    await command.said(/Stopping/);
    expect(await command.end(second)).toMatchObject({ code: null, signal: second });
    expect(await answer).toBeNull();
    await held.release();
  });

  it('ends well while it still waits for its database', async () => {
    const away = await DatabaseProxy.make();
    const command = startGatehouse({ DATABASE_URL: away.url });
    await command.said(/Waiting for the database/);
    const { code, stdout, stderr } = await command.end();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toContain('    at ');
    await away.drop();
  });
});
