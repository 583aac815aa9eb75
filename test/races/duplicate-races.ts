import { addressOf, type Arena, EAST, type Racer, WEST } from './arena.js';
import type { Answer, Race } from './race.js';

type Runner = () => Promise<Answer>;

const ONE_OF_TWO = ['ok / CONFLICT', 'CONFLICT / ok'];
const PASSWORD = 'correct horse battery';

async function ownersLeft(arena: Arena, atMost = Number.POSITIVE_INFINITY): Promise<string[]> {
  const [row] = await arena.rows<{ owners: number }>(`SELECT count(*)::int AS owners FROM users WHERE account_role = 'OWNER' AND status = 'ACTIVE'`);
  const { owners } = row!;
  return owners >= 1 && owners <= atMost ? [] : [`the platform has ${owners} account OWNERs`];
}

/** Two account OWNERs, and nobody else who is one. */
function amongOwners(name: string, outcomes: readonly string[], runners: (arena: Arena, one: Racer, other: Racer) => readonly Runner[]): Race {
  return {
    name,
    outcomes,
    enter: async (arena) => async () => {
      await arena.forgetOwners();
      const [one, other] = [await arena.racer('one', 'OWNER'), await arena.racer('other', 'OWNER')];
      return { tenantIds: [], runners: runners(arena, one, other), faults: () => ownersLeft(arena) };
    },
  };
}

const demote = ({ at }: Racer, { userId }: Racer, node: typeof EAST | typeof WEST): Runner => () =>
  at[node].mutate('setAccountRole', { userId, accountRole: 'MEMBER' }, 'user { id }');

export const PLATFORM_RACES: readonly Race[] = [
  amongOwners('two account OWNERs demote each other', ['ok / FORBIDDEN', 'FORBIDDEN / ok'], (_arena, one, other) => [demote(one, other, EAST), demote(other, one, WEST)]),
  amongOwners('the last two account OWNERs are disabled and demoted', ['ok / LAST_ADMIN', 'LAST_ADMIN / ok'], (arena, one, other) => [
    () => arena.rootAt[EAST].mutate('disableUser', { userId: one.userId }, 'user { id }'),
    () => arena.rootAt[WEST].mutate('setAccountRole', { userId: other.userId, accountRole: 'ADMIN' }, 'user { id }'),
  ]),
  {
    name: 'one bootstrap secret is used twice',
    outcomes: ['ok / UNAUTHENTICATED', 'UNAUTHENTICATED / ok'],
    enter: async (arena) => async () => {
      await arena.forgetOwners();
      const secret = await arena.bootstrapSecret();
      return { tenantIds: [], runners: [bootstrap(arena, secret, EAST), bootstrap(arena, secret, WEST)], faults: () => ownersLeft(arena, 1) };
    },
  },
  {
    name: 'the bootstrap secrets of two nodes are used at once',
    outcomes: ['ok / UNAUTHENTICATED', 'UNAUTHENTICATED / ok'],
    enter: async (arena) => async () => {
      await arena.forgetOwners();
      const secrets = [await arena.bootstrapSecret(), await arena.bootstrapSecret()] as const;
      return { tenantIds: [], runners: [bootstrap(arena, secrets[0], EAST), bootstrap(arena, secrets[1], WEST)], faults: () => ownersLeft(arena, 1) };
    },
  },
];

function bootstrap(arena: Arena, secret: string, node: typeof EAST | typeof WEST): Runner {
  const id = arena.unique('first');
  return () => arena.anonymousAt(node).mutate('bootstrap', { secret, id, name: 'First', email: addressOf(id), password: PASSWORD }, 'accessToken');
}

export const DUPLICATE_RACES: readonly Race[] = [
  {
    name: 'two tenants are made of one id',
    outcomes: ONE_OF_TWO,
    enter: async (arena) => {
      const owners = (await arena.racers('ann', 'ben')) as [Racer, Racer];
      return async () => {
        const id = arena.unique('tenant');
        const create = (node: typeof EAST | typeof WEST): Runner => () =>
          arena.rootAt[node].mutate('createTenant', { id, name: 'One', matrix: 'fastn', ownerId: owners[node].userId }, 'revision');
        return { tenantIds: [id], runners: [create(EAST), create(WEST)] };
      };
    },
  },
  {
    name: 'two users are made of one e-mail address',
    outcomes: ONE_OF_TWO,
    enter: async (arena) => async () => {
      const name = arena.unique('user');
      const create = (node: typeof EAST | typeof WEST, id: string): Runner => () =>
        arena.rootAt[node].mutate('createUser', { id, name, email: addressOf(node === EAST ? name : name.toUpperCase()) }, 'user { id }');
      return { tenantIds: [], runners: [create(EAST, `${name}-east`), create(WEST, `${name}-west`)] };
    },
  },
  {
    name: 'two users are made of one id',
    outcomes: ONE_OF_TWO,
    enter: async (arena) => async () => {
      const id = arena.unique('user');
      const create = (node: typeof EAST | typeof WEST): Runner => () => arena.rootAt[node].mutate('createUser', { id, name: 'One' }, 'user { id }');
      return { tenantIds: [], runners: [create(EAST), create(WEST)] };
    },
  },
];
