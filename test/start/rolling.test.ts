import type { GatewayForTests } from '../support/gateway.js';
import { World, must } from '../support/world.js';
import { Installation } from './nodes.js';
import { PolicyFolder } from './policy-folder.js';

const ASKED = ['connectors.publish', 'billing.read', 'connectors.archive', 'connectors.read'];
const BY_OLD = [true, false, false, true];
const BY_NEW = [false, true, true, true];
const QUERY = `query($input: CheckPermissionsInput!, $consistency: ConsistencyInput) {
  checkPermissions(input: $input, consistency: $consistency) { allowed } }`;

/** What developers may do changes, and a permission comes in front of all others, so that every bit means another one. */
const VERSION_2 = [
  ['version: 1', 'version: 2'],
  ['      - { key: connectors.read,', '      - { key: connectors.archive, title: Archive connectors, access: write }\n      - { key: connectors.read,'],
  ['except: [membership.manage, roles.manage, billing.*,', 'except: [connectors.publish, membership.manage, roles.manage, billing.manage,'],
  ['owner: 39, admin: 39, developer: 34', 'owner: 40, admin: 40, developer: 35'],
  ['    connectors: 6', '    connectors: 7'],
] as const;

describe('a node of the old version, beside one that has taken the new version over', () => {
  let site: Installation;
  let folder: PolicyFolder;
  let old: GatewayForTests;
  let tenantId: string;
  const asked: Record<'developer' | 'custom', string> = { developer: '', custom: '' };
  beforeEach(async () => {
    site = await Installation.make();
    folder = await PolicyFolder.copy();
    old = await site.start({ env: { STALENESS_MS: '1000' } });
    const world = new World(old);
    ({ tenantId } = await world.tenant());
    asked.developer = (await world.member(tenantId, 'developer')).userId;
    await must(world.root.mutate('createRole', { tenantId, key: 'publisher', name: 'Publisher', permissions: ['connectors.publish', 'connectors.read'] }, 'revision'));
    asked.custom = (await world.member(tenantId, 'publisher')).userId;
    await folder.edit('fastn.yaml', ...VERSION_2);
  });
  afterEach(async () => {
    await site.end();
    await folder.remove();
  });

  async function ask(node: GatewayForTests, userId: string, mode = 'LOW_LATENCY'): Promise<boolean[]> {
    const variables = { input: { tenantId, userId, permissions: ASKED }, consistency: { mode } };
    const { checkPermissions } = await new World(node).root.ask<{ checkPermissions: { allowed: boolean[] } }>(QUERY, variables);
    return checkPermissions.allowed;
  }

  it('answers by the new version once the bound has passed, and at once where it is asked to look', async () => {
    expect(await ask(old, asked.developer)).toEqual(BY_OLD);
    const renewed = await site.start({ policyDir: folder.path });
    expect(await ask(renewed, asked.developer)).toEqual(BY_NEW);
    expect(await ask(old, asked.developer, 'FULL')).toEqual(BY_NEW);
    expect(await ask(old, asked.custom, 'FULL')).toEqual(BY_OLD);
    site.clock.advance(1001);
    expect(await ask(old, asked.developer)).toEqual(BY_NEW);
  });

  it('answers by the new version past the bound, for a member of whom it had facts at hand', async () => {
    expect(await ask(old, asked.developer)).toEqual(BY_OLD);
    await site.start({ policyDir: folder.path });
    site.clock.advance(1001);
    expect(await ask(old, asked.developer)).toEqual(BY_NEW);
    expect(await ask(old, asked.custom)).toEqual(BY_OLD);
  });

  it('answers every question by one version or the other, and never by something of each', async () => {
    let over = false;
    const seen = new Set<string>();
    const askOn = async (): Promise<void> => {
      while (!over) {
        seen.add(JSON.stringify(await ask(old, asked.developer, 'FULL')));
        expect(await ask(old, asked.custom, 'FULL')).toEqual(BY_OLD);
      }
    };
    const asking = [askOn(), askOn()];
    await site.start({ policyDir: folder.path });
    expect(await ask(old, asked.developer, 'FULL')).toEqual(BY_NEW);
    over = true;
    await Promise.all(asking);
    expect([...seen].filter((answer) => answer !== JSON.stringify(BY_OLD) && answer !== JSON.stringify(BY_NEW))).toEqual([]);
    expect(seen.has(JSON.stringify(BY_OLD))).toBe(true);
  });
});
