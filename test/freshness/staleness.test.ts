import { HeardChanges } from '../../src/features/changes/heard-changes.js';
import { must } from '../support/world.js';
import { CALLERS } from './callers.js';
import { doomedTenant, type Revocation } from './doomed-tenant.js';
import { distributionOf, type LastAllow, lastAllows, type Standing } from './last-allow.js';
import { asked, type Place, PLACES, print, Site } from './site.js';

const { jest } = import.meta;

const MILLISECONDS = asked('FRESHNESS_SECONDS', 2) * 1000;
/** Tenants at a time, each of whose questions is asked on all nodes all the time. */
const LANES = 3;
const TIMEOUT = 120_000 + MILLISECONDS * 3;

const CHECK = 'query($input: CheckInput!) { check(input: $input) { allowed } }';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

/** As a member of a tenant: asked by whoever may ask about others. */
function standing({ kind, question, mutation, input, hasRevision }: Revocation, at: Place): Standing {
  const isAllowed = async (place: Place): Promise<boolean> => {
    const { check } = await site.root(place).ask<{ check: { allowed: boolean } }>(CHECK, { input: question });
    return check.allowed;
  };
  return { kind, isAllowed, revoke: () => must(site.root(at).mutate(mutation, input, hasRevision ? 'revision' : 'user { id }')) };
}

function chosen<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

/** All that somebody in a tenant loses, step by step, until the tenant is suspended. */
async function allOfOne(): Promise<readonly Revocation[]> {
  const volleys = await doomedTenant(site);
  const { userId } = chosen(volleys[0]!).question;
  return [...volleys.flatMap((volley) => volley.filter(({ question }) => question.userId === userId)), ...volleys.at(-1)!];
}

/** Revokes one thing of each kind after the other, again and again, until the time is over and each had its turn. */
async function measure(): Promise<LastAllow[]> {
  const patienceMs = site.stalenessMs * 4;
  const measured: LastAllow[] = [];
  const endsAt = performance.now() + MILLISECONDS;
  const tenants = async (): Promise<void> => {
    do {
      for (const revocation of await allOfOne()) {
        measured.push(...(await lastAllows(standing(revocation, chosen(PLACES)), patienceMs)));
        if (performance.now() > endsAt) break;
      }
    } while (performance.now() < endsAt);
  };
  const callers = async (): Promise<void> => {
    do {
      for (const caller of CALLERS) measured.push(...(await lastAllows(await caller(site, chosen(PLACES)), patienceMs)));
    } while (performance.now() < endsAt);
  };
  await Promise.all([...Array.from({ length: LANES }, tenants), callers()]);
  return measured;
}

/** What went on past the bound, decided later than it allows for sure. */
function past(bound: number, measured: readonly LastAllow[]): LastAllow[] {
  return measured.filter(({ sent }) => sent > bound);
}

function report(name: string, measured: readonly LastAllow[]): void {
  const kinds = [...new Set(measured.map(({ kind }) => kind))];
  const byKind = kinds.map((kind) => [kind, distributionOf(measured.filter((one) => one.kind === kind).map(({ received }) => received))]);
  print(name, { received: distributionOf(measured.map(({ received }) => received)), sent: distributionOf(measured.map(({ sent }) => sent)), ...Object.fromEntries(byKind) });
}

describe('under load, nobody is allowed what was revoked', () => {
  it('longer than half a second in 99 of 100 cases, and never past the bound, where changes are heard', async () => {
    const measured = await measure();
    report('last allow, heard', measured);
    expect(past(site.stalenessMs, measured)).toEqual([]);
    expect(distributionOf(measured.map(({ sent }) => sent)).p99).toBeLessThan(500);
  }, TIMEOUT);

  it('past twice the bound, where the nodes are cut off from notifications again and again', async () => {
    let [cuts, isOver] = [0, false];
    const cutting = (async () => {
      while (!isOver) cuts += await site.cutFeeds();
    })();
    const measured = await measure().finally(() => (isOver = true));
    await cutting;
    report(`last allow, cut off ${cuts} times`, measured);
    expect(cuts).toBeGreaterThan(PLACES.length);
    expect(past(2 * site.stalenessMs, measured)).toEqual([]);
  }, TIMEOUT);

  it('past twice the bound, where every notification is lost without anybody noticing', async () => {
    const deaf = jest.spyOn(HeardChanges.prototype, 'heard').mockReturnValue(undefined);
    const measured = await measure().finally(() => deaf.mockRestore());
    report('last allow, nothing heard', measured);
    expect(past(2 * site.stalenessMs, measured)).toEqual([]);
  }, TIMEOUT);

  it('and nothing was logged as an error', () => {
    expect(site.errorsLogged()).toEqual([]);
  });
});
