import type { GraphQLSchema } from 'graphql';
import { resolveDirectly } from './direct-resolvers.js';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';

// oxlint has no word for "any class", which is what type-graphql's own signature takes.
type ResolverClass = NonEmptyArray<NewableFunction>[number];

/** The schema of the resolver classes; `instanceOf` is asked for the instance that resolves a field, once there is a request. */
export function buildGatewaySchema(classes: readonly ResolverClass[], instanceOf: (resolver: ResolverClass) => object): GraphQLSchema {
  const [first, ...others] = classes;
  if (first === undefined) throw new Error('a schema needs at least one resolver');
  const schema = buildSchemaSync({
    resolvers: [first, ...others],
    // Input is checked where it is used, so that the guard speaks first and nothing is checked twice.
    validate: false,
  });
  resolveDirectly(schema, instanceOf);
  return schema;
}

export function schemaOf(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  return buildGatewaySchema([...instances.keys()], (resolver) => instances.get(resolver)!);
}
