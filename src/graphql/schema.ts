import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { resolveDirectly } from './direct-resolvers.js';
import { forgetAfterMutations } from './fresh-after-mutations.js';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import type { RequestContext } from './context.js';

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
    // An introspection at each start, of what the tests compare with schema.graphql and Apollo asserts to be valid.
    skipCheck: true,
    // type-graphql wants one where there are subscriptions; they are opened by the sources of their resolvers.
    pubSub: { publish: openedBySources, subscribe: openedBySources },
  });
  resolveDirectly(schema, instanceOf);
  forgetAfterMutations(schema);
  return schema;
}

export function schemaOf(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  const schema = buildGatewaySchema([...instances.keys()], (resolver) => instances.get(resolver)!);
  for (const resolver of resolvers) if (hasSources(resolver)) openBy(resolver.sources, schema);
  return schema;
}

/** What opens the source of a subscription: events, and null from time to time where there are none. */
type OpenSource = GraphQLFieldResolver<unknown, RequestContext>;
export type Sources = Readonly<Record<string, OpenSource>>;

/** What a subscription is decorated with: type-graphql would call it without the resolver, so `schemaOf` puts `sources` in its place. */
export function openedBySources(): never {
  throw new Error('the sources of this resolver were not put into the schema');
}

function hasSources(resolver: object): resolver is { readonly sources: Sources } {
  return 'sources' in resolver;
}

function openBy(sources: Sources, schema: GraphQLSchema): void {
  const fields = schema.getSubscriptionType()?.getFields();
  for (const [name, open] of Object.entries(sources)) {
    const field = fields?.[name];
    if (field === undefined) throw new Error(`there is no subscription ${name}`);
    field.subscribe = open;
  }
}
