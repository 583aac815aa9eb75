import { AuditChainStore } from '../../src/features/audit/audit-chains.store.js';
import { AuditVerification, type ChainReport } from '../../src/features/audit/audit-verification.js';
import { AuditStore } from '../../src/features/audit/audit.store.js';
import type { StoredEvent } from '../../src/features/audit/chain-walk.js';
import { migrate } from '../../src/storage/migrate.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { SILENT } from '../support/logs.js';
import { World, must } from '../support/world.js';
import { Chains } from './chain.js';
import { rewrite, tamperingThat, TAMPERINGS } from './tampering.js';

let test: GatewayForTests;
const own = new Set<GatewayForTests>();
let world: World;
let chains: Chains;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
  chains = new Chains(test.gateway.database);
});
afterAll(() => test.close());
afterEach(async () => {
  await Promise.all([...own].map((gateway) => gateway.close()));
  own.clear();
});

async function ownGateway(): Promise<GatewayForTests> {
  const gateway = await gatewayForTests();
  own.add(gateway);
  return gateway;
}

const department = (tenantId: string, id: string) => must(world.root.mutate('createDepartment', { tenantId, id, name: id }, 'revision'));

/** A tenant with eight events, and changes to a person between some of them: those raise its revision without an event of its own. */
async function chainOfEight(): Promise<{ tenantId: string; events: StoredEvent[] }> {
  const { tenantId, owner } = await world.tenant();
  for (const id of ['d1', 'd2', 'd3']) await department(tenantId, id);
  await must(world.root.mutate('setAccountRole', { userId: owner.userId, accountRole: 'ADMIN' }, 'user { id }'));
  for (const id of ['d4', 'd5']) await department(tenantId, id);
  await must(world.root.mutate('setAccountRole', { userId: owner.userId, accountRole: 'MEMBER' }, 'user { id }'));
  for (const id of ['d6', 'd7']) await department(tenantId, id);
  return { tenantId, events: await chains.events(tenantId) };
}

async function all(reports: AsyncGenerator<ChainReport>): Promise<ChainReport[]> {
  const read: ChainReport[] = [];
  for await (const report of reports) read.push(report);
  return read;
}

const BY_NOBODY = `UPDATE audit_events SET actor = 'nobody' WHERE id = ANY ($1)`;

const startsOf = (findings: readonly string[], expected: readonly string[]): string[] =>
  findings.map((finding, i) => finding.slice(0, expected[i]?.length ?? finding.length));

describe('the verification of an audit chain', () => {
  it('finds nothing wrong with one whose revisions have gaps', async () => {
    const { tenantId, events } = await chainOfEight();
    expect(events).toHaveLength(8);
    expect([events[4]!.revision - events[3]!.revision, events[6]!.revision - events[5]!.revision]).toEqual([2n, 2n]);
    expect(await chains.verification.verify(tenantId)).toEqual({ tenantId, events: 8, findings: [] });
  });

  it.each(TAMPERINGS)('finds out whoever $does, in that chain and in no other', async ({ how, findings }) => {
    const [{ tenantId, events }, other] = [await chainOfEight(), await chainOfEight()];
    await chains.tamper((sql) => how(sql, events, world.unique('elsewhere')));
    const found = await chains.findings(tenantId, events);
    expect(startsOf(found, findings)).toEqual(findings);
    expect(await chains.findings(other.tenantId, other.events)).toEqual([]);
  });

  it('names the revision from which a moved event came', async () => {
    const { tenantId, events } = await chainOfEight();
    await chains.tamper((sql) => tamperingThat('swaps the first and the last')(sql, events, ''));
    const report = await chains.verification.verify(tenantId);
    const [first, last] = [events[0]!, events[7]!];
    expect(report!.findings).toEqual([
      { revision: first.revision, eventId: last.id, what: `was moved here from revision ${last.revision}` },
      { revision: last.revision, eventId: first.id, what: `was moved here from revision ${first.revision}` },
    ]);
  });

  it.each([
    ['removes the last event', 'new: follows what is gone: one event of the revisions 11 to 12 before it was removed'],
    ['removes the last three', 'new: follows what is gone: 3 events of the revisions 8 to 12 before it were removed'],
    [
      'rewrites the end, with hashes made anew',
      'new: was changed: what it says does not match its hash, unless the event of revision 11 was replaced together with its hash',
    ],
    ['adds one at the end with the hash that it should have', 'new: was put in: the chain goes on without it'],
  ])('still finds out whoever %s once further changes have been written behind it', async (does, finding) => {
    const { tenantId, events } = await chainOfEight();
    await chains.tamper((sql) => tamperingThat(does)(sql, events, ''));
    // So that its revision does not meet the one that was put in.
    await test.gateway.database.dataSource.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [tenantId]);
    await department(tenantId, 'later');
    expect(await chains.findings(tenantId, events)).toEqual([finding]);
  });

  it('is blind to a chain rewritten together with its head, which a hash kept elsewhere gives away', async () => {
    const { tenantId, events } = await chainOfEight();
    const newest = async (): Promise<string> => {
      const query = `{ tenant(id: "${tenantId}") { auditLog(first: 1) { edges { node { hash } } } } }`;
      const { tenant } = await world.root.ask<{ tenant: { auditLog: { edges: { node: { hash: string } }[] } } }>(query);
      return tenant.auditLog.edges[0]!.node.hash;
    };
    const kept = await newest();
    expect(kept).toBe(events[7]!.hash.toString('hex'));
    await chains.tamper(async (sql) => {
      const tail = await rewrite(3)(sql, events);
      await sql('UPDATE tenants SET audit_hash = $2 WHERE id = $1', [tenantId, tail.at(-1)!.hash]);
    });
    expect(await chains.findings(tenantId, events)).toEqual([]);
    expect(await newest()).not.toBe(kept);
  });

  it('knows no chain of a tenant that there never was', async () => {
    expect(await chains.verification.verify('nowhere')).toBeNull();
  });

  it('sees one moment of a chain to which others append meanwhile', async () => {
    const { tenantId } = await world.tenant();
    const { database, parts } = test.gateway;
    class Interrupted extends AuditChainStore {
      override async findHead(...asked: Parameters<AuditChainStore['findHead']>) {
        const head = await super.findHead(...asked);
        await department(tenantId, 'meanwhile');
        return head;
      }
    }
    const verification = new AuditVerification(new Interrupted(database.dataSource), parts.transactions);
    expect(await verification.verify(tenantId)).toEqual({ tenantId, events: 1, findings: [] });
    expect(await chains.verification.verify(tenantId)).toEqual({ tenantId, events: 2, findings: [] });
  });
});

describe('chains longer than are read at once', () => {
  const EVENTS = 1_203;
  let tenantId: string;
  let events: StoredEvent[];
  beforeAll(async () => {
    ({ tenantId } = await world.tenant());
    const store = new AuditStore(test.gateway.database.dataSource);
    await test.gateway.parts.transactions.run(async (tx) => {
      for (let i = 1; i < EVENTS; i++) {
        await store.append({ tenantId, revision: BigInt(i + 10), at: i, actor: 'a', action: 'b', target: 'c', change: null }, tx);
      }
    });
    events = await chains.events(tenantId);
  });

  it('are followed to their end', async () => {
    expect(await chains.verification.verify(tenantId)).toEqual({ tenantId, events: EVENTS, findings: [] });
  });

  it('are told of event by event, up to a hundred, and the rest by their number', async () => {
    const every = events.filter((_event, i) => i % 10 === 0);
    await chains.tamper((sql) => sql(BY_NOBODY, [every.map(({ id }) => id)]));
    const report = await chains.verification.verify(tenantId);
    expect(report!.findings.slice(0, 100).map(({ eventId }) => eventId)).toEqual(every.slice(0, 100).map(({ id }) => id));
    const what = `${every.length - 100} more events do not follow the one before them`;
    expect(report!.findings.slice(100)).toEqual([{ revision: null, eventId: null, what }]);
  });
});

describe('the verification of all chains', () => {
  it("goes through the platform's, those of deleted tenants, and those of which only events are left", async () => {
    const site = await ownGateway();
    const other = new World(site);
    const [kept, deleted, gone] = [await other.tenant(), await other.tenant(), await other.tenant()];
    await must(deleted.owner.client.mutate('deleteTenant', { tenantId: deleted.tenantId }, 'revision'));
    const inOrder = [kept, deleted, gone].map(({ tenantId }) => tenantId).toSorted();
    const ownChains = new Chains(site.gateway.database);
    const before = await all(ownChains.verification.verifyAll());
    expect(before.map(({ tenantId }) => tenantId)).toEqual(['', ...inOrder]);
    expect(before.flatMap(({ findings }) => findings)).toEqual([]);

    await ownChains.tamper((sql) => sql('DELETE FROM tenants WHERE id = $1', [gone.tenantId]));
    const last = (await ownChains.events('')).at(-1)!;
    await ownChains.tamper((sql) => sql('DELETE FROM audit_events WHERE id = $1', [last.id]));
    const after = await all(ownChains.verification.verifyAll());
    expect(after.map(({ tenantId }) => tenantId)).toEqual(['', ...inOrder]);
    expect(after.filter(({ findings }) => findings.length > 0).map(({ tenantId, findings }) => [tenantId, findings[0]!.what])).toEqual([
      ['', expect.stringMatching(/^is the last of (\d+) events, but \d+ were written: the one behind it was removed$/)],
      [gone.tenantId, 'is the last event of a tenant whose own row was removed'],
    ]);
  });

  it('holds for chains that were begun before the heads were kept', async () => {
    const site = await ownGateway();
    const other = new World(site);
    const { tenantId } = await other.tenant({ departments: ['d1', 'd2'] });
    const { database } = site.gateway;
    const columns = `SELECT FROM information_schema.columns WHERE table_name = 'tenants' AND column_name = 'audit_hash'`;
    const hasHeads = async () => (await database.dataSource.query(columns)).length === 1;
    while (await hasHeads()) await database.dataSource.undoLastMigration({ transaction: 'each' });
    await migrate(database, SILENT);
    await must(other.root.mutate('createDepartment', { tenantId, id: 'd3', name: 'later' }, 'revision'));
    const reports = await all(new Chains(database).verification.verifyAll());
    expect(reports.map((report) => [report.tenantId, report.findings])).toEqual([['', []], [tenantId, []]]);
  });
});
