import type { PoolClient } from 'pg';
import { must } from '../support/world.js';
import { Arena, EAST, type Racer, WEST } from './arena.js';
import type { Answer } from './race.js';

const NODES = [EAST, WEST] as const;

/** Holds whoever writes to a table where they are, until it opens: so a test decides who is in the middle of what. */
class TableGate {
  private constructor(
    private readonly arena: Arena,
    private readonly holder: PoolClient,
  ) {}

  static async close(arena: Arena, table: string): Promise<TableGate> {
    const holder = await arena.db.connect();
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE ${table} IN SHARE MODE`);
    return new TableGate(arena, holder);
  }

  /** Resolves once so many sessions wait for a lock, or once `instead` has come to its end without waiting. */
  async held(sessions: number, instead: Promise<unknown>): Promise<void> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    instead.then(settle, settle);
    while (!settled && (await this.waiting()) < sessions) continue;
  }

  async open(): Promise<void> {
    await this.holder.query('COMMIT');
    this.holder.release();
  }

  private async waiting(): Promise<number> {
    const [row] = await this.arena.rows<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row!.waiting;
  }
}

describe('with one change held in the middle of its transaction,', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open();
    await arena.racer('standing', 'OWNER');
  });
  afterAll(() => arena.close());

  const ask = async (tenantId: string, { userId }: Racer, node: typeof EAST | typeof WEST): Promise<string> => {
    const document = 'query($input: CheckInput!) { check(input: $input) { reason } }';
    const { check } = await arena.rootAt[node].ask<{ check: { reason: string } }>(document, { input: { tenantId, userId, permission: 'network.read' } });
    return check.reason;
  };

  it('an account OWNER who belongs to no tenant is not demoted before what they are giving is given', async () => {
    const [first, giver, joiner] = [await arena.racer('first'), await arena.racer('giver', 'OWNER'), await arena.racer('joiner')];
    const tenantId = await arena.tenant('nanami', first);
    const arrived: string[] = [];
    const note = (name: string) => (answer: Answer) => arrived.push(`${name} ${answer.errors[0]?.extensions.code ?? 'ok'}`);

    const gate = await TableGate.close(arena, 'memberships');
    const gift = giver.at[EAST].mutate('addMember', { tenantId, userId: joiner.userId, role: 'admin' }, 'revision').then(note('gift'));
    await gate.held(1, gift);
    const demotion = arena.rootAt[WEST].mutate('setAccountRole', { userId: giver.userId, accountRole: 'MEMBER' }, 'user { id }').then(note('demotion'));
    await gate.held(2, demotion);
    await gate.open();
    await Promise.all([gift, demotion]);
    expect(arrived).toEqual(['gift ok', 'demotion ok']);
  });

  it('a user who is added to a tenant while they are disabled is disabled there too, on a node that asked in between', async () => {
    const [first, user] = [await arena.racer('first'), await arena.racer('user')];
    const tenantId = await arena.tenant('nanami', first);

    const gate = await TableGate.close(arena, 'sign_ins');
    const disabling = arena.rootAt[EAST].mutate('disableUser', { userId: user.userId }, 'user { id }');
    await gate.held(1, disabling);
    const joining = arena.rootAt[WEST].mutate('addMember', { tenantId, userId: user.userId, role: 'viewer' }, 'revision');
    await gate.held(2, joining);
    await Promise.all(NODES.map((node) => ask(tenantId, user, node)));
    await gate.open();
    await Promise.all([must(disabling), must(joining)]);
    arena.clock.advance(arena.stalenessMs + 1);
    // Whoever asks about somebody else has the tenant's revision read again, and by that alone all that is kept of it.
    await Promise.all(NODES.map((node) => ask(tenantId, first, node)));
    expect(await Promise.all(NODES.map((node) => ask(tenantId, user, node)))).toEqual(['USER_DISABLED', 'USER_DISABLED']);
  });

  it('somebody whom two tenants remove at once keeps no sign-in, though each of them is their tenant still where the other one looks', async () => {
    const [first, user] = [await arena.racer('first'), await arena.racer('user')];
    const [one, another] = [await arena.tenant('nanami', first, [[user, 'viewer']]), await arena.tenant('nanami', first, [[user, 'viewer']])];

    const gate = await TableGate.close(arena, 'sign_ins');
    const removal = arena.rootAt[EAST].mutate('removeMember', { tenantId: one, userId: user.userId }, 'id');
    await gate.held(1, removal);
    const other = arena.rootAt[WEST].mutate('removeMember', { tenantId: another, userId: user.userId }, 'id');
    await gate.held(2, other);
    await gate.open();
    await Promise.all([must(removal), must(other)]);
    arena.clock.advance(arena.stalenessMs + 1);
    expect(await Promise.all(NODES.map((node) => user.at[node].codes('{ viewer { user { id } } }')))).toEqual([['UNAUTHENTICATED'], ['UNAUTHENTICATED']]);
  });

  it('whoever is becoming an account OWNER is moved to no other role by an admin who deletes theirs', async () => {
    const [first, holder] = [await arena.racer('first'), await arena.racer('holder')];
    const tenantId = await arena.tenant('nanami', first);
    await must(arena.rootAt[EAST].mutate('createRole', { tenantId, key: 'made', name: 'Made', permissions: ['network.read'] }, 'revision'));
    await must(arena.rootAt[EAST].mutate('addMember', { tenantId, userId: holder.userId, role: 'made' }, 'revision'));

    const gate = await TableGate.close(arena, 'users');
    const promotion = arena.rootAt[EAST].mutate('setAccountRole', { userId: holder.userId, accountRole: 'OWNER' }, 'user { id }');
    await gate.held(1, promotion);
    const deletion = first.at[WEST].mutate('deleteRole', { tenantId, role: 'made', replacementRole: 'viewer' }, 'revision');
    await gate.held(2, deletion);
    await gate.open();
    await must(promotion);
    expect((await deletion).errors[0]?.extensions.code).toBe('ESCALATION');
  });
});
