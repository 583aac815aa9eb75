import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type * as GraphqlMiddleware from 'graphql-middleware';
import { execute, type GraphQLSchema, isIntrospectionType, isObjectType, parse, printSchema, validate } from 'graphql';
import { applyShield } from '../../src/access/apply-shield.js';
import { Authority } from '../../src/access/authority.js';
import { deny, shield } from '../../src/access/graphql-shield.js';
import type { Principal } from '../../src/access/principal.js';
import { shieldTree } from '../../src/access/shield.js';
import { SURFACE } from '../../src/access/surface.js';
import { forbidden } from '../../src/errors.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { comparable } from '../access/shield/comparable.js';
import { type GatewayForTests, gatewayForTests, ROOT, TestClock } from '../support/gateway.js';
import { callerArbitrary, standingArbitrary } from './random-callers.js';
import { operationArbitrary, printOperation } from './random-operations.js';
import { StubFacts, stubSchema } from './stub-world.js';

// The build that graphql-shield's own, which src/access/graphql-shield.ts loads, hands its middleware to.
const { applyMiddleware } = createRequire(import.meta.url)('graphql-middleware') as typeof GraphqlMiddleware;

type Surface = typeof SURFACE;

let test: GatewayForTests;
let text: string;
let facts: StubFacts;
let authority: Authority;
beforeAll(async () => {
  test = await gatewayForTests();
  text = printSchema(test.gateway.parts.schema);
  const { matrices } = await loadPolicyFolder(join(ROOT, 'policy'));
  facts = new StubFacts(matrices.map(({ matrix }) => matrix).find(({ key }) => key === 'fastn')!);
  authority = new Authority(facts, new TestClock());
});
afterAll(() => test.close());

function fieldsOf(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !isIntrospectionType(type));
  return types.flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : []));
}

function guarded(surface: Surface, schema = stubSchema(text)): GraphQLSchema {
  return applyShield(schema, shieldTree(surface, authority), { fallbackRule: deny, denied: forbidden, requireEntry: true });
}

describe('the page of the surface', () => {
  it('lists every field of the schema once, and nothing else', () => {
    const entries = Object.entries(SURFACE).flatMap(([type, fields]) => Object.keys(fields).map((field) => `${type}.${field}`));
    expect(entries.toSorted()).toEqual(fieldsOf(test.gateway.parts.schema).toSorted());
  });

  it.each(Object.keys(SURFACE))('cannot be applied without its entries for %s, nor without any one of them', (type) => {
    // A tree that does not fit leaves the schema as it was, so that one schema serves for all of them.
    const schema = stubSchema(text);
    const { [type]: entries = {}, ...others } = SURFACE;
    expect(() => guarded(others, schema)).toThrow(`${type}.`);
    for (const field of Object.keys(entries)) {
      const { [field]: _left, ...rest } = entries;
      expect(() => guarded({ ...others, [type]: rest }, schema)).toThrow(`${type}.${field}: the tree has no rule for this field`);
    }
  });

  it.each([
    ['a field that the schema does not have', { ...SURFACE, Tenant: { ...SURFACE['Tenant'], secrets: { kind: 'parent' } } }, 'Tenant.secrets: the schema has no such field'],
    ['a type that the schema does not have', { ...SURFACE, Vault: { id: { kind: 'parent' } } }, 'Vault: the schema has no such type'],
    ['an input type, where it would guard nothing', { ...SURFACE, CheckInput: { userId: { kind: 'parent' } } }, 'CheckInput: only object types are guarded'],
  ] as const)('cannot be applied with an entry for %s', (_what, surface, sentence) => {
    expect(() => guarded(surface)).toThrow(sentence);
  });

  it('stops the start of a gateway whose schema has a field that the page lacks', async () => {
    const tenant = SURFACE['Tenant'] as Record<string, unknown>;
    const { apiKeys } = tenant;
    delete tenant['apiKeys'];
    try {
      await expect(gatewayForTests()).rejects.toThrow('Tenant.apiKeys: the tree has no rule for this field');
    } finally {
      tenant['apiKeys'] = apiKeys;
    }
  });
});

describe('the tree of the surface', () => {
  it('answers random operations of random callers under our applicator exactly as under graphql-shield itself', async () => {
    const ours = guarded(SURFACE);
    const tree = shieldTree(SURFACE, authority);
    const stock = applyMiddleware(stubSchema(text), shield(tree, { fallbackRule: deny, fallbackError: forbidden(), allowExternalErrors: true }));
    const seen = { FORBIDDEN: 0, UNAUTHENTICATED: 0, UNAVAILABLE: 0, values: 0 };
    const refused = new Set<string>();
    const run = async (schema: GraphQLSchema, source: string, principal: Principal | null) => {
      const result = await execute({ schema, document: parse(source), contextValue: { principal } });
      const codes = result.errors?.map(({ originalError }) => Reflect.get(originalError ?? {}, 'code')) ?? [];
      const fields = result.errors?.flatMap(({ nodes = [] }) => nodes.map((node) => ('name' in node ? node.name?.value : undefined))) ?? [];
      return { ...comparable(result), codes: [...new Set(codes)].sort(), fields: [...new Set(fields)].sort() };
    };
    await fc.assert(
      fc.asyncProperty(callerArbitrary, standingArbitrary, operationArbitrary, async (principal, world, operation) => {
        facts.standing = world;
        const source = printOperation(ours, operation);
        expect(validate(ours, parse(source))).toEqual([]);
        const expected = await run(stock, source, principal);
        expect(await run(ours, source, principal)).toEqual(expected);
        for (const field of expected.fields) refused.add(String(field));
        for (const code of expected.codes) seen[code as keyof typeof seen] += 1;
        seen.values += JSON.stringify(expected.data).match(/"text"/g)?.length ?? 0;
      }),
      { numRuns: 300 },
    );
    // A generator that no longer reaches one of these would prove nothing about it.
    for (const reached of Object.values(seen)) expect(reached).toBeGreaterThan(5);
    expect(refused.size).toBeGreaterThan(40);
  });
});
