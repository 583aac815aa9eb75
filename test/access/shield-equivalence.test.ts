import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import type * as GraphqlMiddleware from 'graphql-middleware';
import { execute, GraphQLError, OverlappingFieldsCanBeMergedRule, parse, specifiedRules, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { deny, shield } from '../../src/access/graphql-shield.js';
import { applyShield } from '../../src/access/apply-shield.js';
import { compileRule } from '../../src/access/compile-rule.js';
import type { CompiledRule } from '../../src/access/compile-rule.js';
import type { ShieldRule } from '../../src/access/shield-rule.js';
import type { ShieldTree } from '../../src/access/shield-tree.js';
import { comparable } from './shield/comparable.js';
import type { Comparable } from './shield/comparable.js';
import { printQuery, queryArbitrary } from './shield/queries.js';
import { asksAsync, buildRule, buildTree, fallbackArbitrary, ruleArbitrary, treeArbitrary } from './shield/rules.js';
import { anyInfo } from './shield/small-schema.js';
import { buildWorld, objectOf, worldArbitrary } from './shield/world.js';

// The build that graphql-shield's own, which src/access/graphql-shield.ts loads, hands its middleware to.
const { applyMiddleware } = createRequire(import.meta.url)('graphql-middleware') as typeof GraphqlMiddleware;

/*
 * graphql-shield is the reference for what its own rules mean. Our applicator differs from it on purpose, and only here:
 * - not(), inputRule(), caches and and()/or()/chain()/race() of nothing are refused at start: no generated tree holds them;
 * - a resolver that throws something other than an Error fails its field, where graphql-shield resolves it to what was
 *   thrown: generated resolvers throw Errors;
 * - `subscribe` is guarded besides `resolve`: generated operations are queries;
 * - the context is not touched: graphql-shield writes its cache into it, and invents one where there is none;
 * - a name may stand for one function only even in the fallback rule: generated names are unique.
 * Which of several failing non-null siblings is reported is up to the executor, as `comparable` explains.
 */
type Place = Parameters<CompiledRule>[3];

const sentence = (info: Place) => new GraphQLError(`no right to ${info.parentType.name}.${info.fieldName}`);

function fallbackError(_error: unknown, _parent: unknown, _args: unknown, _context: unknown, info: Place): GraphQLError {
  return sentence(info);
}

function stock(schema: GraphQLSchema, tree: ShieldTree, fallbackRule: ShieldRule): GraphQLSchema {
  return applyMiddleware(schema, shield(tree, { fallbackRule, fallbackError, allowExternalErrors: true, debug: false }));
}

function ours(schema: GraphQLSchema, tree: ShieldTree, fallbackRule: ShieldRule): GraphQLSchema {
  return applyShield(schema, tree, { fallbackRule, denied: (_parent, _args, _context, info) => sentence(info) });
}

/** One response name stands for fields of different types on different objects, which executes unambiguously all the same. */
const validationRules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

describe('the applicator beside graphql-shield', () => {
  it('answers random queries on random schemas under random rules exactly as graphql-shield does', async () => {
    const seen = { fields: 0, refusals: 0, refusalsInOwnWords: 0, resolverFailures: 0, nullPropagations: 0 };
    const count = ({ data, errors }: Comparable) => {
      seen.fields += JSON.stringify(data).match(/\]\(/g)?.length ?? 0;
      seen.refusals += errors.filter((error) => error.includes('no right to')).length;
      seen.refusalsInOwnWords += errors.filter((error) => /refused|said no/.test(error)).length;
      seen.resolverFailures += errors.filter((error) => error.includes('failed')).length;
      seen.nullPropagations += errors.filter((error) => error.includes('taken by')).length;
    };
    await fc.assert(
      fc.asyncProperty(worldArbitrary, treeArbitrary, fallbackArbitrary, queryArbitrary, async (world, rules, rest, query) => {
        const tree = buildTree(rules);
        const fallback = buildRule(rest);
        const document = parse(printQuery(world, query));
        const rootValue = objectOf(world, 'Query');
        const contextValue = { asked: [] };
        const run = async (guarded: GraphQLSchema) =>
          comparable(await execute({ schema: guarded, document, rootValue, contextValue }));
        const schema = buildWorld(world);
        expect(validate(schema, document, validationRules)).toEqual([]);

        const expected = await run(stock(schema, tree, fallback));
        expect(await run(ours(schema, tree, fallback))).toEqual(expected);
        count(expected);
      }),
      { numRuns: 300 },
    );
    // A generator that no longer reaches one of these would prove nothing about it.
    for (const reached of Object.values(seen)) expect(reached).toBeGreaterThan(5);
  });

  it('reaches the verdict of graphql-shield by asking the same functions, and waits only for rules that do', async () => {
    const info = anyInfo();
    const options = { debug: false, allowExternalErrors: true, fallbackRule: deny, hashFunction: () => '' };
    await fc.assert(
      fc.asyncProperty(ruleArbitrary, fc.nat(3), async (spec, n) => {
        const rule = buildRule(spec);
        const theirs = { _shield: { cache: {} }, asked: [] as string[] };
        const mine = { asked: [] as string[] };
        const expected = await rule.resolve({}, { n }, theirs, info, options);
        const verdict = compileRule(rule)({}, { n }, mine, info);

        expect(verdict instanceof Promise && !asksAsync(spec)).toBe(false);
        expect(await verdict).toEqual(expected);
        expect(mine.asked.toSorted()).toEqual(theirs.asked.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});
