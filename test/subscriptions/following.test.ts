import { DATABASE_KINDS } from '../support/databases.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { Listener, type Listening } from './listener.js';

const WITH_USERS = 'subscription($tenantId: ID!, $after: String) { change: permissionsChanged(tenantId: $tenantId, after: $after) { revision affectsViewer userIds } }';

describe.each(DATABASE_KINDS)('whoever follows a tenant, on %s,', (kind) => {
  let test: GatewayForTests;
  let world: World;
  let tenantId: string;
  let owner: Person;
  const listeners: Listener[] = [];
  beforeAll(async () => {
    test = await gatewayForTests({ kind });
    world = new World(test);
  });
  beforeEach(async () => {
    ({ tenantId, owner } = await world.tenant());
  });
  afterEach(() => listeners.splice(0).forEach((listener) => listener.leave()));
  afterAll(() => test.close());

  async function listen(more: Partial<Listening> = {}, to = tenantId): Promise<Listener> {
    const listener = new Listener(test.url, to, { token: owner.client.token, ...more });
    listeners.push(listener);
    await listener.accepted;
    return listener;
  }
  /** One revision of the tenant each; returns the last. */
  async function change(times: number, to = tenantId): Promise<number> {
    let revision = '';
    for (let i = 0; i < times; i += 1) {
      const { data } = await must(world.root.mutate<{ revision: string }>('createDepartment', { tenantId: to, name: world.unique('department') }, 'revision'));
      ({ revision } = data!['createDepartment']!);
    }
    return Number(revision);
  }

  it('hears of each change from then on, in order and once', async () => {
    await change(2);
    const listener = await listen();
    const last = await change(3);
    await listener.hears(3);
    expect(listener.heard.map(({ data }) => data?.['permissionsChanged'])).toEqual(
      [last - 2, last - 1, last].map((revision) => ({ tenantId, revision: String(revision), affectsViewer: true })),
    );
  });

  it('goes on after any revision that they name, the first one included', async () => {
    const last = await change(4);
    for (let after = 0; after < last; after += 1) {
      const listener = await listen({ after: String(after) });
      await listener.hears(last - after);
      expect(listener.revisions).toEqual(Array.from({ length: last - after }, (_, i) => after + i + 1));
      listener.leave();
    }
    const listener = await listen({ after: String(last) });
    expect(await change(1)).toBe(last + 1);
    await listener.hears(1);
    expect(listener.revisions).toEqual([last + 1]);
  });

  it('reads more than a page of the log without a gap', async () => {
    const last = await change(1);
    for (let more = 0; more < 250; more += 1) {
      await test.gateway.database.dataSource.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [tenantId]);
    }
    const listener = await listen({ after: String(last) });
    await listener.hears(250);
    expect(listener.revisions).toEqual(Array.from({ length: 250 }, (_, i) => last + i + 1));
  });

  it('is told whether a change concerns them, and whom it concerns where they may read members', async () => {
    const [viewer, developer] = [await world.member(tenantId, 'viewer'), await world.member(tenantId, 'developer')];
    const ofViewer = await listen({ token: viewer.client.token, document: WITH_USERS });
    const ofOwner = await listen({ document: WITH_USERS });
    await must(world.root.mutate('changeMemberRole', { tenantId, userId: viewer.userId, role: 'operator' }, 'revision'));
    await must(world.root.mutate('changeMemberRole', { tenantId, userId: developer.userId, role: 'operator' }, 'revision'));
    await must(world.root.mutate('createRole', { tenantId, key: 'auditor', name: 'Auditor', permissions: ['connectors.read'] }, 'revision'));
    await ofOwner.hears(3);
    expect(ofOwner.heard.map(({ data }) => data?.['change'])).toEqual([
      expect.objectContaining({ affectsViewer: false, userIds: [viewer.userId] }),
      expect.objectContaining({ affectsViewer: false, userIds: [developer.userId] }),
      expect.objectContaining({ affectsViewer: true, userIds: null }),
    ]);
    await ofViewer.hears(3);
    expect(ofViewer.heard.map(({ data }) => data?.['change']?.affectsViewer)).toEqual([true, false, true]);
  });

  it('hears the rest where they may not read whom a change concerns', async () => {
    const viewer = await world.member(tenantId, 'viewer');
    const listener = await listen({ token: viewer.client.token, document: WITH_USERS });
    const last = await change(2);
    await listener.hears(2);
    expect(listener.revisions).toEqual([last - 1, last]);
    expect(listener.codes).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(listener.heard[0]?.data?.['change']?.userIds).toBeNull();
  });

  it('never hears of another tenant', async () => {
    const other = await world.tenant();
    const [here, there] = [await listen(), await listen({ token: other.owner.client.token }, other.tenantId)];
    const last = { here: 0, there: 0 };
    for (let i = 0; i < 3; i += 1) {
      last.there = await change(1, other.tenantId);
      last.here = await change(1);
    }
    await here.hears(3);
    await there.hears(3);
    expect(here.heard.map(({ data }) => data?.['permissionsChanged']?.tenantId)).toEqual([tenantId, tenantId, tenantId]);
    expect(there.heard.map(({ data }) => data?.['permissionsChanged']?.tenantId)).toEqual(Array.from({ length: 3 }, () => other.tenantId));
    expect([here.revisions.at(-1), there.revisions.at(-1)]).toEqual([last.here, last.there]);
  });

  it('is told to ask anew where the log no longer has what followed, also where it lost a part alone', async () => {
    const last = await change(4);
    await test.gateway.database.dataSource.query('DELETE FROM changes WHERE tenant_id = $1 AND revision = $2', [tenantId, last - 1]);
    for (const after of [last - 2, last - 3, 0]) {
      const listener = await listen({ after: String(after) });
      expect(await listener.ends()).toEqual(['BAD_USER_INPUT']);
      expect(listener.heard[0]?.errors?.[0]).toMatchObject({ message: expect.stringContaining('ask anew'), extensions: { field: 'after' } });
      expect(listener.revisions).toEqual([]);
    }
    const listener = await listen({ after: String(last - 1) });
    await listener.hears(1);
    expect(listener.revisions).toEqual([last]);
  });

  it('is not skipped over a revision that the log loses under way', async () => {
    const listener = await listen();
    const last = await change(1);
    await listener.hears(1);
    // A revision of which nothing is logged, as a node that is broken might leave behind.
    await test.gateway.database.dataSource.query('UPDATE tenants SET revision = revision + 1 WHERE id = $1', [tenantId]);
    await test.gateway.database.dataSource.query('DELETE FROM changes WHERE tenant_id = $1 AND revision > $2', [tenantId, last]);
    await change(1);
    expect(await listener.ends()).toEqual(['BAD_USER_INPUT']);
    expect(listener.revisions).toEqual([last]);
  });
});
