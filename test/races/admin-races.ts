import { type Arena, EAST, type Racer, WEST } from './arena.js';
import type { Answer, Race } from './race.js';

/** `actor` does something to `target` at one of the nodes. */
type Act = (tenantId: string, actor: Racer, target: Racer, node: typeof EAST | typeof WEST) => Promise<Answer>;

const remove: Act = (tenantId, actor, { userId }, node) => actor.at[node].mutate('removeMember', { tenantId, userId }, 'revision');
const suspend: Act = (tenantId, actor, { userId }, node) => actor.at[node].mutate('suspendMember', { tenantId, userId }, 'revision');
const demote: Act = (tenantId, actor, { userId }, node) => actor.at[node].mutate('changeMemberRole', { tenantId, userId, role: 'member' }, 'revision');
const transfer: Act = (tenantId, actor, { userId }, node) => actor.at[node].mutate('transferOwnership', { tenantId, newOwnerId: userId }, 'revision');

/** Two admins, and nobody else who could be one, each of them after the other. */
function eachOther(name: string, act: Act, losers = ['FORBIDDEN']): Race {
  return {
    name: `two admins ${name} each other`,
    outcomes: losers.flatMap((code) => [`ok / ${code}`, `${code} / ok`]),
    enter: async (arena) => {
      const people = await arena.racers('ann', 'ben');
      return async () => {
        const [ann, ben] = (await arena.signedInAnew(people)) as [Racer, Racer];
        const tenantId = await arena.tenant('nanami', ann, [[ben, 'admin']]);
        return { tenantIds: [tenantId], runners: [() => act(tenantId, ann, ben, EAST), () => act(tenantId, ben, ann, WEST)] };
      };
    },
  };
}

/** Somebody above both takes one admin and the other at once. */
const bothAtOnce: Race = {
  name: 'the platform removes one admin and suspends the other',
  outcomes: ['ok / LAST_ADMIN', 'LAST_ADMIN / ok'],
  enter: async (arena) => {
    const [ann, ben] = (await arena.racers('ann', 'ben')) as [Racer, Racer];
    const root: Racer = { userId: 'root', at: arena.rootAt };
    return async () => {
      const tenantId = await arena.tenant('nanami', ann, [[ben, 'admin']]);
      return { tenantIds: [tenantId], runners: [() => remove(tenantId, root, ann, EAST), () => suspend(tenantId, root, ben, WEST)] };
    };
  },
};

export const ADMIN_RACES: readonly Race[] = [eachOther('remove', remove, ['FORBIDDEN', 'UNAUTHENTICATED']), eachOther('suspend', suspend), eachOther('demote', demote), bothAtOnce];

interface House {
  readonly tenantId: string;
  readonly owner: Racer;
  readonly heir: Racer;
  readonly other: Racer;
}

function inHouse(name: string, outcomes: readonly string[], runners: (house: House, arena: Arena) => readonly (() => Promise<Answer>)[]): Race {
  return {
    name,
    outcomes,
    enter: async (arena) => {
      const [owner, other] = (await arena.racers('owner', 'other')) as [Racer, Racer];
      return async () => {
        const heir = await arena.racer('heir');
        const tenantId = await arena.tenant('fastn', owner, [[heir, 'developer'], [other, 'admin']]);
        return { tenantIds: [tenantId], runners: runners({ tenantId, owner, heir, other }, arena) };
      };
    },
  };
}

export const OWNER_RACES: readonly Race[] = [
  inHouse('the ownership passes to somebody who is being removed', ['ok / OWNER_REQUIRED', 'NOT_FOUND / ok'], ({ tenantId, owner, heir, other }) => [
    () => transfer(tenantId, owner, heir, EAST),
    () => remove(tenantId, other, heir, WEST),
  ]),
  inHouse('the ownership passes to somebody who is being suspended', ['ok / OWNER_REQUIRED', 'BAD_USER_INPUT / ok'], ({ tenantId, owner, heir, other }) => [
    () => transfer(tenantId, owner, heir, EAST),
    () => suspend(tenantId, other, heir, WEST),
  ]),
  inHouse('the ownership passes to somebody who is being disabled', ['ok / OWNER_REQUIRED', 'BAD_USER_INPUT / ok'], ({ tenantId, owner, heir }, arena) => [
    () => transfer(tenantId, owner, heir, EAST),
    () => arena.rootAt[WEST].mutate('disableUser', { userId: heir.userId }, 'user { id }'),
  ]),
  inHouse('the ownership passes to two at once', ['ok / FORBIDDEN', 'FORBIDDEN / ok'], ({ tenantId, owner, heir, other }) => [
    () => transfer(tenantId, owner, heir, EAST),
    () => transfer(tenantId, owner, other, WEST),
  ]),
  inHouse('the new owner passes the ownership on while the old one passes it elsewhere', ['ok / FORBIDDEN', 'FORBIDDEN / ok', 'ok / ok'], ({ tenantId, owner, heir, other }) => [
    () => transfer(tenantId, owner, heir, EAST),
    () => transfer(tenantId, heir, other, WEST),
  ]),
];
