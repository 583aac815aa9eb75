import type { Contest, Score } from '../load/contest.js';
import { inWords } from '../load/statistics.js';
import type { Figure } from './scenario.js';

/** A ratio of which the project asks that it be at least so much, and what it comes from. */
export function contestFigures(what: string, rival: string, { ours, theirs, ratio, ratioByCpu, remarks }: Contest, goal: Goal): Figure[] {
  const perRequest = goal.thingsPerRequest ?? 1;
  return [
    { what: `${what}, of ${rival}`, measured: inWords(ratio, 2), asked: `at least ${goal.atLeast.toFixed(2)}`, reached: ratio.median >= goal.atLeast, remarks },
    ...(ratioByCpu === null ? [] : [explained('… by processor time', inWords(ratioByCpu, 2))]),
    explained('… the gateway', scoreInWords(ours, perRequest)),
    explained(`… ${rival}`, scoreInWords(theirs, perRequest)),
  ];
}

export interface Goal {
  readonly atLeast: number;
  /** Where one request asks for many. */
  readonly thingsPerRequest?: number;
}

function scoreInWords({ rate, cpuMicroseconds }: Score, thingsPerRequest: number): string {
  const cpu = cpuMicroseconds === null ? '' : `, ${inWords(cpuMicroseconds, 1)} µs of processor time each`;
  const things = thingsPerRequest === 1 ? '' : ` = ${Math.round(rate.median * thingsPerRequest).toLocaleString('en')} answers/s`;
  return `${inWords(rate, 0)} requests/s${things}${cpu}`;
}

/** A figure of which the project asks that it be below so much. */
export function boundedFigure(what: string, value: number, unit: string, below: number, remarks: readonly string[] = []): Figure {
  return { what, measured: `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`, asked: `below ${below} ${unit}`, reached: value < below, remarks };
}

/** A figure that helps to understand another. */
export function explained(what: string, measured: string, remarks: readonly string[] = []): Figure {
  return { what, measured, asked: null, reached: null, remarks };
}
