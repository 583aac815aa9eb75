import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.js';

/**
 * Has each mutation forget in the end what its request has read: a request may have several, which are carried out one after another
 * and share its loaders, and the fields of each tell what it left. Changes the schema.
 */
export function forgetAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = async (parent, args, context: RequestContext, info) => {
      try {
        return await resolve(parent, args, context, info);
      } finally {
        context.loaders.clear();
      }
    };
  }
}
