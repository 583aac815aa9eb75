import { ACCOUNT_RACES } from './account-races.js';
import { ADMIN_RACES, OWNER_RACES } from './admin-races.js';
import { Arena } from './arena.js';
import { DUPLICATE_RACES, PLATFORM_RACES } from './duplicate-races.js';
import { GRANT_RACES, INVITATION_RACES } from './grant-races.js';
import { chainFaults, judgeEverything } from './judges.js';
import { type Limits, type Race, run } from './race.js';
import type { AuditRow } from './replay.js';

const RACES: readonly Race[] = [
  ...ADMIN_RACES,
  ...OWNER_RACES,
  ...GRANT_RACES,
  ...INVITATION_RACES,
  ...DUPLICATE_RACES,
  ...PLATFORM_RACES,
  ...ACCOUNT_RACES,
];

/** RACE_ROUNDS asks for the full figure of that many rounds of each race, however long they take; it is then printed. */
const ASKED = process.env['RACE_ROUNDS'];
const LIMITS: Limits = ASKED === undefined ? { rounds: 25, milliseconds: 1_200 } : { rounds: Number(ASKED) };
const TIMEOUT = 60_000 + LIMITS.rounds * 2_000;

describe('whoever comes first, nothing breaks where', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open();
  });
  afterAll(() => arena.close());

  it.each(RACES)('$name', async (race) => {
    const deadlocks = await arena.deadlocks();
    const { rounds, faults, outcomes } = await run(arena, race, judgeEverything, LIMITS);
    if (ASKED !== undefined) {
      const figure = { rounds, faults: faults.length, deadlocksResolved: (await arena.deadlocks()) - deadlocks, ...Object.fromEntries(outcomes) };
      process.stderr.write(`${race.name}: ${JSON.stringify(figure)}\n`);
    }
    expect(faults).toEqual([]);
  }, TIMEOUT);

  it('the chain of the platform is whole after all of it', async () => {
    const events = await arena.rows<AuditRow>(`SELECT *, '' AS matrix_key FROM audit_events WHERE tenant_id = '' ORDER BY revision`);
    expect(events.length).toBeGreaterThan(RACES.length);
    expect(chainFaults(events)).toEqual([]);
  });

  it('nothing was logged as an error', () => {
    expect(arena.errorsLogged()).toEqual([]);
  });
});
