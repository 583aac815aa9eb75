import { defaultFieldResolver } from 'graphql';
import type { GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { compileRule } from './compile-rule.js';
import type { CompiledRule, RuleFaultListener, Verdict } from './compile-rule.js';
import { ruleKindOf } from './shield-rule.js';
import type { ShieldRule } from './shield-rule.js';
import { guardedFields } from './shield-tree.js';
import type { ShieldTree, ShieldTreeOptions } from './shield-tree.js';

/** The error for a refusal that the rule itself did not put into words. */
export type Denied<Context> = (parent: unknown, args: unknown, context: Context, info: GraphQLResolveInfo) => Error;

export interface ApplyShieldOptions<Context> extends ShieldTreeOptions {
  readonly denied: Denied<Context>;
  /** Told of rules that throw, which is refused like any other refusal and would leave no trace otherwise. */
  readonly onRuleFault?: RuleFaultListener;
}

/**
 * Guards every field of every object type with its rule from the tree, both where it is resolved and where a
 * subscription opens its source; a subscription is asked again for each event. graphql's own introspection fields stay
 * open. Refusals are returned as errors of the field; what resolvers throw passes untouched. Fields whose rule is
 * plain `allow` are left alone; elsewhere graphql's default resolver stands in for a missing one, so an executor's
 * own `fieldResolver` is not asked.
 *
 * Changes the field configs of the schema that it is given, and returns that schema: give it one built for this.
 * Throws a ShieldTreeError, before it changes anything, where the tree does not fit the schema.
 */
export function applyShield<Context = unknown>(
  schema: GraphQLSchema,
  tree: ShieldTree,
  options: ApplyShieldOptions<Context>,
): GraphQLSchema {
  const compiled = new Map<ShieldRule, CompiledRule>();
  const subscriptionType = schema.getSubscriptionType();
  for (const { type, field, rule } of guardedFields(schema, tree, options)) {
    if (ruleKindOf(rule) === 'allow') continue;
    const check = compiled.get(rule) ?? compileRule(rule, options.onRuleFault);
    compiled.set(rule, check);
    field.resolve = guard(check, field.resolve ?? defaultFieldResolver, options.denied);
    if (field.subscribe !== undefined || type === subscriptionType) {
      field.subscribe = guard(check, field.subscribe ?? defaultFieldResolver, options.denied);
    }
  }
  return schema;
}

type Resolver<Context> = GraphQLFieldResolver<unknown, Context>;

/** Adds neither a promise nor a closure to a call whose rule answers synchronously. */
function guard<Context>(check: CompiledRule, resolve: Resolver<Context>, denied: Denied<Context>): Resolver<Context> {
  return (parent, args, context, info) => {
    const verdict = check(parent, args, context, info);
    if (verdict === true) return resolve(parent, args, context, info);
    if (verdict === false) return denied(parent, args, context, info);
    return verdict instanceof Error ? verdict : resolveLater(verdict, resolve, denied, parent, args, context, info);
  };
}

async function resolveLater<Context>(
  pending: Promise<Verdict>,
  resolve: Resolver<Context>,
  denied: Denied<Context>,
  ...input: Parameters<Resolver<Context>>
): Promise<unknown> {
  const verdict = await pending;
  if (verdict === true) return resolve(...input);
  return verdict === false ? denied(...input) : verdict;
}
