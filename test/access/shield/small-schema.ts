import { buildSchema, executeSync, graphql, GraphQLObjectType, parse, subscribe } from 'graphql';
import type { ExecutionResult, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** By `Type.field`; a function resolves the field. */
export type Resolvers = Readonly<Record<string, Resolver | { readonly resolve?: Resolver; readonly subscribe?: Resolver }>>;

/** A schema from its text. Interfaces and unions know a value's type by its `__typename`. */
export function schemaOf(text: string, resolvers: Resolvers = {}, options?: Parameters<typeof buildSchema>[1]): GraphQLSchema {
  const schema = buildSchema(text, options);
  for (const [coordinate, given] of Object.entries(resolvers)) {
    Object.assign(fieldOf(schema, coordinate), typeof given === 'function' ? { resolve: given } : given);
  }
  return schema;
}

export function fieldOf(schema: GraphQLSchema, coordinate: string) {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = type instanceof GraphQLObjectType ? type.getFields()[fieldName] : undefined;
  if (field === undefined) throw new Error(`The schema has no ${coordinate}.`);
  return field;
}

export async function ask(schema: GraphQLSchema, source: string, contextValue: unknown = {}): Promise<ExecutionResult> {
  return graphql({ schema, source, contextValue, rootValue: {} });
}

/** The events of a subscription, or the one result that refuses it before any event. */
export async function listen(schema: GraphQLSchema, source: string, contextValue: unknown = {}, rootValue: unknown = {}) {
  return subscribe({ schema, document: parse(source), contextValue, rootValue });
}

/** What graphql tells a resolver of the field at hand, for rules that are asked without an executor. */
export function anyInfo(): GraphQLResolveInfo {
  const seen: GraphQLResolveInfo[] = [];
  const schema = schemaOf('type Query { field: Int }', { 'Query.field': (_parent, _args, _context, info) => seen.push(info) });
  executeSync({ schema, document: parse('{ field }') });
  const [info] = seen;
  if (info === undefined) throw new Error('graphql did not call the resolver.');
  return info;
}
