import type { Variables } from '../support/client.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { expectNothingDone } from './audit-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const READ = 'agents.read';
const RUN = 'agents.run';
const copy = { sourceRole: 'viewer', key: 'copy', name: 'Copy' };

interface Repetition {
  readonly mutation: string;
  readonly input: Variables;
  readonly field: string;
  readonly sentence: string;
}

const REPETITIONS: Readonly<Record<string, Repetition>> = {
  'permissions of a new role': {
    mutation: 'createRole',
    input: { key: 'new', name: 'New', permissions: [READ, RUN, READ, READ] },
    field: 'permissions',
    sentence: 'Name each once: permissions repeats "agents.read".',
  },
  'permissions of a changed role': {
    mutation: 'updateRole',
    input: { role: 'made', permissions: [RUN, READ, READ, RUN] },
    field: 'permissions',
    sentence: 'Name each once: permissions repeats "agents.read", "agents.run".',
  },
  'what a duplicate adds': {
    mutation: 'duplicateRole',
    input: { ...copy, add: [RUN, RUN] },
    field: 'add',
    sentence: 'Name each once: add repeats "agents.run".',
  },
  'what a duplicate removes': {
    mutation: 'duplicateRole',
    input: { ...copy, add: [RUN], remove: [READ, READ] },
    field: 'remove',
    sentence: 'Name each once: remove repeats "agents.read".',
  },
  'what a duplicate both adds and removes': {
    mutation: 'duplicateRole',
    input: { ...copy, add: [READ, RUN], remove: [READ] },
    field: 'remove',
    sentence: 'Add or remove each, not both: remove repeats "agents.read" of add.',
  },
  'capabilities of a key': {
    mutation: 'createApiKey',
    input: { name: 'A key', capabilities: ['role.read', 'decision.read', 'role.read'] },
    field: 'capabilities',
    sentence: 'Name each once: capabilities repeats "role.read".',
  },
};

describe('named more than once', () => {
  it.each(Object.entries(REPETITIONS))('refused by name: %s', async (_what, { mutation, input, field, sentence }) => {
    const { tenantId, owner } = await world.tenant();
    await must(owner.client.mutate('createRole', { tenantId, key: 'made', name: 'Made', permissions: [READ] }, 'revision'));
    const attempt = () => owner.client.mutate(mutation, { tenantId, ...input }, '__typename');
    await expectNothingDone(world, tenantId, attempt, { code: 'BAD_USER_INPUT', field });
    expect((await attempt()).errors.map(({ message }) => message)).toEqual([sentence]);
  });

  it('refused with at most twenty names, so that the sentence stays short', async () => {
    const { tenantId, owner } = await world.tenant();
    const { tenant } = await owner.client.ask<{ tenant: { role: { permissions: readonly string[] } } }>(
      'query($id: ID!) { tenant(id: $id) { role(key: "admin") { permissions } } }',
      { id: tenantId },
    );
    const keys = tenant.role.permissions;
    const { errors } = await owner.client.mutate('createRole', { tenantId, key: 'new', name: 'New', permissions: [...keys, ...keys] }, 'revision');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(new RegExp(` and ${keys.length - 20} more\\.$`))]);
  });
});
