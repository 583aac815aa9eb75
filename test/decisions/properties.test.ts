import * as fc from 'fast-check';
import { DENIAL_REASONS, GRANT_REASONS } from '../../src/domain/decision.js';
import { decide, deciderIn, reach } from '../../src/domain/decide.js';
import { explain } from '../../src/domain/explain.js';
import type { Facts } from '../../src/domain/facts.js';
import { IDS, situations, type Situation } from './arbitraries.js';
import { policyOf } from './book.js';
import { renamed, renamedAsk, reversed, TAKINGS } from './changes.js';
import { checkOf, factsOf, placeOf } from './domain-decider.js';
import { answerByTheBook, type BookMatrix } from './reference.js';
import { own, type Answer, type Ask, type World } from './world.js';

const ordinary = situations({ wellFormed: true });
const anything = situations({ wellFormed: false });

/** What the domain answers to each question, with the facts that it answered from. */
function answers({ book, world, asks, at }: Situation): (Answer & { readonly ask: Ask; readonly facts: Facts })[] {
  const policy = policyOf(book);
  return asks.map((ask) => {
    const facts = factsOf(world, policy, ask.tenant, ask.user);
    return { ...decide(checkOf(ask), facts, at), ask, facts };
  });
}

function bare(situation: Situation): Answer[] {
  return answers(situation).map(({ allowed, reason, role }) => ({ allowed, reason, role }));
}

/** States a property of every answer in a random situation. */
function assertAlways(runs: number, shape: fc.Arbitrary<Situation>, holds: (situation: Situation) => void): void {
  fc.assert(fc.property(shape, holds), { numRuns: runs });
}

/** The matrix with roles that hold nothing. */
function withoutGrants(matrix: BookMatrix): BookMatrix {
  const roles = new Map([...matrix.roles].map(([key, role]) => [key, { ...role, permissions: new Set<string>() }]));
  return { ...matrix, roles, accountRoles: new Map() };
}

function isAccountOwner(world: World, ask: Ask): boolean {
  return own(world.users, ask.user)?.accountRole === 'OWNER';
}

describe('the decision', () => {
  it('agrees with the ten rules as they are written', () => {
    assertAlways(1500, ordinary, (situation) => {
      const { book, world, asks, at } = situation;
      expect(bare(situation)).toEqual(asks.map((ask) => answerByTheBook(book, world, ask, at)));
    });
  });

  it('agrees with the ten rules where roles came to hold what they must not', () => {
    assertAlways(500, anything, (situation) => {
      const { book, world, asks, at } = situation;
      expect(bare(situation)).toEqual(asks.map((ask) => answerByTheBook(book, world, ask, at)));
    });
  });

  it('is asked questions that reach every reason', () => {
    const sample = fc.sample(ordinary, { numRuns: 600, seed: 20260101 });
    const reached = new Set(sample.flatMap((situation) => bare(situation).map((answer) => answer.reason)));
    expect([...reached].toSorted()).toEqual([...GRANT_REASONS, ...DENIAL_REASONS].toSorted());
  });

  it('is the one that is explained, and its last step is the one that settled it', () => {
    assertAlways(400, anything, (situation) => {
      for (const { ask, facts, allowed, reason, role } of answers(situation)) {
        const { decision, steps } = explain(checkOf(ask), facts, situation.at);
        expect(decision).toEqual({ allowed, reason, role });
        expect(steps.map((step) => step.passed)).toEqual([...steps.slice(1).map(() => true), allowed]);
      }
    });
  });

  it('is the same for one permission as for all at once', () => {
    assertAlways(400, anything, (situation) => {
      for (const { ask, facts } of answers(situation)) {
        const matrix = facts.frame?.matrix;
        const { permissions, departmentRole, reason } = reach(placeOf(ask), facts, situation.at);
        const each = (matrix?.permissions ?? []).map(({ key: permission }) => ({
          permission,
          ...decide({ ...checkOf(ask), permission }, facts, situation.at),
        }));
        const allowed = each.filter((answer) => answer.allowed);
        expect(permissions === null ? [] : matrix!.keysOf(permissions)).toEqual(allowed.map(({ permission }) => permission));
        expect(departmentRole !== null).toBe(allowed.some((answer) => answer.reason === 'GRANTED_BY_DEPARTMENT_OVERRIDE'));
        expect(reason === null).toBe(allowed.length > 0);
      }
    });
  });

  it('is the same for each of many permissions that are asked for together', () => {
    assertAlways(400, anything, (situation) => {
      for (const { ask, facts } of answers(situation)) {
        const permissions = [...(facts.frame?.matrix.permissions ?? []).map(({ key }) => key), 'rockets.launch', ask.permission];
        const each = permissions.map((permission) => decide({ ...checkOf(ask), permission }, facts, situation.at));
        const decideOn = deciderIn(placeOf(ask), facts, situation.at);
        expect(permissions.map((permission) => decideOn(permission))).toEqual(each);
      }
    });
  });

  it('denies by default: where roles hold nothing, only account owners are allowed anything', () => {
    assertAlways(200, ordinary, ({ book, world, asks, at }) => {
      const matrices = new Map([...book.matrices].map(([key, matrix]) => [key, withoutGrants(matrix)]));
      const tenants = Object.fromEntries(Object.entries(world.tenants).map(([id, tenant]) => [id, { ...tenant, roles: {} }]));
      const bereft = answers({ book: { ...book, matrices }, world: { ...world, tenants }, asks, at });
      const allowed = bereft.filter((answer) => answer.allowed);
      expect(allowed.filter(({ ask }) => !isAccountOwner(world, ask))).toEqual([]);
    });
  });

  it.each(Object.entries(TAKINGS))('%s never turns a refusal into a grant', (_name, take) => {
    assertAlways(150, anything, (situation) => {
      const { book, world, at } = situation;
      const refused = answers(situation).filter(({ allowed }) => !allowed);
      const after = refused.flatMap(({ ask }) => answers({ ...take(book, world, { ...ask, at }), asks: [ask], at }));
      expect(after.filter(({ allowed }) => allowed)).toEqual([]);
    });
  });

  it('knows ids by nothing but their identity: other names, the same answers', () => {
    const kinds: readonly (readonly string[])[] = Object.values(IDS);
    const swaps = fc.tuple(...kinds.map((ids) => fc.shuffledSubarray([...ids], { minLength: ids.length })));
    const property = fc.property(anything, swaps, (situation, shuffled) => {
      const others = shuffled.flat();
      const names = new Map(kinds.flat().map((id, i) => [id, others[i] ?? id]));
      const name = (id: string) => names.get(id) ?? id;
      const { world, asks } = situation;
      const other = { ...situation, world: renamed(world, name), asks: asks.map((ask) => renamedAsk(ask, name)) };
      expect(bare(other)).toEqual(bare(situation));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('does not depend on the order of roles, overrides, members or anything else', () => {
    assertAlways(300, anything, (situation) => {
      expect(bare({ ...situation, world: reversed(situation.world) })).toEqual(bare(situation));
    });
  });

  it('depends on nothing that happens in another tenant', () => {
    assertAlways(300, anything, (situation) => {
      const { world, asks } = situation;
      const alone = asks.map((ask) => {
        const tenants = Object.fromEntries(Object.entries(world.tenants).filter(([id]) => id === ask.tenant));
        return bare({ ...situation, world: { ...world, tenants }, asks: [ask] })[0];
      });
      expect(alone).toEqual(bare(situation));
    });
  });

  it('never lets a viewer account write', () => {
    assertAlways(400, anything, (situation) => {
      for (const { allowed, ask, facts } of answers(situation)) {
        if (!allowed || facts.member!.accountRole !== 'VIEWER') continue;
        expect(facts.frame!.matrix.findPermission(ask.permission)!.access).toBe('READ');
      }
    });
  });

  it('never lets a bound member act for another customer, for none, or on the resource of another', () => {
    assertAlways(400, anything, (situation) => {
      for (const { allowed, ask, facts } of answers(situation)) {
        const bound = facts.member?.membership?.customerId ?? null;
        if (!allowed || bound === null || isAccountOwner(situation.world, ask)) continue;
        expect(ask.customer).toBe(bound);
        expect([null, ask.user]).toContain(ask.owner);
      }
    });
  });

  it('gives a global permission by account role alone, whatever roles came to hold', () => {
    assertAlways(400, anything, (situation) => {
      for (const { allowed, reason, role, ask, facts } of answers(situation)) {
        if (!allowed || facts.frame!.matrix.findPermission(ask.permission)!.scope !== 'GLOBAL') continue;
        expect({ reason, role }).toEqual({ reason: 'GRANTED_BY_ACCOUNT_ROLE', role: null });
      }
    });
  });

  it('never turns a refusal into a grant as time goes by, where nothing else happens', () => {
    assertAlways(200, anything, (situation) => {
      const refused = answers(situation).filter(({ allowed }) => !allowed);
      const asks = refused.map(({ ask }) => ask);
      const later = [1, 2, 3, 4, 5].flatMap((passed) => answers({ ...situation, asks, at: situation.at + passed }));
      expect(later.filter(({ allowed }) => allowed)).toEqual([]);
    });
  });
});
