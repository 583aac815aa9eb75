import * as fc from 'fast-check';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { World } from '../support/world.js';
import { runs } from './arbitraries.js';
import { expectLikeness } from './likeness.js';
import { Stage } from './stage.js';
import type { Tally } from './steps.js';

/** Runs under each matrix: a few for every run of the tests, hundreds for a long look. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 12);
/** The same sequences with every run, so that a change of ours is what makes them fail; MODEL_SEED and MODEL_RUNS look further. */
const SEED = Number(process.env['MODEL_SEED'] ?? 20_261_123);
/** Ten times what it takes, so that a failure can be looked at for a shorter sequence that fails. */
const LIMIT_MS = RUNS * 20_000;

describe(`mutations in any order, by anybody (seed ${SEED})`, () => {
  let test: GatewayForTests;
  beforeAll(async () => {
    test = await gatewayForTests();
    // With one account OWNER more than take part, none of those is ever the last.
    await new World(test).person('spare', 'OWNER');
  });
  afterAll(() => test.close());

  it.each([['fastn', SEED], ['nanami', SEED + 1]])('are done or refused as the design says, under the matrix %s', async (matrixKey, seed) => {
    const tally: Tally = new Map();
    const property = fc.asyncProperty(runs(matrixKey, tally), async (steps) => {
      const stage = new Stage(test);
      const model = await stage.furnish(matrixKey);
      await fc.asyncModelRun(() => ({ model, real: stage }), steps);
      await expectLikeness(model, stage, 0);
    });
    await fc.assert(property, { numRuns: RUNS, seed, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true });
    if (process.env['MODEL_RUNS'] !== undefined) process.stderr.write(`${matrixKey}: ${JSON.stringify([...tally].sort())}\n`);
    const share = countOf(tally, /changed$/) / countOf(tally, /./);
    // Neither all forbidden nor all allowed: such runs would show nothing.
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  }, LIMIT_MS + 60_000);

  it('leave no error in the log', () => {
    expect(test.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

function countOf(tally: Tally, outcome: RegExp): number {
  return [...tally].filter(([what]) => outcome.test(what)).reduce((sum, [, times]) => sum + times, 0);
}
