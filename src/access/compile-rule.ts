import type { GraphQLResolveInfo } from 'graphql';
import { joinedRules, leafOf, ruleKindOf, ruleProblems } from './shield-rule.js';
import type { Leaf, ShieldRule } from './shield-rule.js';

/** True allows; an Error refuses in the rule's own words; false refuses in the words of whoever applies the rule. */
export type Verdict = boolean | Error;

/** A promise only where a rule function returned one. */
export type PendingVerdict = Verdict | Promise<Verdict>;

export type CompiledRule = (parent: unknown, args: unknown, context: unknown, info: GraphQLResolveInfo) => PendingVerdict;

/** Told of what a rule threw or rejected with, and of the rule's name; the verdict is a refusal either way. */
export type RuleFaultListener = (fault: unknown, ruleName: string) => void;

type Combine = (left: Verdict, right: Verdict) => Verdict;

/**
 * Turns a graphql-shield rule into a plain function with the verdicts of graphql-shield 7.6: only `true` allows, a
 * returned Error is kept, a returned string becomes an Error, everything else and whatever is thrown refuses. It runs
 * synchronously as far as the rule functions do. Throws for what cannot be enforced safely: `not()`, `inputRule()`,
 * caches, fragments, joins of nothing, and classes that graphql-shield does not know.
 */
export function compileRule(rule: ShieldRule, onFault: RuleFaultListener = ignoreFault): CompiledRule {
  const problems = ruleProblems(rule);
  if (problems.length > 0) throw new Error(`This rule cannot be enforced: ${problems.join(' ')}`);
  return compile(rule, onFault);
}

function compile(rule: ShieldRule, onFault: RuleFaultListener): CompiledRule {
  const joined = () => joinedRules(rule).map((part) => compile(part, onFault));
  const kind = ruleKindOf(rule);
  switch (kind) {
    case 'allow':
      return () => true;
    case 'deny':
      return () => false;
    case 'rule':
      return compileLeaf(leafOf(rule), onFault);
    case 'and':
      return joined().reduce((left, right) => bothAtOnce(left, right, conjunction));
    case 'or':
      return joined().reduce((left, right) => bothAtOnce(left, right, disjunction));
    case 'chain':
      return joined().reduce((left, right) => oneAfterOther(left, right, true, theLater));
    case 'race':
      return joined().reduce((left, right) => oneAfterOther(left, right, false, disjunctionLastErrorFirst));
    default:
      throw new Error(`A rule of kind ${kind} cannot be compiled.`);
  }
}

function compileLeaf({ name, func }: Leaf, onFault: RuleFaultListener): CompiledRule {
  const refuse = (fault: unknown): Verdict => {
    onFault(fault, name);
    return false;
  };
  return (parent, args, context, info) => {
    try {
      const result = func(parent, args, context, info);
      return isThenable(result) ? Promise.resolve(result).then(verdictOf, refuse) : verdictOf(result);
    } catch (fault) {
      return refuse(fault);
    }
  };
}

function verdictOf(result: unknown): Verdict {
  if (result === true || result instanceof Error) return result;
  return typeof result === 'string' ? new Error(result) : false;
}

/** Asks both, whatever the left one says, and waits for both together: `and` and `or`. */
function bothAtOnce(left: CompiledRule, right: CompiledRule, combine: Combine): CompiledRule {
  return (parent, args, context, info) => {
    const first = left(parent, args, context, info);
    const second = right(parent, args, context, info);
    return isSettled(first) && isSettled(second) ? combine(first, second) : combineLater(first, second, combine);
  };
}

/** Asks the right one only where the left one's allowing is `goOnWhen`: `chain` goes on while allowed, `race` while refused. */
function oneAfterOther(left: CompiledRule, right: CompiledRule, goOnWhen: boolean, combine: Combine): CompiledRule {
  return (parent, args, context, info) => {
    const first = left(parent, args, context, info);
    // Out of line, so that the ordinary synchronous call allocates no closure.
    if (!isSettled(first)) return goOnLater(first, right, goOnWhen, combine, parent, args, context, info);
    if ((first === true) !== goOnWhen) return first;
    const second = right(parent, args, context, info);
    return isSettled(second) ? combine(first, second) : combineLater(first, second, combine);
  };
}

async function goOnLater(
  pending: Promise<Verdict>,
  right: CompiledRule,
  goOnWhen: boolean,
  combine: Combine,
  ...input: Parameters<CompiledRule>
): Promise<Verdict> {
  const first = await pending;
  return (first === true) === goOnWhen ? combine(first, await right(...input)) : first;
}

async function combineLater(left: PendingVerdict, right: PendingVerdict, combine: Combine): Promise<Verdict> {
  const [first, second] = await Promise.all([left, right]);
  return combine(first, second);
}

/** Both must allow; otherwise the first Error in the order of the list speaks. */
function conjunction(left: Verdict, right: Verdict): Verdict {
  if (left === true) return right;
  return left instanceof Error || right === true ? left : right;
}

/** One must allow; otherwise the first Error in the order of the list speaks. */
function disjunction(left: Verdict, right: Verdict): Verdict {
  if (left === true || right === true) return true;
  return left instanceof Error ? left : right;
}

/** As `disjunction`, but the last Error speaks: graphql-shield gathers the verdicts of a race from its end. */
function disjunctionLastErrorFirst(left: Verdict, right: Verdict): Verdict {
  return disjunction(right, left);
}

function theLater(_left: Verdict, right: Verdict): Verdict {
  return right;
}

function isSettled(verdict: PendingVerdict): verdict is Verdict {
  return typeof verdict === 'boolean' || verdict instanceof Error;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function ignoreFault(): void {}
