import { type Answer, Oracle } from './oracle.js';
import { Random } from './random.js';
import type { World, WorldMember, WorldTenant } from './world.js';

export interface Question {
  readonly tenantId: string;
  readonly userId: string;
  readonly permission: string;
  /** The department in which the action takes place; null outside of any. */
  readonly departmentId: string | null;
}

/** A question with its right answer. */
export interface Asked extends Question {
  readonly answer: Answer;
}

const IN_A_DEPARTMENT = 0.3;
/** Whoever holds nearly everything, or nearly nothing, is passed over for a while: no member needs as many draws. */
const DRAWS = 10_000;

export interface QuestionOptions {
  readonly seed?: number;
  /** The share of the refusals that is about strangers, or about what does not exist; else all are about members. */
  readonly oddities?: number;
}

/** Questions over the whole world with their answers, of which half are allowed, in a random order. */
export function askedOf(world: World, count: number, { seed = 2, oddities = 0 }: QuestionOptions = {}): Asked[] {
  const random = new Random(seed);
  const oracle = new Oracle(world);
  const draw = (allowed: boolean) => (!allowed && random.chance(oddities) ? drawOddity(world, random) : drawQuestion(world, random));
  return random.shuffled(Array.from({ length: count }, (_, index) => drawUntil(index % 2 === 0, oracle, draw)));
}

function drawUntil(allowed: boolean, oracle: Oracle, draw: (allowed: boolean) => Question): Asked {
  for (let drawn = 0; drawn < DRAWS; drawn++) {
    const question = draw(allowed);
    const answer = oracle.answer(question);
    if (answer.allowed === allowed) return { ...question, answer };
  }
  throw new Error(`no question with the answer ${allowed} in ${DRAWS} draws`);
}

function drawQuestion(world: World, random: Random): Question {
  const tenant = random.pick(world.tenants);
  const member = random.pick(tenant.members);
  const departmentId = random.chance(IN_A_DEPARTMENT) ? drawDepartment(tenant, member, random) : null;
  return { tenantId: tenant.id, userId: member.userId, permission: random.pick(world.matrix.permissions), departmentId };
}

/** Where a member has an override, that is where they mostly act. */
function drawDepartment(tenant: WorldTenant, member: WorldMember, random: Random): string {
  const overridden = member.overrides.map(({ departmentId }) => departmentId);
  return random.pick(overridden.length > 0 && random.chance(0.8) ? overridden : tenant.departments);
}

/** Somebody of another tenant, or a permission, department or tenant that is nowhere. */
function drawOddity(world: World, random: Random): Question {
  const question = drawQuestion(world, random);
  const stranger = random.pick(random.pick(world.tenants).members).userId;
  return { ...question, ...random.pick([{ userId: stranger }, { permission: 'rockets.launch' }, { departmentId: 'nowhere' }, { tenantId: 'nowhere' }]) };
}
