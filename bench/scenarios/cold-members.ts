import { contestantOf } from '../bench.js';
import { withClient } from '../database/databases.js';
import { driverOf } from '../load/contest.js';
import { CONNECTIONS } from '../load/driver.js';
import type { Outcome } from '../load/job.js';
import { inWords, timesOf } from '../load/times.js';
import { FASTN_FILE } from '../places.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { askedOf } from '../world/questions.js';
import { makeWorld } from '../world/world.js';
import { checkExchange } from './documents.js';
import { boundedFigure, explained } from './figures.js';
import type { Scenario } from './scenario.js';

const RATE = 500;
/** Of all rounds together. */
const SECONDS = 20;
const WARM_UP_SECONDS = 5;
const TENANTS = 1000;

/** Members of whom nothing is at hand: each question is about one who was never asked about before. */
export const coldMembers: Scenario = {
  name: 'cold-members',
  onlyNamed: false,
  async run(bench) {
    const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: TENANTS, membersPerTenant: 50 }, 5);
    const served = await bench.serve(world);
    const strangers = new Set<string>();
    const asked = askedOf(world, 60_000).filter(({ userId }) => !strangers.has(userId) && strangers.add(userId));
    const contestant = contestantOf(served, asked.slice(0, (SECONDS + WARM_UP_SECONDS) * RATE).map(checkExchange));
    const driver = await driverOf(contestant);
    await forgetStatements(served.databaseUrl);
    const outcomes: Outcome[] = [];
    let sent = 0;
    for (let round = 0; round < bench.settings.rounds; round++) {
      const run = { connections: CONNECTIONS, rate: RATE, measuredMs: (SECONDS * 1000) / bench.settings.rounds, warmUpMs: round === 0 ? WARM_UP_SECONDS * 1000 : 0 };
      const outcome = await driver.run({ ...run, from: sent, atMost: contestant.exchanges.length - sent });
      outcomes.push(outcome);
      sent += outcome.sent;
    }
    const statements = await mostFrequent(served.databaseUrl);
    await driver.close();
    const times = timesOf(outcomes);
    return [
      boundedFigure(`cold members, p99 at ${RATE} a second`, times.p99, 'ms', 10),
      explained('cold members', inWords(times)),
      ...statements.map(({ calls, query }) => explained(`cold members: statements for ${sent} questions`, `${calls} × ${query}`)),
    ];
  },
};

function forgetStatements(url: string): Promise<unknown> {
  return withClient(url, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });
}

interface Statement {
  readonly calls: string;
  readonly query: string;
}

/** What the database was asked since, most often first. */
function mostFrequent(url: string): Promise<readonly Statement[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Statement>(`
      SELECT sum(calls) AS calls, left(regexp_replace(query, '\\s+', ' ', 'g'), 60) AS query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
      WHERE d.datname = current_database() AND query !~ 'pg_stat_statements' GROUP BY 2 ORDER BY 1 DESC LIMIT 5`);
    return rows;
  });
}
