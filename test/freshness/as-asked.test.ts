import { HeardChanges } from '../../src/features/changes/heard-changes.js';
import { doomedTenant, type Revocation } from './doomed-tenant.js';
import { asked, type Place, PLACES, print, Site } from './site.js';

const { jest } = import.meta;

const REVOCATIONS = asked('FRESHNESS_REVOCATIONS', 200);
/** How many tenants are worked on at a time: within one, changes take turns. */
const LANES = 8;
const TIMEOUT = 120_000 + REVOCATIONS * 400;

const CHECKS = 'query($inputs: [CheckInput!]!, $consistency: ConsistencyInput) { checks(inputs: $inputs, consistency: $consistency) { allowed reason revision } }';

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly revision: string;
}

interface Tally {
  readonly faults: string[];
  /** Those that were acknowledged, by their kind. */
  readonly counts: Map<string, number>;
  answers: number;
  /** Those of which the gateway said, under load, that it did not get round to them. */
  unacknowledged: number;
}

let site: Site;
beforeAll(async () => {
  site = await Site.open();
  // All notifications are lost: otherwise they come before the question does, and nobody is ever asked with old facts at hand.
  jest.spyOn(HeardChanges.prototype, 'heard').mockReturnValue(undefined);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await site.close();
});

async function ask(place: Place, about: readonly Revocation[], consistency: object = {}): Promise<Decision[]> {
  const inputs = about.map(({ question }) => question);
  return (await site.root(place).ask<{ checks: Decision[] }>(CHECKS, { inputs, consistency })).checks;
}

/** The revision that acknowledges it, null where its payload has none; undefined where it is not acknowledged. */
async function revoke({ mutation, input, hasRevision }: Revocation, place: Place): Promise<string | null | undefined> {
  const { data, errors, text } = await site.root(place).mutate<{ revision?: string }>(mutation, input, hasRevision ? 'revision' : 'user { id }');
  const [error] = errors;
  if (error === undefined) return data![mutation]!.revision ?? null;
  if (error.extensions.code === 'UNAVAILABLE' || error.extensions.code === 'CONFLICT') return undefined;
  throw new Error(`the gateway refused: ${text}`);
}

/** Revokes one, and at once asks another node that has the old answer at hand; returns whether it was acknowledged. */
async function revokeAndAsk(revocation: Revocation, tally: Tally): Promise<boolean> {
  const { kind } = revocation;
  const [at, other] = twoPlaces();
  const revision = await revoke(revocation, at);
  if (revision === undefined) {
    tally.unacknowledged += 1;
    return false;
  }
  const consistency = revision === null || Math.random() < 0.5 ? { mode: 'FULL' } : { atLeast: revision };
  const [[answer], [own]] = await Promise.all([ask(other, [revocation], consistency), ask(at, [revocation])]);
  const told = `${kind} on node ${at} at ${revision}: node ${other}, asked for ${JSON.stringify(consistency)}, said ${JSON.stringify(answer)}`;
  if (answer!.allowed) tally.faults.push(told);
  if (revision !== null && BigInt(answer!.revision) < BigInt(revision)) tally.faults.push(told);
  if (own!.allowed) tally.faults.push(`${kind} on node ${at}, which still said ${JSON.stringify(own)}`);
  tally.counts.set(kind, (tally.counts.get(kind) ?? 0) + 1);
  tally.answers += 2;
  return true;
}

/** Has every node keep the old answers at hand, revokes one after the other, and asks every node about all of them. Returns whether all were acknowledged. */
async function fire(volley: readonly Revocation[], tally: Tally): Promise<boolean> {
  for (const before of await Promise.all(PLACES.map((place) => ask(place, volley)))) {
    before.forEach(({ allowed, reason }, i) => {
      if (!allowed) tally.faults.push(`${volley[i]!.kind}: refused with ${reason} before it was revoked`);
    });
  }
  const acknowledged: Revocation[] = [];
  for (const revocation of volley) {
    if (await revokeAndAsk(revocation, tally)) acknowledged.push(revocation);
  }
  for (const after of await Promise.all(PLACES.map((place) => ask(place, acknowledged, { mode: 'FULL' })))) {
    after.forEach((answer, i) => {
      if (answer.allowed) tally.faults.push(`${acknowledged[i]!.kind}: a node asked for FULL said ${JSON.stringify(answer)} after a whole volley`);
    });
    if (new Set(after.map(({ revision }) => revision)).size > 1) tally.faults.push(`one list, several revisions: ${JSON.stringify(after)}`);
    tally.answers += after.length;
  }
  return acknowledged.length === volley.length;
}

function twoPlaces(): readonly [Place, Place] {
  const at = Math.floor(Math.random() * PLACES.length);
  const other = (at + 1 + Math.floor(Math.random() * (PLACES.length - 1))) % PLACES.length;
  return [PLACES[at]!, PLACES[other]!];
}

it(`of ${REVOCATIONS} revocations under load, none is missing from an answer that asked for the present or for its revision`, async () => {
  const startedAt = performance.now();
  const tally: Tally = { faults: [], counts: new Map(), answers: 0, unacknowledged: 0 };
  const acknowledged = () => [...tally.counts.values()].reduce((sum, count) => sum + count, 0);
  const lane = async (): Promise<void> => {
    while (acknowledged() < REVOCATIONS) {
      for (const volley of await doomedTenant(site)) {
        // A change that was not acknowledged may come to count later: what it does to this tenant is anybody's guess.
        if (acknowledged() >= REVOCATIONS || !(await fire(volley, tally))) break;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const { faults, counts, answers, unacknowledged } = tally;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print('as asked', { revocations: acknowledged(), answers, faults: faults.length, unacknowledged, seconds, ...Object.fromEntries(counts) });
  expect(faults).toEqual([]);
  expect(acknowledged()).toBeGreaterThanOrEqual(REVOCATIONS);
  expect(site.errorsLogged()).toEqual([]);
}, TIMEOUT);
