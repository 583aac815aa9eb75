import { type DocumentNode, getOperationAST, type GraphQLSchema, parse, specifiedRules, validate, type ValidationRule } from 'graphql';
import { type GraphqlServer, PARSE_LIMITS } from '../../src/graphql/apollo.js';
import { limitRule } from '../../src/graphql/limits.js';
import { QueryCompiler } from '../../src/graphql/query-compiler.js';

/**
 * Introduces each query to a server when it comes for the first time, without executing it: what Apollo would refuse stays
 * unknown, and everything that can be compiled is answered as a known query from the first time on.
 */
export function introduceEveryQuery({ known }: Pick<GraphqlServer, 'known'>, schema: GraphQLSchema, ownRules: readonly ValidationRule[] = [limitRule()]): void {
  const rules = [...specifiedRules, ...ownRules];
  const compiler = new QueryCompiler(schema, 1);
  const find = known.find.bind(known);
  known.find = (parameters) => {
    const found = find(parameters);
    if (found !== null) return found;
    const { query, operationName } = parameters;
    if (typeof query !== 'string') return null;
    const name = typeof operationName === 'string' ? operationName : null;
    const document = validDocument(schema, query, rules);
    const operation = document === null ? null : getOperationAST(document, name);
    const compiled = document === null || operation == null ? null : compiler.compiled(document, operation);
    if (compiled !== null) known.remember(query, name, compiled);
    return find(parameters);
  };
}

function validDocument(schema: GraphQLSchema, query: string, rules: readonly ValidationRule[]): DocumentNode | null {
  try {
    const document = parse(query, PARSE_LIMITS);
    return validate(schema, document, rules).length === 0 ? document : null;
  } catch {
    return null;
  }
}
