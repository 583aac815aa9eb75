import { allow, and, chain, deny, inputRule, not, or, race, rule } from './graphql-shield.js';

/** What `rule(..)`, `and`, `or`, `chain`, `race`, `allow` and `deny` of graphql-shield give. */
export type ShieldRule = Parameters<typeof and>[number];

export type RuleKind = 'rule' | 'input' | 'and' | 'or' | 'chain' | 'race' | 'not' | 'allow' | 'deny';

/** A rule that asks a function, as opposed to one that joins others. */
export interface Leaf {
  readonly name: string;
  /** Whatever it returns is judged later: only `true` allows. */
  readonly func: (...input: readonly unknown[]) => unknown;
}

/**
 * graphql-shield exports no classes, so each is known by the prototype of a sample. Only the very class counts: a
 * subclass may judge differently from the class that the compiler knows.
 */
const sample = rule('sample')(() => false);
const kinds = new Map<unknown, RuleKind>([
  [Object.getPrototypeOf(sample), 'rule'],
  [Object.getPrototypeOf(inputRule('sample')((yup) => yup.object())), 'input'],
  [Object.getPrototypeOf(and(sample)), 'and'],
  [Object.getPrototypeOf(or(sample)), 'or'],
  [Object.getPrototypeOf(chain(sample)), 'chain'],
  [Object.getPrototypeOf(race(sample)), 'race'],
  [Object.getPrototypeOf(not(sample)), 'not'],
  [Object.getPrototypeOf(allow), 'allow'],
  [Object.getPrototypeOf(deny), 'deny'],
]);

/** Null for everything that graphql-shield's own constructors did not make. */
export function ruleKindOf(value: unknown): RuleKind | null {
  return typeof value === 'object' && value !== null ? (kinds.get(Object.getPrototypeOf(value)) ?? null) : null;
}

export function isShieldRule(value: unknown): value is ShieldRule {
  return ruleKindOf(value) !== null;
}

/** The rules that an `and`, `or`, `chain`, `race` or `not` joins, in the order in which they were given. */
export function joinedRules(value: ShieldRule): readonly ShieldRule[] {
  return 'getRules' in value ? value.getRules() : [];
}

/** Throws where the rule holds no function, as would happen if graphql-shield renamed what its instances expose. */
export function leafOf(value: ShieldRule): Leaf {
  const name: unknown = Reflect.get(value, 'name');
  const func: unknown = Reflect.get(value, 'func');
  if (typeof name !== 'string' || !isFunction(func)) throw new Error('A rule must have a name and a function.');
  return { name, func };
}

/** All functions that a rule may ask, however deeply joined. */
export function leavesOf(value: ShieldRule): readonly Leaf[] {
  return ruleKindOf(value) === 'rule' ? [leafOf(value)] : joinedRules(value).flatMap(leavesOf);
}

/** Why this rule cannot be enforced, a sentence a reason; empty where it can. Accepts anything, since trees are data. */
export function ruleProblems(value: unknown): readonly string[] {
  if (!isShieldRule(value)) return ['this is no rule of graphql-shield; make it with rule(), and(), or(), chain() or race().'];
  const kind = ruleKindOf(value);
  switch (kind) {
    case 'allow':
    case 'deny':
      return [];
    case 'rule':
      return leafProblems(value);
    case 'input':
      return ['inputRule() caches its verdict by a hash of the arguments; validate input in the service instead.'];
    case 'not':
      return ['not() allows whenever its rule throws; write a rule that returns true for those who may.'];
    default:
      return joinProblems(kind ?? 'rule', joinedRules(value));
  }
}

function leafProblems(value: ShieldRule): readonly string[] {
  const problems: string[] = [];
  const name = String(Reflect.get(value, 'name'));
  if (!isFunction(Reflect.get(value, 'func'))) problems.push(`rule "${name}" holds no function; give one to rule(..)(function).`);
  if (Reflect.get(value, 'cache') !== 'no_cache') {
    problems.push(`rule "${name}" caches, and would reuse a verdict for other arguments or another user; set cache: 'no_cache'.`);
  }
  if (Reflect.get(value, 'fragment') !== undefined) {
    problems.push(`rule "${name}" asks for a fragment, which nothing here fetches; load what the rule needs inside it.`);
  }
  return problems;
}

/** An `and()` or `chain()` of nothing allows everyone, which is what a list that came out empty by mistake would do. */
function joinProblems(kind: RuleKind, rules: readonly ShieldRule[]): readonly string[] {
  if (rules.length === 0) return [`${kind}() joins no rules; say allow or deny.`];
  return rules.flatMap(ruleProblems);
}

function isFunction(value: unknown): value is Leaf['func'] {
  return typeof value === 'function';
}
