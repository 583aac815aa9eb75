import { BREAK, type DocumentNode, getNamedType, type GraphQLSchema, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { ConcurrencyLimit } from '../access/concurrency-limit.js';

/** Enough that the database has always something to do: each page asks it for several things at a time. */
const PAGES_AT_A_TIME = 8;

/**
 * A page is put together from several statements, row by row, and what there is of it waits in memory meanwhile. All at once would
 * be finished no sooner than some after the others, and would give the garbage collector more to carry about than there is to do.
 * A turn lasts until the answer is a text: what waited has grown old for the collector, and all that it still refers to in the end
 * is carried along with it.
 */
export function pageTurns(): ConcurrencyLimit {
  return new ConcurrencyLimit(PAGES_AT_A_TIME);
}

/** By what Relay's cursor connections specification reserves for types of pages: names that end in `Connection`. */
export function asksForPages(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  const field = (): unknown => {
    found = getNamedType(types.getType())?.name.endsWith('Connection') === true;
    return found ? BREAK : undefined;
  };
  visit(document, visitWithTypeInfo(types, { Field: field }));
  return found;
}
