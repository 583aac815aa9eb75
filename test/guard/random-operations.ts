import * as fc from 'fast-check';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { TENANT_IDS, USER_IDS } from './stub-world.js';

/** A selection before it is known where it stands: numbers pick among what the type at hand offers. */
interface Pick {
  readonly field: number;
  readonly value: number;
  readonly below: readonly Pick[];
}

export interface OperationSpec {
  readonly kind: 'query' | 'mutation';
  readonly picks: readonly Pick[];
}

const picks: fc.Arbitrary<readonly Pick[]> = fc.letrec<{ pick: Pick; picks: readonly Pick[] }>((tie) => ({
  pick: fc.record({
    field: fc.nat(999),
    value: fc.nat(11),
    below: fc.oneof({ maxDepth: 5 }, { weight: 1, arbitrary: fc.constant([]) }, { weight: 9, arbitrary: tie('picks') }),
  }),
  picks: fc.array(tie('pick'), { minLength: 1, maxLength: 3, size: 'max' }),
})).picks;

export const operationArbitrary: fc.Arbitrary<OperationSpec> = fc.record({
  kind: fc.oneof({ weight: 3, arbitrary: fc.constant('query' as const) }, { weight: 1, arbitrary: fc.constant('mutation' as const) }),
  picks,
});

/** Spells what an argument is given; the number picks which value. */
export type SpellArgument = (arg: GraphQLArgument, value: number) => string;

const spellLiteral: SpellArgument = ({ name, type }, value) => literalOf(name, type, value);

/** Prints an operation that is valid on the schema, whatever the numbers are. */
export function printOperation(schema: GraphQLSchema, { kind, picks: roots }: OperationSpec, spell: SpellArgument = spellLiteral): string {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  let aliases = 0;
  const selectionsOf = (type: GraphQLObjectType, chosen: readonly Pick[]): string => {
    const fields = Object.values(type.getFields());
    const printed = chosen.map(({ field, value, below }) => {
      const { name, args, type: output } = fields[field % fields.length]!;
      const named = getNamedType(output);
      const selections = isObjectType(named) ? ` ${selectionsOf(named, below)}` : '';
      return `a${aliases++}: ${name}${argumentsOf(args, value, spell)}${selections}`;
    });
    return `{ ${printed.length === 0 ? '__typename' : printed.join(' ')} }`;
  };
  return `${kind} ${selectionsOf(root!, roots)}`;
}

function argumentsOf(args: readonly GraphQLArgument[], value: number, spell: SpellArgument): string {
  if (args.length === 0) return '';
  return `(${args.map((arg) => `${arg.name}: ${spell(arg, value)}`).join(', ')})`;
}

function literalOf(name: string, type: GraphQLInputType, value: number): string {
  if (isNonNullType(type)) return literalOf(name, type.ofType, value);
  if (isListType(type)) return `[${literalOf(name, type.ofType, value)}, ${literalOf(name, type.ofType, value + 1)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field, i) => `${field.name}: ${literalOf(field.name, field.type, value + i)}`);
    return `{ ${fields.join(', ')} }`;
  }
  if (type.name === 'Int') return String(value);
  // Each pool in turn under the name `id`, and now and then no tenant where one need not be named.
  const pool = name === 'tenantId' || (name === 'id' && value % 2 === 0) ? TENANT_IDS : USER_IDS;
  return JSON.stringify(pool[value % pool.length]);
}
