import * as fc from 'fast-check';
import { getNamedType, type GraphQLInputType, type GraphQLSchema, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { operationArbitrary, type OperationSpec, printOperation } from '../guard/random-operations.js';

/** Ids to ask about, of things that there are and that there are not. */
export interface Pools {
  readonly tenantIds: readonly string[];
  readonly userIds: readonly string[];
}

export interface RequestSpec {
  readonly operation: OperationSpec;
  readonly shape: 'plain' | 'named' | 'fragment' | 'inline' | 'included';
  /** What becomes of each variable, by turns. */
  readonly fates: readonly Fate[];
  readonly extra: boolean;
}

/** Mostly, a value of the variable's type; the number picks which. */
type Fate = { readonly kind: 'right'; readonly pick: number } | { readonly kind: 'missing' | 'null' | 'listed' | 'emptied' } | { readonly kind: 'wrong'; readonly value: unknown };

const wrongValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(2 ** 31, 1e300, -1, '', 'x'.repeat(20_000), [], [[]], {}, [[], {}], '\u0000', true, 0.5, ['tenant'], { id: 'a', more: 1 }, JSON.parse('{"__proto__":{"id":"a"}}')),
);

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant('right' as const), pick: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('missing' as const, 'null' as const, 'listed' as const, 'emptied' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wrong' as const), value: wrongValue }) },
);

export const requestArbitrary: fc.Arbitrary<RequestSpec> = fc.record({
  operation: operationArbitrary.map((operation) => ({ ...operation, kind: 'query' as const })),
  shape: fc.constantFrom('plain', 'named', 'fragment', 'inline', 'included'),
  fates: fc.array(fate, { minLength: 12, maxLength: 12 }),
  extra: fc.boolean(),
});

/** A request whose document is valid, and whose variables may be anything. */
export function printRequest(schema: GraphQLSchema, { operation, shape, fates, extra }: RequestSpec, pools: Pools) {
  const definitions: string[] = [];
  const variables: Record<string, unknown> = extra ? { unasked: 1 } : {};
  const selections = printOperation(schema, operation, ({ name, type }, value) => {
    const variable = `v${definitions.length}`;
    definitions.push(`$${variable}: ${String(type)}`);
    const own = fates[(definitions.length + value) % fates.length]!;
    if (own.kind !== 'missing') variables[variable] = valueBy(own, type, name, pools);
    return `$${variable}`;
  }).slice('query'.length);
  if (shape === 'included') definitions.push('$on: Boolean = true');
  const list = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
  return { query: documentOf(shape, list, selections), variables, operationName: shape === 'named' ? 'Asked' : null };
}

function documentOf(shape: RequestSpec['shape'], list: string, selections: string): string {
  switch (shape) {
    case 'plain':
      return `query${list} ${selections}`;
    case 'named':
      return `query Asked${list} ${selections}`;
    case 'fragment':
      return `query${list} { __typename ...All } fragment All on Query ${selections}`;
    case 'inline':
      return `query${list} { ... on Query ${selections} }`;
    case 'included':
      return `query${list} { ... @include(if: $on) ${selections} }`;
  }
}

function valueBy(own: Fate, type: GraphQLInputType, name: string, pools: Pools): unknown {
  if (own.kind === 'null') return null;
  if (own.kind === 'wrong') return own.value;
  const value = rightValue(type, name, own.kind === 'right' ? own.pick : 0, pools);
  if (own.kind === 'listed') return [value];
  return own.kind === 'emptied' && isInputObjectType(getNamedType(type)) ? {} : value;
}

function rightValue(type: GraphQLInputType, name: string, pick: number, pools: Pools): unknown {
  if (isNonNullType(type)) return rightValue(type.ofType, name, pick, pools);
  if (isListType(type)) return Array.from({ length: pick % 3 }, (_, i) => rightValue(type.ofType, name, pick + i, pools));
  if (isEnumType(type)) return type.getValues()[pick % type.getValues().length]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field, i) => isNonNullType(field.type) || (pick + i) % 3 === 0);
    return Object.fromEntries(fields.map((field, i) => [field.name, rightValue(field.type, field.name, pick + i, pools)]));
  }
  if (type.name === 'Int') return pick;
  if (type.name === 'Boolean') return pick % 2 === 0;
  if (type.name === 'DateTime') return '2030-01-01T00:00:00Z';
  if (/permission/i.test(name)) return ['connectors.read', 'connectors.write', 'no.such'][pick % 3];
  const pool = name === 'tenantId' || (name === 'id' && pick % 2 === 0) ? pools.tenantIds : pools.userIds;
  return pool[pick % pool.length];
}
