import { TenantStore } from '../../src/features/tenants/tenants.store.js';
import type { Transaction } from '../../src/storage/transaction.js';
import { ACCOUNT_RACES } from './account-races.js';
import { ADMIN_RACES, OWNER_RACES } from './admin-races.js';
import { Arena } from './arena.js';
import { GRANT_RACES } from './grant-races.js';
import { judgeHistory, judgeLeadership } from './judges.js';
import { type Race, run } from './race.js';

// The mutant: a gateway whose changes read the tenant's row where they should lock it. It lives and dies with this file.
Object.assign(TenantStore.prototype, {
  lock(this: TenantStore, id: string, tx: Transaction) {
    return this.find(id, tx);
  },
});

const TRIGGERS = [
  ['memberships', 'memberships_admin_comes'],
  ['memberships', 'memberships_admin_goes'],
  ['memberships', 'memberships_admin_changes'],
  ['users', 'users_admin_disabled'],
] as const;

const ROUNDS = 50;
const TIMEOUT = 120_000;

/** Those in which more than an index stands between the racers and a tenant without an admin or its owner. */
const RACES: readonly Race[] = [
  ...ADMIN_RACES,
  ...OWNER_RACES.filter(({ name }) => name.includes('to somebody who is being')),
  ...ACCOUNT_RACES.filter(({ name }) => name.startsWith('one admin is disabled')),
];

const GIFTS: readonly Race[] = GRANT_RACES.filter(({ name }) => name.startsWith('somebody gives a role while they are'));

async function set(arena: Arena, state: 'ENABLE' | 'DISABLE'): Promise<void> {
  for (const [table, trigger] of TRIGGERS) await arena.rows(`ALTER TABLE ${table} ${state} TRIGGER ${trigger}`);
}

describe('without the lock on the tenant\'s row,', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open();
  });
  afterAll(() => arena.close());

  it('there are races left to run', () => {
    expect([RACES.length, GIFTS.length]).toEqual([8, 2]);
  });

  it.each(GIFTS)('the log tells of a gift by one who no longer held it where $name', async (race) => {
    const { faults } = await run(arena, race, judgeHistory, { rounds: ROUNDS, untilFault: true });
    expect(faults.join()).toContain('without holding membership.manage');
  }, TIMEOUT);

  describe('and without the triggers of the database, the rig sees it break where', () => {
    beforeAll(() => set(arena, 'DISABLE'));
    afterAll(() => set(arena, 'ENABLE'));

    it.each(RACES)('$name', async (race) => {
      const { faults } = await run(arena, race, judgeLeadership, { rounds: ROUNDS, untilFault: true });
      expect(faults).not.toEqual([]);
    }, TIMEOUT);
  });

  describe('the triggers of the database hold where', () => {
    it.each(RACES)('$name', async (race) => {
      const { faults } = await run(arena, race, judgeLeadership, { rounds: ROUNDS, milliseconds: 2_000 });
      expect(faults).toEqual([]);
    }, TIMEOUT);
  });
});
