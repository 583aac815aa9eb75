import { ACCOUNT_RACES } from './account-races.js';
import { ADMIN_RACES, OWNER_RACES } from './admin-races.js';
import { Arena } from './arena.js';
import { DUPLICATE_RACES, PLATFORM_RACES } from './duplicate-races.js';
import { GRANT_RACES, INVITATION_RACES } from './grant-races.js';
import { chainFaults, judgeEverything } from './judges.js';
import { type Race, run } from './race.js';
import type { AuditRow } from './replay.js';

/** Rounds of each race: a few for every run of the tests, 1,000 for the full figure. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);
const MILLISECONDS_A_ROUND = 2_000;

const RACES: readonly Race[] = [
  ...ADMIN_RACES,
  ...OWNER_RACES,
  ...GRANT_RACES,
  ...INVITATION_RACES,
  ...DUPLICATE_RACES,
  ...PLATFORM_RACES,
  ...ACCOUNT_RACES,
];

describe('whoever comes first, nothing breaks where', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open();
  });
  afterAll(() => arena.close());

  it.each(RACES)('$name', async (race) => {
    const { faults, outcomes } = await run(arena, race, judgeEverything, ROUNDS);
    if (process.env['RACE_ROUNDS'] !== undefined) process.stderr.write(`${race.name}: ${JSON.stringify(Object.fromEntries(outcomes))}\n`);
    expect(faults).toEqual([]);
  }, ROUNDS * MILLISECONDS_A_ROUND);

  it('the chain of the platform is whole after all of it', async () => {
    const events = await arena.rows<AuditRow>(`SELECT *, '' AS matrix_key FROM audit_events WHERE tenant_id = '' ORDER BY revision`);
    expect(events.length).toBeGreaterThan(ROUNDS);
    expect(chainFaults(events)).toEqual([]);
  });

  it('nothing was logged as an error', () => {
    expect(arena.errorsLogged()).toEqual([]);
  });
});
