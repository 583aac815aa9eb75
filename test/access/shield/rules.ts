import * as fc from 'fast-check';
import { allow, and, chain, deny, or, race } from '../../../src/access/graphql-shield.js';
import type { ShieldRule } from '../../../src/access/shield-rule.js';
import type { ShieldTree } from '../../../src/access/shield-tree.js';
import { untypedRule } from './untyped-rule.js';
import type { FIELD_NAMES, OBJECT_TYPES } from './world.js';

/** What a rule function does when asked; `argument` allows only where the field's argument is even. */
const OUTCOMES = ['true', 'argument', 'false', 'error', 'string', 'empty', 'undefined', 'one', 'object', 'throws'] as const;

export type RuleSpec =
  | { readonly kind: 'leaf'; readonly outcome: (typeof OUTCOMES)[number]; readonly async: boolean }
  | { readonly kind: 'and' | 'or' | 'chain' | 'race'; readonly parts: readonly RuleSpec[] }
  | { readonly kind: 'allow' }
  | { readonly kind: 'deny' };

type FieldsSpec = Readonly<Partial<Record<(typeof FIELD_NAMES)[number] | '*', RuleSpec>>>;
export type TreeSpec = Readonly<Partial<Record<(typeof OBJECT_TYPES)[number], RuleSpec | FieldsSpec>>>;

type Leaf = Extract<RuleSpec, { kind: 'leaf' }>;

function leafWith(outcome: fc.Arbitrary<Leaf['outcome']>): fc.Arbitrary<RuleSpec> {
  return fc.record({ kind: fc.constant('leaf' as const), outcome, async: fc.boolean() });
}

function rulesOver(leaf: fc.Arbitrary<RuleSpec>): fc.Arbitrary<RuleSpec> {
  return fc.letrec<{ rule: RuleSpec }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 5, arbitrary: leaf },
      { weight: 2, arbitrary: fc.constant<RuleSpec>({ kind: 'allow' }) },
      { weight: 1, arbitrary: fc.constant<RuleSpec>({ kind: 'deny' }) },
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const, 'chain' as const, 'race' as const),
          parts: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }),
        }),
      },
    ),
  })).rule;
}

/** Every outcome as likely as the next, for rules that are asked by themselves. */
export const ruleArbitrary = rulesOver(leafWith(fc.constantFrom(...OUTCOMES)));

/** Mostly allows, so that queries reach the fields below. */
const lenientLeaf = leafWith(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...OUTCOMES.slice(0, 2)) },
    { weight: 2, arbitrary: fc.constantFrom(...OUTCOMES) },
  ),
);
const lenientRule = rulesOver(lenientLeaf);

const sometimes = fc.option(lenientRule, { nil: undefined, freq: 3 });
const fieldsArbitrary: fc.Arbitrary<FieldsSpec> = fc.record({
  '*': sometimes,
  id: sometimes,
  f0: sometimes,
  f1: sometimes,
  f2: sometimes,
  f3: sometimes,
});
const entryArbitrary = fc.option(
  fc.oneof({ weight: 5, arbitrary: fieldsArbitrary }, { weight: 1, arbitrary: lenientRule }),
  { nil: undefined, freq: 9 },
);

export const treeArbitrary: fc.Arbitrary<TreeSpec> = fc.record({
  Query: entryArbitrary,
  A: entryArbitrary,
  B: entryArbitrary,
  C: entryArbitrary,
});

/** What a fallback may be: anything but plain `allow`. */
export const fallbackArbitrary: fc.Arbitrary<RuleSpec> = fc.oneof(fc.constant<RuleSpec>({ kind: 'deny' }), lenientLeaf);

export function buildTree(spec: TreeSpec): ShieldTree {
  return Object.fromEntries(
    present(spec).map(([typeName, entry]) => [typeName, isRuleSpec(entry) ? buildRule(entry) : buildFields(entry)]),
  );
}

function buildFields(spec: FieldsSpec): Readonly<Record<string, ShieldRule>> {
  return Object.fromEntries(present(spec).map(([fieldName, entry]) => [fieldName, buildRule(entry)]));
}

function isRuleSpec(entry: RuleSpec | FieldsSpec): entry is RuleSpec {
  return 'kind' in entry;
}

function present<Value>(record: Readonly<Record<string, Value | undefined>>): readonly (readonly [string, Value])[] {
  return Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

const joins = { and, or, chain, race };

export function buildRule(spec: RuleSpec): ShieldRule {
  if (spec.kind === 'allow') return allow;
  if (spec.kind === 'deny') return deny;
  if (spec.kind === 'leaf') return buildLeaf(spec);
  return joins[spec.kind](...spec.parts.map(buildRule));
}

export function asksAsync(spec: RuleSpec): boolean {
  if (spec.kind === 'leaf') return spec.async;
  return 'parts' in spec && spec.parts.some(asksAsync);
}

let rulesMade = 0;

/** Each rule speaks in its own words, so that a comparison of messages shows whose refusal won, and notes that it was asked. */
function buildLeaf({ outcome, async }: Leaf): ShieldRule {
  rulesMade += 1;
  const name = `rule ${rulesMade}`;
  const ask = (_parent: unknown, { n }: { n: number }, { asked }: { asked: string[] }): unknown => {
    asked.push(name);
    return answer(outcome, n, name);
  };
  return untypedRule(name, async ? async (parent, args, context) => ask(parent, args, context) : ask);
}

function answer(outcome: Leaf['outcome'], n: number, name: string): unknown {
  switch (outcome) {
    case 'true':
      return true;
    case 'argument':
      return n % 2 === 0;
    case 'false':
      return false;
    case 'error':
      return new Error(`${name} refused n ${n}`);
    case 'string':
      return `${name} said no to n ${n}`;
    case 'empty':
      return '';
    case 'one':
      return 1;
    case 'object':
      return {};
    case 'throws':
      throw new Error(`${name} broke`);
    default:
      return undefined;
  }
}
