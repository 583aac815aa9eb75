import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

/** What type-graphql wrote down of a method that resolves a field. */
type Handler = ReturnType<typeof getMetadataStorage>['queries'][number];
type HandlerOfMethod = Pick<Handler, 'target' | 'methodName' | 'schemaName' | 'params' | 'middlewares'>;
type Parameter = NonNullable<Handler['params']>[number];

type Method = (...input: readonly unknown[]) => unknown;
type Take = (parent: unknown, args: Readonly<Record<string, unknown>>, context: unknown) => unknown;

/**
 * Has each field call its method with just what the method asks for, and at once. By itself type-graphql makes a promise of
 * every argument and a copy of every input and parent, which is most of what a resolver costs. Changes the schema. Throws
 * for a method that asks for something that is not plain: validation and middlewares have no place here.
 */
export function resolveDirectly(schema: GraphQLSchema, instanceOf: (resolver: Handler['target']) => object): void {
  const storage = getMetadataStorage();
  const nameOf = new Map(storage.objectTypes.map(({ target, name }) => [target, name]));
  const put = (type: GraphQLObjectType | undefined, handler: HandlerOfMethod, isOfParent = false): void => {
    const field = type?.getFields()[handler.schemaName];
    if (field !== undefined) field.resolve = isOfParent ? ofParent(handler) : direct(handler, instanceOf);
  };
  for (const query of storage.queries) put(schema.getQueryType() ?? undefined, query);
  for (const mutation of storage.mutations) put(schema.getMutationType() ?? undefined, mutation);
  for (const subscription of storage.subscriptions) put(schema.getSubscriptionType() ?? undefined, subscription);
  for (const resolver of storage.fieldResolvers) {
    const isOfParent = resolver.kind === 'internal';
    const name = nameOf.get(isOfParent ? resolver.target : (resolver.getObjectType?.() ?? resolver.target));
    put(name === undefined ? undefined : (schema.getType(name) as GraphQLObjectType | undefined), resolver, isOfParent);
  }
}

/** The method of a resolver, of which there is one instance. */
function direct(handler: HandlerOfMethod, instanceOf: (resolver: Handler['target']) => object): GraphQLFieldResolver<unknown, unknown> {
  const { target, methodName } = handler;
  const takes = takesOf(handler);
  let instance: object | null = null;
  return (parent, args: Readonly<Record<string, unknown>>, context) => {
    instance ??= instanceOf(target);
    const method = Reflect.get(instance, methodName) as Method;
    return method.apply(instance, takes.map((take) => take(parent, args, context)));
  };
}

/** The method of the class whose data the parent holds. */
function ofParent(handler: HandlerOfMethod): GraphQLFieldResolver<unknown, unknown> {
  const method = Reflect.get(handler.target.prototype as object, handler.methodName) as Method;
  const takes = takesOf(handler);
  return (parent, args: Readonly<Record<string, unknown>>, context) => method.apply(parent, takes.map((take) => take(parent, args, context)));
}

function takesOf({ target, methodName, params = [], middlewares = [] }: HandlerOfMethod): Take[] {
  if (middlewares.length > 0) throw new Error(`${target.name}.${methodName} has middlewares, which nobody would call.`);
  return params.toSorted((one, other) => one.index - other.index).map((parameter) => takeOf(parameter));
}

function takeOf(parameter: Parameter): Take {
  switch (parameter.kind) {
    case 'arg':
      return (_parent, args) => args[parameter.name];
    case 'context':
      return (_parent, _args, context) => context;
    case 'root':
      return (parent) => parent;
    default:
      throw new Error(`${parameter.target.name}.${parameter.methodName}: a method takes arguments, the context and its parent, and nothing else.`);
  }
}
