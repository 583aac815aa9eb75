import { contestantOf, type SharedBench } from '../bench.js';
import { contest, type Contestant } from '../load/contest.js';
import type { Exchange } from '../load/job.js';
import type { ServerProcess } from '../servers/child.js';
import { startRival } from '../servers/rival.js';
import { askedOf } from '../world/questions.js';
import { checkExchange } from './documents.js';
import { contestFigures } from './figures.js';
import type { Figure, Scenario } from './scenario.js';

export const QUESTIONS = 65_536;

/** Single checks at saturation, against a server that answers everything with one constant. */
export const check: Scenario = {
  name: 'check',
  onlyNamed: false,
  run: (bench) => againstBare(bench, 'check, a known query', 0.6, (exchange) => exchange),
};

/** The same through Apollo's pipeline, to which the gateway leaves whatever names a persisted query, even none. */
export const checkByApollo: Scenario = {
  name: 'check-by-apollo',
  onlyNamed: false,
  run: (bench) => againstBare(bench, 'check by Apollo', 0.4, askingApollo),
};

async function againstBare(bench: SharedBench, what: string, atLeast: number, adapt: (exchange: Exchange) => Exchange): Promise<readonly Figure[]> {
  const served = await bench.standard();
  const exchanges = askedOf(served.world, QUESTIONS).map(checkExchange).map(adapt);
  const bare = await startRival('bare', [exchanges[0]!.expected]);
  const contestant = contestantOf(served, exchanges);
  const outcome = await contest(contestant, againstConstant(contestant, bare), bench.settings);
  await bare.stop();
  return contestFigures(what, 'the bare server', outcome, { atLeast });
}

/** The same asked of a bare server, which answers everything with what answers the first of them. */
export function againstConstant(contestant: Contestant, bare: ServerProcess): Contestant {
  const { expected } = contestant.exchanges[0]!;
  return { ...contestant, server: bare, exchanges: contestant.exchanges.map(({ body }) => ({ body, expected })) };
}

function askingApollo({ body, expected }: Exchange): Exchange {
  return { body: `${body.slice(0, -1)},"extensions":{"persistedQuery":null}}`, expected };
}
