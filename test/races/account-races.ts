import { must } from '../support/world.js';
import { addressOf, type Arena, EAST, type Racer, WEST } from './arena.js';
import type { Answer, Contest, Race } from './race.js';

type Runner = () => Promise<Answer>;

const disable = (arena: Arena, { userId }: Racer, node: typeof EAST | typeof WEST): Runner => () =>
  arena.rootAt[node].mutate('disableUser', { userId }, 'user { id }');

/** A race for which everybody is made anew, since whoever was disabled has lost their sign-ins; one account OWNER stays. */
function race(name: string, outcomes: readonly string[], prepare: (arena: Arena) => Promise<Contest>): Race {
  const enter = async (arena: Arena) => {
    await arena.racer('standing', 'OWNER');
    return () => prepare(arena);
  };
  return { name, outcomes, enter };
}

async function liveKeys(arena: Arena, { userId }: Racer): Promise<string[]> {
  const keys = await arena.rows<{ id: string }>(
    `SELECT k.id FROM api_keys k JOIN users u ON u.id = k.bound_to AND u.status = 'DISABLED' WHERE u.id = $1 AND k.revoked_at IS NULL`,
    [userId],
  );
  return keys.map(({ id }) => `the key ${id} outlives its maker`);
}

async function liveSignIns(arena: Arena, { userId }: Racer): Promise<string[]> {
  const signIns = await arena.rows<{ id: string }>(
    `SELECT s.id FROM sign_ins s JOIN users u ON u.id = s.user_id AND u.status = 'DISABLED' WHERE u.id = $1 AND s.ended_at IS NULL`,
    [userId],
  );
  return signIns.map(({ id }) => `the sign-in ${id} outlives the disabling of its user`);
}

const makeKey = ({ at }: Racer, tenantId: string | null, capability: string): Runner => () =>
  at[EAST].mutate('createApiKey', { tenantId, name: 'A key', capabilities: [capability] }, 'apiKey { id }');
const KEY_OUTCOMES = ['ok / ok', 'FORBIDDEN / ok', 'UNAUTHENTICATED / ok'];
const PASSWORD = 'correct horse battery';

const CHECK = 'query($input: CheckInput!) { check(input: $input) { allowed reason } }';
const question = (tenantId: string, { userId }: Racer) => ({ input: { tenantId, userId, permission: 'network.read' } });

/** Asked at both nodes once what they keep at hand is past the bound: then a change must count, whichever node made it. */
async function stillAllowed(arena: Arena, tenantId: string, user: Racer, another: Racer): Promise<string[]> {
  arena.clock.advance(arena.stalenessMs + 1);
  const ask = (about: Racer) =>
    Promise.all(arena.rootAt.map((root) => root.ask<{ check: { allowed: boolean; reason: string } }>(CHECK, question(tenantId, about))));
  // To ask about somebody else has the tenant's revision read again, and by that alone all that is kept of it.
  await ask(another);
  const answers = await ask(user);
  return answers.flatMap(({ check }, node) => (check.allowed ? [`node ${node} still allows ${user.userId}: ${check.reason}`] : []));
}

export const ACCOUNT_RACES: readonly Race[] = [
  race('two who are each other\'s last admin in several tenants are disabled', ['ok / LAST_ADMIN', 'LAST_ADMIN / ok'], async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const tenantIds = [await arena.tenant('nanami', ann, [[ben, 'admin']]), await arena.tenant('nanami', ben, [[ann, 'admin']]), await arena.tenant('nanami', ann, [[ben, 'admin']])];
    return { tenantIds, runners: [disable(arena, ann, EAST), disable(arena, ben, WEST)] };
  }),
  race('one admin is disabled while the other is removed', ['ok / LAST_ADMIN', 'LAST_ADMIN / ok'], async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const tenantId = await arena.tenant('nanami', ann, [[ben, 'admin']]);
    const removal: Runner = () => arena.rootAt[WEST].mutate('removeMember', { tenantId, userId: ben.userId }, 'revision');
    return { tenantIds: [tenantId], runners: [disable(arena, ann, EAST), removal] };
  }),
  race('one admin gets an account that only reads while the other is removed', ['ok / LAST_ADMIN', 'LAST_ADMIN / ok'], async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const tenantId = await arena.tenant('nanami', ann, [[ben, 'admin']]);
    const blind: Runner = () => arena.rootAt[EAST].mutate('setAccountRole', { userId: ann.userId, accountRole: 'VIEWER' }, 'user { id }');
    const removal: Runner = () => arena.rootAt[WEST].mutate('removeMember', { tenantId, userId: ben.userId }, 'revision');
    return { tenantIds: [tenantId], runners: [blind, removal] };
  }),
  race('somebody becomes an admin, and the other admin goes, while they are disabled', ['ok / ok / LAST_ADMIN', 'ok / LAST_ADMIN / ok'], async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const tenantId = await arena.tenant('nanami', ann);
    const add: Runner = () => arena.rootAt[EAST].mutate('addMember', { tenantId, userId: ben.userId, role: 'admin' }, 'revision');
    const removal: Runner = () => arena.rootAt[WEST].mutate('removeMember', { tenantId, userId: ann.userId }, 'revision');
    return { tenantIds: [tenantId], runners: [add, removal, disable(arena, ben, WEST)] };
  }),
  race('a tenant is made for an owner who is being disabled', ['ok / OWNER_REQUIRED', 'BAD_USER_INPUT / ok'], async (arena) => {
    const owner = await arena.racer('owner');
    const id = arena.unique('tenant');
    const create: Runner = () => arena.rootAt[EAST].mutate('createTenant', { id, name: 'New', matrix: 'fastn', ownerId: owner.userId }, 'revision');
    return { tenantIds: [id], runners: [create, disable(arena, owner, WEST)] };
  }),
  race('a member is added, and asked about, while they are disabled', ['ok / ok / ok'], async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const tenantId = await arena.tenant('nanami', ann);
    const add: Runner = () => arena.rootAt[EAST].mutate('addMember', { tenantId, userId: ben.userId, role: 'viewer' }, 'revision');
    const ask: Runner = () => arena.rootAt[WEST].send(CHECK, question(tenantId, ben));
    return { tenantIds: [tenantId], runners: [add, disable(arena, ben, EAST), ask], faults: () => stillAllowed(arena, tenantId, ben, ann) };
  }),
  race('a key of a tenant is made by an admin who is being disabled', KEY_OUTCOMES, async (arena) => {
    const [owner, maker] = (await arena.racers('owner', 'maker')) as [Racer, Racer];
    const tenantId = await arena.tenant('fastn', owner, [[maker, 'admin']]);
    return { tenantIds: [tenantId], runners: [makeKey(maker, tenantId, 'decision.read'), disable(arena, maker, WEST)], faults: () => liveKeys(arena, maker) };
  }),
  race('a key of a tenant is made by an account OWNER who is being disabled', KEY_OUTCOMES, async (arena) => {
    const [owner, maker] = [await arena.racer('owner'), await arena.racer('maker', 'OWNER')];
    const tenantId = await arena.tenant('fastn', owner);
    const contest = { runners: [makeKey(maker, tenantId, 'decision.read'), disable(arena, maker, WEST)], faults: () => liveKeys(arena, maker) };
    return { tenantIds: [], ...contest };
  }),
  race('a key of the platform is made by an account OWNER who is being disabled', KEY_OUTCOMES, async (arena) => {
    const maker = await arena.racer('maker', 'OWNER');
    return { tenantIds: [], runners: [makeKey(maker, null, 'platform.tenants'), disable(arena, maker, WEST)], faults: () => liveKeys(arena, maker) };
  }),
  race('somebody signs in while they are disabled', ['ok / ok', 'UNAUTHENTICATED / ok'], async (arena) => {
    const user = await arena.racer('user');
    await setPassword(arena, user);
    const signIn: Runner = () => arena.anonymousAt(EAST).mutate('signIn', { email: addressOf(user.userId), password: PASSWORD }, 'accessToken');
    return { tenantIds: [], runners: [signIn, disable(arena, user, WEST)], faults: () => liveSignIns(arena, user) };
  }),
];

async function setPassword(arena: Arena, { userId }: Racer): Promise<void> {
  const { data } = await must(arena.rootAt[EAST].mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
  await must(arena.anonymousAt(EAST).mutate('setPassword', { secret: data!['resetPassword']!.secret, password: PASSWORD }, 'accessToken'));
}
