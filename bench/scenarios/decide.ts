import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spreadOf } from '../load/statistics.js';
import type { DecideTiming } from '../servers/decide-loop.js';
import { boundedFigure, explained } from './figures.js';
import type { Scenario } from './scenario.js';

/** A grant is an object of three fields: what may be left behind for each, with room for the engine's own. */
const BYTES_OF_A_DECISION = 48;

/** The decision alone, with its facts at hand: in a process of its own, whose collector can be called. */
export const decideInProcess: Scenario = {
  name: 'decide',
  onlyNamed: false,
  async run(bench) {
    const script = join(import.meta.dirname, '..', 'servers', 'decide-loop.js');
    const timings: DecideTiming[] = [];
    for (let round = 0; round < bench.settings.rounds; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-semi-space-size=64', script]);
      timings.push(JSON.parse(stdout) as DecideTiming);
    }
    const nanoseconds = spreadOf(timings.map((timing) => timing.nanoseconds));
    const bytes = spreadOf(timings.map((timing) => timing.bytes));
    return [
      boundedFigure('decide in process', nanoseconds.median, 'ns', 200),
      boundedFigure('decide: garbage a call, of which a grant itself is 28 to 40', bytes.median, 'bytes', BYTES_OF_A_DECISION),
      explained('decide', `${nanoseconds.min.toFixed(0)}–${nanoseconds.max.toFixed(0)} ns over ${timings.length} processes`),
    ];
  },
};
