import { createRequire } from 'node:module';
import type * as GraphqlShield from 'graphql-shield';

/**
 * graphql-shield's ES module imports a function that Node 23 removed, and so does not load there. Its CommonJS build
 * loads everywhere: it calls that function only where a rule resolves itself, and here rules are compiled instead.
 */
const graphqlShield = createRequire(import.meta.url)('graphql-shield') as typeof GraphqlShield;

export const { allow, and, chain, deny, inputRule, not, or, race, rule, shield } = graphqlShield;
