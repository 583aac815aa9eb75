import { rule } from '../../../src/access/graphql-shield.js';
import type { ShieldRule } from '../../../src/access/shield-rule.js';

/** A rule whose function may return what graphql-shield's types forbid, as plain JavaScript can. */
export function untypedRule(name: string, func: (parent: never, args: never, context: never) => unknown): ShieldRule {
  return Reflect.apply(rule(name), undefined, [func]);
}
