import { setImmediate as turn } from 'node:timers/promises';
import { ManualTimers } from '../http/toy-server.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, type Person, World } from '../support/world.js';
import { Listener } from './listener.js';

const STALENESS_MS = 1000;
const HOUR_MS = 3_600_000;
/** Real milliseconds: a bound for what does come, not for how fast. */
const PATIENCE_MS = 20_000;

interface Scene {
  readonly test: GatewayForTests;
  readonly world: World;
  readonly tenantId: string;
  readonly owner: Person;
}

/** A way to lose the right to listen. */
interface Loss {
  /** Who listens, by their token, and what ends it. */
  readonly prepare: (scene: Scene) => Promise<{ readonly token: string; readonly lose: () => Promise<unknown> }>;
  readonly code: string;
}

const byRoot = (mutation: string, select: string, input: (scene: Scene, userId: string) => object): Loss['prepare'] => async (scene) => {
  const { userId, client } = await scene.world.member(scene.tenantId, 'developer');
  return { token: client.token!, lose: () => must(scene.world.root.mutate(mutation, { ...input(scene, userId) }, select)) };
};
const ofMember = ({ tenantId }: Scene, userId: string) => ({ tenantId, userId });
const ofUser = (_scene: Scene, userId: string) => ({ userId });

async function key({ world, tenantId }: Scene, more: object = {}, by = world.root) {
  const input = { tenantId, name: 'a key', capabilities: ['tenant.read'], ...more };
  const { data } = await must(by.mutate<{ secret: string; apiKey: { id: string } }>('createApiKey', input, 'secret apiKey { id }'));
  return data!['createApiKey']!;
}

const LOSSES: Readonly<Record<string, Loss>> = {
  'their only membership is removed': { code: 'UNAUTHENTICATED', prepare: byRoot('removeMember', 'id', ofMember) },
  'one of their memberships is removed': {
    code: 'FORBIDDEN',
    prepare: async (scene) => {
      const { userId, client } = await scene.world.member(scene.tenantId, 'developer');
      const elsewhere = await scene.world.tenant();
      await must(scene.world.root.mutate('addMember', { tenantId: elsewhere.tenantId, userId, role: 'viewer' }, 'revision'));
      return { token: client.token!, lose: () => must(scene.world.root.mutate('removeMember', ofMember(scene, userId), 'id')) };
    },
  },
  'their membership is suspended': { code: 'FORBIDDEN', prepare: byRoot('suspendMember', 'revision', ofMember) },
  'their account is disabled': { code: 'UNAUTHENTICATED', prepare: byRoot('disableUser', 'user { id }', ofUser) },
  'their sign-in is ended': { code: 'UNAUTHENTICATED', prepare: byRoot('resetPassword', 'expiresAt', ofUser) },
  'the tenant is suspended': { code: 'FORBIDDEN', prepare: byRoot('suspendTenant', 'revision', ({ tenantId }) => ({ tenantId })) },
  'the tenant is deleted': {
    code: 'FORBIDDEN',
    prepare: async ({ world, tenantId, owner }) => {
      const { client } = await world.member(tenantId, 'developer');
      return { token: client.token!, lose: () => must(owner.client.mutate('deleteTenant', { tenantId }, 'id')) };
    },
  },
  'their membership expires': {
    code: 'FORBIDDEN',
    prepare: async ({ test, world, tenantId }) => {
      const expiresAt = new Date(test.clock.now() + 60_000).toISOString();
      const { client } = await world.member(tenantId, 'developer', { expiresAt });
      return { token: client.token!, lose: async () => test.clock.advance(60_000) };
    },
  },
  'their token expires': {
    code: 'UNAUTHENTICATED',
    prepare: async ({ test, world, tenantId }) => {
      const { client } = await world.member(tenantId, 'developer');
      return { token: client.token!, lose: async () => test.clock.advance(24 * HOUR_MS) };
    },
  },
  'their key is revoked': {
    code: 'UNAUTHENTICATED',
    prepare: async (scene) => {
      const { secret, apiKey } = await key(scene);
      return { token: secret, lose: () => must(scene.world.root.mutate('revokeApiKey', { tenantId: scene.tenantId, id: apiKey.id }, 'apiKey { id }')) };
    },
  },
  'their key expires': {
    code: 'UNAUTHENTICATED',
    prepare: async (scene) => {
      const { secret } = await key(scene, { expiresAt: new Date(scene.test.clock.now() + 60_000).toISOString() });
      return { token: secret, lose: async () => scene.test.clock.advance(60_000) };
    },
  },
  'the person behind their key is suspended': {
    code: 'FORBIDDEN',
    prepare: async (scene) => {
      const admin = await scene.world.member(scene.tenantId, 'admin');
      const { secret } = await key(scene, {}, admin.client);
      return { token: secret, lose: () => must(scene.world.root.mutate('suspendMember', { tenantId: scene.tenantId, userId: admin.userId }, 'revision')) };
    },
  },
  'the tenant of their key is deleted': {
    code: 'UNAUTHENTICATED',
    prepare: async (scene) => {
      const { secret } = await key(scene);
      return { token: secret, lose: () => must(scene.owner.client.mutate('deleteTenant', { tenantId: scene.tenantId }, 'id')) };
    },
  },
};

describe('the stream of somebody', () => {
  let test: GatewayForTests;
  let timers: ManualTimers;
  let scene: Scene;
  const listeners: Listener[] = [];
  let world: World;
  beforeAll(async () => {
    timers = new ManualTimers();
    test = await gatewayForTests({ timer: timers.timer, env: { STALENESS_MS: String(STALENESS_MS) } });
    world = new World(test);
  });
  beforeEach(async () => {
    scene = { test, world, ...(await world.tenant()) };
  });
  afterEach(() => listeners.splice(0).forEach((listener) => listener.leave()));
  afterAll(() => test.close());

  async function listen(token: string): Promise<Listener> {
    const listener = new Listener(test.url, scene.tenantId, { token });
    listeners.push(listener);
    await listener.accepted;
    return listener;
  }
  const change = () => must(world.root.mutate('createDepartment', { tenantId: scene.tenantId, name: world.unique('department') }, 'revision'));

  /** Lets the bound pass for whoever waits, as often as it takes. */
  async function beatUntil(over: Promise<unknown>): Promise<void> {
    let isOver = false;
    over.finally(() => (isOver = true)).catch(() => undefined);
    const end = performance.now() + PATIENCE_MS;
    while (!isOver) {
      if (performance.now() > end) throw new Error('the stream goes on');
      timers.elapse(STALENESS_MS);
      await turn();
    }
  }

  describe.each(Object.entries(LOSSES))('of whom %s', (_what, { prepare, code }) => {
    it('ends before the next event', async () => {
      const { token, lose } = await prepare(scene);
      const listener = await listen(token);
      await change();
      await listener.hears(1);
      await lose();
      // Not where there is no tenant any more; then its deletion was the change.
      await change().catch(() => undefined);
      expect(await listener.ends()).toEqual([code]);
      expect(listener.revisions).toHaveLength(1);
    });

    it('ends within the bound where nothing else happens', async () => {
      const { token, lose } = await prepare(scene);
      const listener = await listen(token);
      await lose();
      await beatUntil(listener.over);
      expect(await listener.ends()).toEqual([code]);
      expect(listener.revisions).toEqual([]);
    });
  });

  it('goes on for as long as they keep it, however long nothing happens', async () => {
    const listener = await listen(scene.owner.client.token!);
    for (let beats = 0; beats < 20; beats += 1) {
      timers.elapse(STALENESS_MS);
      test.clock.advance(STALENESS_MS);
      await turn();
    }
    await change();
    await listener.hears(1);
    expect(listener.codes).toEqual([]);
  });

  it('of the platform ends with NOT_FOUND after the last event of a tenant that is deleted', async () => {
    const listener = await listen(world.root.token!);
    await must(scene.owner.client.mutate('deleteTenant', { tenantId: scene.tenantId }, 'id'));
    expect(await listener.ends()).toEqual(['NOT_FOUND']);
    expect(listener.revisions).toHaveLength(1);
  });
});
