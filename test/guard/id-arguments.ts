import { getNamedType, type GraphQLField, type GraphQLInputType, type GraphQLSchema, isEnumType, isInputObjectType, isListType, isNonNullType, isObjectType, isScalarType } from 'graphql';
import type { Variables } from '../support/client.js';

/** An operation with one argument for an id, which is to be filled in; all other arguments are given by `others`. */
export interface IdArgument {
  /** For example `Mutation.addMember(input.userId)`. */
  readonly name: string;
  readonly operation: string;
  /** Where the id is, among the arguments. */
  readonly path: readonly string[];
  readonly document: string;
  variables(id: string, others: Readonly<Record<string, unknown>>): Variables;
}

/** Every argument of type ID of every query and mutation of the schema. */
export function idArguments(schema: GraphQLSchema): IdArgument[] {
  const roots = [schema.getQueryType()!, schema.getMutationType()!];
  return roots.flatMap((root) => Object.values(root.getFields()).flatMap((field) => ofField(root.name, field)));
}

function ofField(rootName: string, field: GraphQLField<unknown, unknown>): IdArgument[] {
  const kind = rootName === 'Query' ? 'query' : 'mutation';
  const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const document = `${kind}(${declared}) { ${field.name}(${passed}) ${selectionOf(field)} }`;
  return field.args.flatMap((arg) =>
    pathsOfIds(arg.type, [arg.name]).map((path) => ({
      name: `${rootName}.${field.name}(${path.join('.')})`,
      operation: `${rootName}.${field.name}`,
      path,
      document,
      variables: (id, others) => Object.fromEntries(field.args.map(({ name, type }) => [name, valueFor(type, [name], { path, id, others })])),
    })),
  );
}

/** The first field that is a leaf, as far down as it takes to find one. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).filter(({ args }) => args.length === 0);
  const leaf = fields.find((candidate) => isScalarType(getNamedType(candidate.type)) || isEnumType(getNamedType(candidate.type)));
  const chosen = leaf ?? fields[0]!;
  return `{ ${chosen.name} ${selectionOf(chosen)} }`;
}

function pathsOfIds(type: GraphQLInputType, path: readonly string[]): string[][] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => pathsOfIds(field.type, [...path, field.name]));
  return isScalarType(named) && named.name === 'ID' ? [[...path]] : [];
}

interface Filling {
  readonly path: readonly string[];
  readonly id: string;
  readonly others: Readonly<Record<string, unknown>>;
}

/** What must be given, what `others` gives, and the id; nothing else, so that nothing else stands in the way. */
function valueFor(type: GraphQLInputType, at: readonly string[], filling: Filling): unknown {
  const { path, id, others } = filling;
  if (at.join('.') === path.join('.')) return id;
  const name = at.at(-1)!;
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) return isInputObjectType(getNamedType(bare)) ? [valueFor(bare.ofType, at, filling)] : (others[name] ?? undefined);
  if (isInputObjectType(bare)) {
    const leads = path.join('.').startsWith(at.join('.')) || isNonNullType(type);
    if (!leads) return undefined;
    return Object.fromEntries(Object.values(bare.getFields()).map((field) => [field.name, valueFor(field.type, [...at, field.name], filling)]));
  }
  return isNonNullType(type) || name === 'userId' ? others[name] : undefined;
}
