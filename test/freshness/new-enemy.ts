import { must } from '../support/world.js';
import { type Place, PLACES, type Site } from './site.js';

const ROLE = 'own';
const WITHOUT = ['agents.read'];
const TAKEN = 'agents.run';
const CHECKS = 'query($inputs: [CheckInput!]!, $consistency: ConsistencyInput) { checks(inputs: $inputs, consistency: $consistency) { allowed reason revision } }';
const CHECK = 'query($input: CheckInput!, $consistency: ConsistencyInput) { check(input: $input, consistency: $consistency) { allowed reason revision } }';

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly revision: string;
}

export interface Limits {
  readonly rounds: number;
  /** No round begins later than this after the first, but for the first few. */
  readonly milliseconds?: number;
  /** Ends with the first answer that must not be. */
  readonly untilBreach?: boolean;
}

export interface Outcome {
  readonly rounds: number;
  readonly answers: number;
  /** Answers that allow what nobody was ever to be allowed, in words. */
  readonly breaches: readonly string[];
}

const FEWEST_ROUNDS = 3;

/**
 * The "new enemy": a permission is taken out of a role, and only then is the role given to somebody. Whoever combines the
 * role of before with the membership of after lets them do what they never could. Then the role is taken away again, and
 * only then gets the permission back, and so on, while all nodes are asked at every consistency.
 */
export async function newEnemy(site: Site, { rounds, milliseconds = Number.POSITIVE_INFINITY, untilBreach = false }: Limits): Promise<Outcome> {
  const { tenantId, enemy, holder } = await scene(site);
  const breaches: string[] = [];
  let [round, answers, isOver] = [0, 0, false];
  let revision = '0';
  const note = ({ allowed, reason, revision: at }: Decision, how: string, place: Place): void => {
    answers += 1;
    if (allowed) breaches.push(`round ${round}: node ${place}, asked ${how}, allowed it at ${at} by ${reason}`);
  };
  const hammer = async (place: Place): Promise<void> => {
    const about = (userId: string) => ({ tenantId, userId, permission: TAKEN });
    const ask = async (how: string, consistency: object): Promise<void> => {
      const { check } = await site.root(place).ask<{ check: Decision }>(CHECK, { input: about(enemy), consistency });
      note(check, how, place);
    };
    while (!isOver) {
      await ask('for low latency', {});
      const inputs = [about(holder), about(enemy)];
      note((await site.root(place).ask<{ checks: readonly [Decision, Decision] }>(CHECKS, { inputs })).checks[1], 'about two', place);
      await ask('for its revision', { atLeast: revision });
      await ask('for the present', { mode: 'FULL' });
    }
  };
  const change = async (mutation: string, input: object): Promise<void> => {
    const { data } = await must(site.root(PLACES[round % PLACES.length]!).mutate<{ revision: string }>(mutation, { tenantId, ...input }, 'revision'));
    revision = data![mutation]!.revision;
  };
  const hammering = PLACES.map(hammer);
  const startedAt = performance.now();
  const hasTime = () => round < FEWEST_ROUNDS || performance.now() - startedAt < milliseconds;
  try {
    while (round < rounds && hasTime() && !(untilBreach && breaches.length > 0)) {
      await change('updateRole', { role: ROLE, permissions: WITHOUT });
      await change('changeMemberRole', { userId: enemy, role: ROLE });
      await change('changeMemberRole', { userId: enemy, role: 'viewer' });
      await change('updateRole', { role: ROLE, permissions: [...WITHOUT, TAKEN] });
      round += 1;
    }
  } finally {
    isOver = true;
    await Promise.all(hammering);
  }
  return { rounds: round, answers, breaches };
}

/** A role with the permission, somebody who holds it all the time, and somebody who never may. */
async function scene(site: Site): Promise<{ tenantId: string; enemy: string; holder: string }> {
  const world = site.world(0);
  const { tenantId } = await world.tenant();
  await must(world.root.mutate('createRole', { tenantId, key: ROLE, name: 'Own', permissions: [...WITHOUT, TAKEN] }, 'revision'));
  const { userId: holder } = await world.member(tenantId, ROLE);
  const { userId: enemy } = await world.member(tenantId, 'viewer');
  return { tenantId, enemy, holder };
}
