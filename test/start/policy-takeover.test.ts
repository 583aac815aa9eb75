import { PolicyTakeoverError } from '../../src/features/matrices/policy-takeover.js';
import { inviteBy, outcomeOf } from '../guard/attempts.js';
import type { GatewayForTests } from '../support/gateway.js';
import { type Person, World, must } from '../support/world.js';
import { Installation, query } from './nodes.js';
import { PolicyFolder } from './policy-folder.js';
import { SMALL_MATRIX } from './small-matrix.js';

const CHECK = 'query($input: CheckInput!) { check(input: $input) { allowed reason role } }';
const VERSION_2 = ['version: 1', 'version: 2'] as const;
/** The developers lose the right to publish connectors. */
const LESS_FOR_DEVELOPERS = [
  ['except: [membership.manage,', 'except: [connectors.publish, membership.manage,'],
  ['developer: 34', 'developer: 33'],
] as const;
/** The role of operators goes. */
const NO_OPERATORS = [
  ['  - key: operator\n', '  - key: caretaker\n'],
  ['operator: 18', 'caretaker: 18'],
] as const;
interface Revisions {
  readonly revision: string;
  readonly structure_revision: string;
}

let site: Installation;
let folder: PolicyFolder;
beforeEach(async () => {
  site = await Installation.make();
  folder = await PolicyFolder.copy();
});
afterEach(async () => {
  await site.end();
  await folder.remove();
});

const start = (): Promise<GatewayForTests> => site.start({ policyDir: folder.path });
const restart = (): Promise<GatewayForTests> => site.restart({ policyDir: folder.path });

async function check(node: GatewayForTests, tenantId: string, { userId }: Person, permission: string): Promise<unknown> {
  const { check: decision } = await new World(node).root.ask<{ check: unknown }>(CHECK, { input: { tenantId, userId, permission } });
  return decision;
}

async function revisionsOf(node: GatewayForTests, tenantId: string): Promise<Revisions> {
  const [found] = await query<Revisions>(node, 'SELECT revision, structure_revision FROM tenants WHERE id = $1', [tenantId]);
  return found!;
}

/** Of the platform's chain, the latest first. */
async function auditActions(node: GatewayForTests): Promise<string[]> {
  const rows = await query<{ entry: string }>(node, `SELECT action || ' ' || target AS entry FROM audit_events WHERE tenant_id = '' ORDER BY revision DESC`);
  return rows.map((row) => row.entry);
}

async function refusal(): Promise<string> {
  await site.stop();
  const error: unknown = await start().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PolicyTakeoverError);
  return (error as Error).message;
}

describe('a new version of a role matrix', () => {
  it('is taken over at start: its tenants decide by it, their revisions rise, and one event tells of it', async () => {
    const old = await start();
    const world = new World(old);
    const [{ tenantId }, other, networks] = [await world.tenant(), await world.tenant(), await world.tenant({ matrix: 'nanami' })];
    const developer = await world.member(tenantId, 'developer');
    const before = await Promise.all([tenantId, other.tenantId, networks.tenantId].map((id) => revisionsOf(old, id)));
    const events = await auditActions(old);

    await folder.edit('fastn.yaml', VERSION_2, ...LESS_FOR_DEVELOPERS);
    const node = await restart();
    expect(await check(node, tenantId, developer, 'connectors.publish')).toMatchObject({ allowed: false, reason: 'NOT_GRANTED' });
    expect(await check(node, tenantId, developer, 'connectors.test')).toMatchObject({ allowed: true, role: 'developer' });
    for (const [i, id] of [tenantId, other.tenantId].entries()) {
      const risen = String(BigInt(before[i]!.revision) + 1n);
      expect(await revisionsOf(node, id)).toEqual({ revision: risen, structure_revision: risen });
    }
    expect(await revisionsOf(node, networks.tenantId)).toEqual(before[2]);
    expect(await auditActions(node)).toEqual(['matrix.version-changed fastn', ...events]);
  });

  it('is taken over once: a start with nothing new changes nothing', async () => {
    const { tenantId } = await new World(await start()).tenant();
    await folder.edit('fastn.yaml', VERSION_2, ...LESS_FOR_DEVELOPERS);
    const node = await restart();
    const before = [await revisionsOf(node, tenantId), await auditActions(node)];
    const again = await restart();
    expect([await revisionsOf(again, tenantId), await auditActions(again)]).toEqual(before);
  });

  it('is taken over by one of five nodes that start at once, and all of them serve it', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant();
    const developer = await world.member(tenantId, 'developer');
    const before = await revisionsOf(await restart(), tenantId);
    await site.stop();

    await folder.edit('fastn.yaml', VERSION_2, ...LESS_FOR_DEVELOPERS);
    const nodes = await Promise.all(Array.from({ length: 5 }, start));
    for (const node of nodes) expect(await check(node, tenantId, developer, 'connectors.publish')).toMatchObject({ allowed: false });
    expect((await revisionsOf(nodes[0]!, tenantId)).revision).toBe(String(BigInt(before.revision) + 1n));
    expect((await auditActions(nodes[0]!)).filter((entry) => entry === 'matrix.version-changed fastn')).toHaveLength(1);
  });

  it('comes whole or not at all, with whatever else the folder brings', async () => {
    const { tenantId } = await new World(await start()).tenant();
    await folder.write('aaa-small.yaml', SMALL_MATRIX);
    await folder.edit('plans.yaml', ['features: [VIEWER_ACCOUNTS]', 'features: []']);
    await folder.edit('nanami.yaml', ['title: ', 'title: Unversioned ']);
    expect(await refusal()).toContain('"nanami"');

    const node = await site.start();
    expect(await query(node, `SELECT key FROM matrices WHERE key = 'small'`)).toEqual([]);
    expect(await query(node, `SELECT features FROM plans WHERE key = 'team'`)).toEqual([{ features: ['VIEWER_ACCOUNTS'] }]);
    expect(await revisionsOf(node, tenantId)).toMatchObject({ revision: '2' });
  });
});

describe('a changed policy folder that would break a promise', () => {
  it('is refused where a matrix differs at the same version, with what to do about it', async () => {
    await start();
    await folder.edit('fastn.yaml', ...LESS_FOR_DEVELOPERS);
    expect(await refusal()).toBe('The role matrix "fastn" differs from the version 1 that is in force: raise its version to 2 to bring the change in.');
  });

  it('is refused where it drops a role that a member has; the old files still work', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant();
    const operator = await world.member(tenantId, 'operator');
    await folder.edit('fastn.yaml', VERSION_2, ...NO_OPERATORS);
    expect(await refusal()).toMatch(/^The policy folder drops a role of the matrix, or the plan, "fastn" .+: bring it back, or move them off it first\.$/);

    const node = await site.start();
    expect(await check(node, tenantId, operator, 'workflows.run')).toMatchObject({ allowed: true, role: 'operator' });
  });

  it('is not refused where only a revoked invitation still names the role that it drops', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant();
    const invite = { tenantId, email: 'somebody@people.example', role: 'operator' };
    const { data } = await must(world.root.mutate<{ invitation: { id: string } }>('inviteMember', invite, 'invitation { id }'));
    const invitationId = data!['inviteMember']!.invitation.id;
    await folder.edit('fastn.yaml', VERSION_2, ...NO_OPERATORS);
    expect(await refusal()).toContain('invitations');
    const again = new World(await site.start());
    await must(again.root.mutate('revokeInvitation', { tenantId, invitationId }, 'revision'));
    expect(await query(await restart(), `SELECT version FROM matrices WHERE key = 'fastn'`)).toEqual([{ version: 2 }]);
  });

  it('is refused where it claims the key of a custom role, by role or by alias', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant();
    await must(world.root.mutate('createRole', { tenantId, key: 'caretaker', name: 'Caretaker', permissions: ['connectors.read'] }, 'revision'));
    await folder.edit('fastn.yaml', VERSION_2, ['tenant_admin: admin', 'tenant_admin: admin, caretaker: operator']);
    expect(await refusal()).toContain(`claims the keys of custom roles (${tenantId}/caretaker)`);
    await folder.edit('fastn.yaml', [', caretaker: operator', ''], ...NO_OPERATORS);
    expect(await refusal()).toContain(`claims the keys of custom roles (${tenantId}/caretaker)`);
  });

  it('is refused where a tenant would have two owners', async () => {
    await folder.write('small.yaml', SMALL_MATRIX);
    const world = new World(await start());
    const { tenantId } = await world.tenant({ matrix: 'small' });
    await world.member(tenantId, 'boss');
    await folder.edit('small.yaml', VERSION_2, ['adminRoles:', 'ownerRole: boss\nadminRoles:']);
    expect(await refusal()).toMatch(/^Version 2 of the role matrix "small" would give a tenant a second owner/);
  });

  it('is refused where a tenant would be left without an admin', async () => {
    await folder.write('small.yaml', SMALL_MATRIX);
    const { tenantId } = await new World(await start()).tenant({ matrix: 'small' });
    await folder.edit('small.yaml', VERSION_2, ['[boss]', '[hand]']);
    expect(await refusal()).toContain(`would leave tenants without an owner or an active admin (${tenantId})`);
  });

  it('is refused where a role of members without a customer would turn into one for the widget', async () => {
    await folder.write('small.yaml', SMALL_MATRIX);
    const world = new World(await start());
    const { tenantId } = await world.tenant({ matrix: 'small' });
    await world.member(tenantId, 'hand');
    await folder.edit('small.yaml', VERSION_2, ['description: Some of it,', 'description: Some of it, surface: widget_only,']);
    expect(await refusal()).toContain('a widget role to a member without a customer');
  });

  it('has an invitation without a customer refused to whoever accepts it once its role has turned into one for the widget', async () => {
    await folder.write('small.yaml', SMALL_MATRIX);
    const world = new World(await start());
    const { tenantId } = await world.tenant({ matrix: 'small' });
    const secret = await inviteBy(world.root, { tenantId, email: 'guest@people.example', role: 'hand' });
    await folder.edit('small.yaml', VERSION_2, ['description: Some of it,', 'description: Some of it, surface: widget_only,']);
    const { anonymous } = new World(await restart());
    expect(await outcomeOf(anonymous, ['acceptInvitation', { secret, name: 'Guest', password: 'long enough' }])).toBe('BAD_USER_INPUT');
  });
});

describe('a policy folder that is behind the database', () => {
  it('has the newer version of the database served, and is warned about', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant();
    const developer = await world.member(tenantId, 'developer');
    await folder.edit('fastn.yaml', VERSION_2, ...LESS_FOR_DEVELOPERS);
    const before = await revisionsOf(await restart(), tenantId);

    const behind = await site.restart();
    expect(await check(behind, tenantId, developer, 'connectors.publish')).toMatchObject({ allowed: false });
    expect(await new World(behind).root.ask('{ roleMatrix(key: "fastn") { version } }')).toEqual({ roleMatrix: { version: 2 } });
    expect(behind.logged.join('')).toContain('The database has version 2 of the role matrix');
    expect(await revisionsOf(behind, tenantId)).toEqual(before);
  });

  it('has a matrix without a file served from the database while tenants live under it', async () => {
    const world = new World(await start());
    const { tenantId, owner } = await world.tenant();
    await folder.drop('fastn.yaml');
    const node = await restart();
    expect(await check(node, tenantId, owner, 'connectors.publish')).toMatchObject({ allowed: true, role: 'owner' });
    expect(await new World(node).root.ask('{ roleMatrices { key } }')).toEqual({ roleMatrices: [{ key: 'fastn' }, { key: 'nanami' }] });
  });
});

describe('plans', () => {
  it('reach the tenants that have them when their features change', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant({ plan: 'team' });
    const viewer = await world.member(tenantId, 'viewer', { accountRole: 'VIEWER' });
    const old = await restart();
    expect(await check(old, tenantId, viewer, 'connectors.read')).toMatchObject({ allowed: true });
    const before = await revisionsOf(old, tenantId);
    await folder.edit('plans.yaml', ['features: [VIEWER_ACCOUNTS]', 'features: []']);

    const node = await start();
    const risen = String(BigInt(before.revision) + 1n);
    expect(await revisionsOf(node, tenantId)).toEqual({ revision: risen, structure_revision: risen });
    expect((await auditActions(node))[0]).toBe('plan.changed team');
    site.clock.advance(old.config.stalenessMs + 1);
    for (const one of [node, old]) expect(await check(one, tenantId, viewer, 'connectors.read')).toMatchObject({ allowed: false, reason: 'NOT_IN_PLAN' });
  });

  it('are refused to go while a tenant has them, and go once the last of those is deleted', async () => {
    const world = new World(await start());
    const { tenantId } = await world.tenant({ plan: 'team' });
    await folder.edit('plans.yaml', ['  - key: team\n    title: Team\n    features: [VIEWER_ACCOUNTS]\n', '']);
    expect(await refusal()).toContain('"team"');
    await must(new World(await site.start()).root.mutate('deleteTenant', { tenantId }, 'revision'));
    const node = await restart();
    expect(await query(node, 'SELECT key FROM plans ORDER BY key')).toEqual([{ key: 'community' }, { key: 'enterprise' }]);
    expect((await auditActions(node))[0]).toBe('plan.removed team');
  });
});
