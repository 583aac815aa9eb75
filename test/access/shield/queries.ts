import * as fc from 'fast-check';
import { FIELD_NAMES, POSSIBLE_TYPES } from './world.js';
import type { WorldSpec } from './world.js';

/** A selection before it is known where it stands: numbers pick among what the type at hand offers. */
type Pick =
  | { readonly kind: 'field'; readonly field: number; readonly n: number; readonly below: readonly Pick[] }
  | { readonly kind: 'inline' | 'fragment'; readonly type: number; readonly below: readonly Pick[] }
  | { readonly kind: 'typename' };

export type QuerySpec = readonly Pick[];

export const queryArbitrary: fc.Arbitrary<QuerySpec> = fc.letrec<{ pick: Pick; picks: readonly Pick[] }>((tie) => ({
  pick: fc.oneof(
    { depthSize: 'medium', maxDepth: 5 },
    { weight: 1, arbitrary: fc.constant<Pick>({ kind: 'typename' }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('field' as const),
        field: fc.nat(FIELD_NAMES.length - 1),
        n: fc.nat(2),
        below: tie('picks'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('inline' as const, 'fragment' as const),
        type: fc.nat(3),
        below: tie('picks'),
      }),
    },
  ),
  picks: fc.array(tie('pick'), { minLength: 1, maxLength: 4 }),
})).picks;

/**
 * Prints a query for a world. A field is always selected under an alias that names its argument, so that one field
 * appears with several arguments, and equal selections of several fragments merge.
 */
export function printQuery(world: WorldSpec, query: QuerySpec): string {
  const fragments: string[] = [];
  const operation = `query ${selectionSet(world, 'Query', query, fragments)}`;
  return [operation, ...fragments].join('\n');
}

function selectionSet(world: WorldSpec, typeName: string, picks: readonly Pick[], fragments: string[]): string {
  const selections = picks.map((pick) => selection(world, typeName, pick, fragments));
  return `{ ${selections.length === 0 ? '__typename' : selections.join(' ')} }`;
}

function selection(world: WorldSpec, typeName: string, pick: Pick, fragments: string[]): string {
  if (pick.kind === 'typename') return '__typename';
  if (pick.kind === 'field') return field(world, typeName, pick, fragments);
  const overlapping = overlappingTypes(typeName);
  const condition = overlapping[pick.type % overlapping.length] ?? typeName;
  const body = selectionSet(world, condition, pick.below, fragments);
  if (pick.kind === 'inline') return `... on ${condition} ${body}`;
  const name = `F${fragments.length}`;
  fragments.push(`fragment ${name} on ${condition} ${body}`);
  return `...${name}`;
}

function field(world: WorldSpec, typeName: string, pick: Extract<Pick, { kind: 'field' }>, fragments: string[]): string {
  const own = Object.entries(world).find(([name]) => name === typeName)?.[1];
  if (own === undefined) return typeName === 'Node' ? `id_${pick.n}: id(n: ${pick.n})` : '__typename';
  const spec = own[pick.field % own.length];
  if (spec === undefined) return '__typename';
  const below = spec.type === 'String' ? '' : ` ${selectionSet(world, spec.type, pick.below, fragments)}`;
  return `${spec.name}_${pick.n}: ${spec.name}(n: ${pick.n})${below}`;
}

/** The types that a fragment may name at a place of this type, concrete ones first. */
function overlappingTypes(typeName: string): readonly string[] {
  const here = POSSIBLE_TYPES[typeName] ?? [];
  return Object.keys(POSSIBLE_TYPES).filter((name) => POSSIBLE_TYPES[name]?.some((possible) => here.includes(possible)));
}
