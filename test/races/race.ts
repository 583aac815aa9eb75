import { setImmediate as turn } from 'node:timers/promises';
import type { GraphqlAnswer } from '../support/client.js';
import type { Arena } from './arena.js';

export type Answer = GraphqlAnswer<Record<string, unknown>>;

/** One round, set up: nobody has started yet. */
export interface Contest {
  /** Where to look for what must never break. */
  readonly tenantIds: readonly string[];
  readonly runners: readonly (() => Promise<Answer>)[];
  /** What else does not hold once all have arrived, in sentences. */
  readonly faults?: (answers: readonly Answer[]) => Promise<readonly string[]>;
}

export interface Race {
  readonly name: string;
  /** The codes of the answers, in the order of the runners, that may come of it; `ok` for success. */
  readonly outcomes: readonly string[];
  /** Makes whoever takes part in all rounds; returns what sets one round up. */
  readonly enter: (arena: Arena) => Promise<(round: number) => Promise<Contest>>;
}

/** What does not hold after a round, in sentences; none where all is well. */
export type Judge = (arena: Arena, contest: Contest, answers: readonly Answer[], race: Race) => Promise<readonly string[]>;

export interface Result {
  readonly rounds: number;
  /** How often each outcome came. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What the judge found, with the round in which. */
  readonly faults: readonly string[];
}

export interface Limits {
  readonly rounds: number;
  /** No round begins later than this after the first, but for the first few. */
  readonly milliseconds?: number;
  /** Ends the race with the first round in which the judge finds something. */
  readonly untilFault?: boolean;
}

const FEWEST_ROUNDS = 4;
const MOST_TURNS = 8;

/** Runs the race round after round. */
export async function run(arena: Arena, race: Race, judge: Judge, limits: Limits): Promise<Result> {
  const { rounds, milliseconds = Number.POSITIVE_INFINITY, untilFault = false } = limits;
  const prepare = await race.enter(arena);
  const outcomes = new Map<string, number>();
  const faults: string[] = [];
  const startedAt = performance.now();
  const hasTime = () => performance.now() - startedAt < milliseconds;
  let round = 0;
  while (round < rounds && (round < FEWEST_ROUNDS || hasTime()) && !(untilFault && faults.length > 0)) {
    await arena.forgetAttempts();
    const contest = await prepare(round);
    const answers = await start(contest, round);
    const outcome = outcomeOf(answers);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    faults.push(...(await judge(arena, contest, answers, race)).map((fault) => `round ${round} (${outcome}): ${fault}`));
    round += 1;
  }
  return { rounds: round, outcomes, faults };
}

export function outcomeOf(answers: readonly Answer[]): string {
  return answers.map((answer) => answer.errors[0]?.extensions.code ?? 'ok').join(' / ');
}

/** All start together, or by turns one of them a few turns of the event loop ahead, so that rounds differ in who is first. */
function start({ runners }: Contest, round: number): Promise<Answer[]> {
  const ahead = round % runners.length;
  const turns = Math.floor(round / runners.length) % MOST_TURNS;
  return Promise.all(runners.map((runner, i) => afterTurns(i === ahead ? 0 : turns).then(runner)));
}

async function afterTurns(turns: number): Promise<void> {
  for (let i = 0; i < turns; i += 1) await turn();
}
