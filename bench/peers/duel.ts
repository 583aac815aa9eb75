import { type Spread, spreadOf } from '../load/statistics.js';
import type { Settings } from '../settings.js';
import type { Side, Turn } from './side.js';

export interface Score {
  readonly decisionsPerSecond: Spread;
  readonly cpuMicroseconds: Spread | null;
  /** The median share of a core; null where there is no client. */
  readonly clientCpu: number | null;
  readonly wrong: number;
}

export interface Duel {
  readonly ours: Score;
  readonly theirs: Score;
  /** How many decisions Gatehouse made while the peer made one, round by round. */
  readonly ratio: Spread;
}

/** Both by turns, so that whatever else the machine does falls on both. */
export async function duel(ours: Side, theirs: Side, { rounds, seconds }: Settings): Promise<Duel> {
  await ours.warmUp();
  await theirs.warmUp();
  const turns: [Turn, Turn][] = [];
  for (let round = 0; round < rounds; round++) turns.push([await ours.turn(seconds), await theirs.turn(seconds)]);
  return {
    ours: scoreOf(turns.map(([our]) => our)),
    theirs: scoreOf(turns.map(([, their]) => their)),
    ratio: spreadOf(turns.map(([our, their]) => our.decisionsPerSecond / their.decisionsPerSecond)),
  };
}

function scoreOf(turns: readonly Turn[]): Score {
  const known = (pick: (turn: Turn) => number | null): Spread | null => {
    const values = turns.flatMap((turn) => pick(turn) ?? []);
    return values.length === 0 ? null : spreadOf(values);
  };
  return {
    decisionsPerSecond: spreadOf(turns.map(({ decisionsPerSecond }) => decisionsPerSecond)),
    cpuMicroseconds: known(({ cpuMicroseconds }) => cpuMicroseconds),
    clientCpu: known(({ clientCpu }) => clientCpu)?.median ?? null,
    wrong: turns.reduce((sum, { wrong }) => sum + wrong, 0),
  };
}
