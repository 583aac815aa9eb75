import * as fc from 'fast-check';
import { isObjectType, parse, printSchema, validate } from 'graphql';
import { join } from 'node:path';
import { Authority } from '../../src/access/authority.js';
import { readCredential } from '../../src/access/bearer.js';
import { guarded } from '../../src/access/guarded-schema.js';
import type { Principal } from '../../src/access/principal.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import type { ContextOf } from '../../src/http/graphql-endpoint.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { callerArbitrary, standingArbitrary } from '../guard/random-callers.js';
import { operationArbitrary, printOperation } from '../guard/random-operations.js';
import { StubFacts, stubSchema } from '../guard/stub-world.js';
import { type GatewayForTests, gatewayForTests, ROOT, ROOT_KEY, TestClock } from '../support/gateway.js';
import { World } from '../support/world.js';
import { richTenant } from '../api/rich-tenant.js';
import { printRequest, requestArbitrary, type Pools } from './random-requests.js';
import { type SeenAnswer, ThreeWays } from './three-ways.js';

let test: GatewayForTests;
beforeAll(async () => {
  test = await gatewayForTests();
});
afterAll(() => test.close());

interface Furnished {
  readonly pools: Pools;
  readonly credentials: readonly (string | null)[];
}

/** Two tenants with people and keys of many rights. */
async function furnish(world: World): Promise<Furnished> {
  const { tenantId, owner, admin, viewer, endUser, stranger } = await richTenant(world);
  const other = await world.tenant({ matrix: 'nanami' });
  const platformKey = await world.key(null, ['tenant.read', 'decision.read', 'member.read']);
  const tenantKey = await world.key(tenantId, ['decision.read', 'member.read']);
  const clients = [owner.client, admin.client, viewer.client, endUser.client, stranger.client, other.owner.client, platformKey, tenantKey];
  return {
    pools: {
      tenantIds: [tenantId, tenantId, other.tenantId, 'no-such-tenant'],
      userIds: [owner, viewer, endUser, admin, stranger, other.owner].map(({ userId }) => userId),
    },
    credentials: [null, ROOT_KEY, 'not-a-token', ...clients.map(({ token }) => token)],
  };
}

/**
 * Errors that wait for a database come in the order in which it answers, and the first of them decides the status: of several
 * errors the order does not count, and of several codes which one was first.
 */
function withoutOrder({ status, headers, body }: SeenAnswer) {
  const { data, errors = [] } = JSON.parse(body) as { data?: unknown; errors?: readonly { extensions: { code: string } }[] };
  if (errors.length < 2) return { status, headers, body };
  const codes = new Set(errors.map(({ extensions }) => extensions.code));
  const sorted = { data, errors: errors.map((error) => JSON.stringify(error)).toSorted() };
  return codes.size === 1 ? { status, headers, ...sorted } : sorted;
}

/** How often each kind of answer was met: a generator that no longer reaches one would prove nothing about it. */
class Reached {
  readonly counts = { data: 0, partial: 0, FORBIDDEN: 0, UNAUTHENTICATED: 0, BAD_USER_INPUT: 0 };

  note({ body }: SeenAnswer): void {
    const { data, errors = [] } = JSON.parse(body) as { data?: Readonly<Record<string, unknown>> | null; errors?: readonly { extensions: { code: string } }[] };
    if (data !== undefined && errors.length === 0) this.counts.data += 1;
    if (data != null && errors.length > 0 && Object.values(data).some((value) => value !== null)) this.counts.partial += 1;
    for (const { extensions } of errors) if (extensions.code in this.counts) this.counts[extensions.code as keyof typeof this.counts] += 1;
  }

  tooRarely(): string[] {
    return Object.entries(this.counts).flatMap(([kind, count]) => (count > 5 ? [] : [kind]));
  }
}

describe('the three ways behind the guard', () => {
  it('agree on random requests, with variables of any kind, of callers of any kind, about real tenants', async () => {
    const { schema, authenticator } = test.gateway.parts;
    const { pools, credentials } = await furnish(new World(test));
    const contextOf: ContextOf = async (call) => {
      const principal = await authenticator.authenticate(readCredential(call));
      return { principal, requestId: call.requestId, address: call.address, loaders: new RequestLoaders() };
    };
    const ways = await ThreeWays.start(schema, contextOf);
    const reached = new Reached();
    try {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...credentials), requestArbitrary, fc.boolean(), async (credential, spec, modern) => {
          const body = printRequest(schema, spec, pools);
          const accept = modern ? 'application/graphql-response+json' : 'application/json';
          expect(validate(schema, parse(body.query))).toEqual([]);
          const answers = await ways.answers(body, { accept, ...(credential === null ? {} : { authorization: `Bearer ${credential}` }) });
          const expected = withoutOrder(answers.interpreted);
          expect({ compiled: withoutOrder(answers.compiled), known: withoutOrder(answers.known) }).toEqual({ compiled: expected, known: expected });
          reached.note(answers.interpreted);
        }),
        { numRuns: 300 },
      );
      expect(reached.tooRarely()).toEqual([]);
      expect(ways.compiledAnswers('compiled')).toBeGreaterThan(30);
      expect(ways.compiledAnswers('known')).toBe(ways.compiledAnswers('compiled'));
      expect(ways.compiledAnswers('interpreted')).toBe(0);
    } finally {
      await ways.close();
    }
  });

  it('agree on random operations of random callers, whose standing is at hand or has to be waited for, or cannot be had', async () => {
    const { matrices } = await loadPolicyFolder(join(ROOT, 'policy'));
    const facts = new StubFacts(matrices.map(({ matrix }) => matrix).find(({ key }) => key === 'fastn')!);
    const schema = guarded(stubSchema(printSchema(test.gateway.parts.schema)), new Authority(facts, new TestClock()), () => undefined);
    let principal: Principal | null = null;
    const ways = await ThreeWays.start(schema, ({ requestId, address }) => ({ principal, requestId, address, loaders: new RequestLoaders() }));
    const reached = new Reached();
    try {
      await fc.assert(
        fc.asyncProperty(callerArbitrary, standingArbitrary, operationArbitrary, async (caller, standing, operation) => {
          principal = caller;
          facts.standing = standing;
          const { interpreted, ...others } = await ways.answers({ query: printOperation(schema, operation) });
          expect(others).toEqual({ compiled: interpreted, known: interpreted });
          reached.note(interpreted);
        }),
        { numRuns: 300 },
      );
      expect(reached.tooRarely()).toEqual(['BAD_USER_INPUT']);
      expect(ways.compiledAnswers('compiled')).toBeGreaterThan(30);
      expect(ways.compiledAnswers('known')).toBe(ways.compiledAnswers('compiled'));
    } finally {
      await ways.close();
    }
  });

  it('have a schema in which graphql-jit can tell any two resolvers apart', () => {
    // It names them by type and field, joined without anything between.
    const names = Object.values(test.gateway.parts.schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}${field}`));
    expect(names.length).toBeGreaterThan(100);
    expect(new Set(names).size).toBe(names.length);
  });
});
