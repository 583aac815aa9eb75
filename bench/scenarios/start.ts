import { spreadOf } from '../load/statistics.js';
import type { SharedBench } from '../bench.js';
import { boundedFigure } from './figures.js';
import type { Scenario } from './scenario.js';

/** From the start of the process until it is ready. */
export const start: Scenario = {
  name: 'start',
  onlyNamed: false,
  async run(bench) {
    const { databaseUrl } = await bench.standard();
    return [
      boundedFigure('start on an existing database', await median(bench, databaseUrl), 's', 1.5),
      boundedFigure('first start on an embedded database', await median(bench, null), 's', 8),
    ];
  },
};

/** In seconds. Each start on an embedded database is the first, in a folder of its own. */
async function median(bench: SharedBench, databaseUrl: string | null): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < bench.settings.rounds; round++) {
    const gateway = await bench.start(databaseUrl);
    seconds.push(gateway.readyAfterMs / 1000);
    await gateway.stop();
  }
  return spreadOf(seconds).median;
}
