import type { Outcome } from './job.js';
import { spreadOf } from './statistics.js';

/** Milliseconds. */
export type Times = Pick<Outcome['latency'], 'p50' | 'p99' | 'max'>;

/** The medians over the rounds. */
export function timesOf(rounds: readonly Outcome[]): Times {
  const of = (quantile: keyof Times): number => spreadOf(rounds.map(({ latency }) => latency[quantile])).median;
  return { p50: of('p50'), p99: of('p99'), max: of('max') };
}

export function inWords({ p50, max }: Times): string {
  return `p50 ${p50.toFixed(2)} ms, longest ${max.toFixed(1)} ms`;
}
