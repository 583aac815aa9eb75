import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DENIAL_REASONS, GRANT_REASONS } from '../../src/domain/decision.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { type Situation, situations } from './arbitraries.js';
import { policyOf } from './book.js';
import type { Decider, Effective } from './decider.js';
import { DomainDecider } from './domain-decider.js';
import { GatewayDecider } from './gateway-decider.js';
import { loadable } from './loadable-worlds.js';
import { policyFilesOf } from './policy-source.js';
import { answerByTheBook, type Book } from './reference.js';
import { FULL_PLAN } from './world-loader.js';

const WORLDS = 30;
/** The same worlds with every run, so that a change of ours is what makes them fail; WORLDS_SEED looks at others. */
const SEED = Number(process.env['WORLDS_SEED'] ?? 20_261_123);

const sample = fc.sample(situations({ wellFormed: true }), { numRuns: WORLDS, seed: SEED }).map(loadable);
const book: Book = {
  matrices: new Map(sample.flatMap((situation) => [...situation.book.matrices])),
  plans: new Map(sample.flatMap((situation) => [...situation.book.plans])),
};
const policy = policyOf(book);
const domain = new DomainDecider(policy);

describe(`a gateway with random worlds (seed ${SEED})`, () => {
  let policyDir: string;
  let test: GatewayForTests;
  let gateway: GatewayDecider;
  beforeAll(async () => {
    policyDir = await mkdtemp(join(tmpdir(), 'gatehouse-random-policy-'));
    const files = Object.entries(policyFilesOf(book, FULL_PLAN));
    await Promise.all(files.map(([name, text]) => writeFile(join(policyDir, name), text)));
    test = await gatewayForTests({ env: { POLICY_DIR: policyDir } });
    gateway = new GatewayDecider(test, policy);
  });
  afterAll(async () => {
    await test.close();
    await rm(policyDir, { recursive: true });
  });

  const numbered = sample.map((situation, number): [number, Situation] => [number, situation]);

  it('is asked questions that reach most reasons', async () => {
    const answers = await Promise.all(sample.map(({ world, asks, at }) => domain.checks(world, asks, at)));
    const reached = new Set(answers.flat().map(({ reason }) => reason));
    expect(reached.size).toBeGreaterThan((GRANT_REASONS.length + DENIAL_REASONS.length) / 2);
  });

  it.each(numbered)('answers as the domain and the ten rules do in world %i', async (_number, { world, asks, at }) => {
    const wanted = asks.map((ask) => answerByTheBook(book, world, ask, at));
    expect(await gateway.checks(world, asks, at)).toEqual(wanted);
    expect(await domain.checks(world, asks, at)).toEqual(wanted);
    expect(await Promise.all(asks.map((ask) => gateway.check(world, ask, at)))).toEqual(wanted);
    expect(await Promise.all(asks.map((ask) => gateway.can(world, ask, at)))).toEqual(wanted.map(({ allowed }) => allowed));
  });

  it.each(numbered)('agrees with itself and the domain, however it is asked, in world %i', async (_number, situation) => {
    const [byGateway, byDomain] = [await everyWay(gateway, situation), await everyWay(domain, situation)];
    expect(byGateway).toEqual(byDomain);
  });
});

/** What the decider answers to each question of the situation, by the ways other than `check`. */
async function everyWay(decider: Decider, { world, asks, at, book: { matrices } }: Situation) {
  const permissions = [...matrices.values()].flatMap((matrix) => [...matrix.permissions.keys()]);
  return Promise.all(
    asks.map(async (ask) => ({
      ask,
      explained: stepsIn(await decider.explain(world, ask, at)),
      allowed: await decider.checkPermissions(world, ask, permissions, at),
      effective: inOrder(await decider.effective(world, { ...ask, owner: null }, at)),
      who: (await decider.who(world, ask, at)).toSorted(),
    })),
  );
}

/** Without the sentences, which name users and tenants as they are called in the gateway. */
function stepsIn({ decision, steps }: Awaited<ReturnType<Decider['explain']>>) {
  return { decision, steps: steps.map(({ rule, passed }) => ({ rule, passed })) };
}

function inOrder(effective: Effective): Effective {
  return { ...effective, keys: effective.keys.toSorted() };
}
