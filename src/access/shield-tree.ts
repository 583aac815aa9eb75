import { isIntrospectionType, isObjectType } from 'graphql';
import type { GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { isShieldRule, leavesOf, ruleKindOf, ruleProblems } from './shield-rule.js';
import type { ShieldRule } from './shield-rule.js';

/** The rules of one type by field; `*` stands for the fields that are not named. */
export type ShieldFields = Readonly<Record<string, ShieldRule>>;

/** Rules by type: one for the whole type, or one a field. */
export type ShieldTree = Readonly<Record<string, ShieldRule | ShieldFields>>;

export interface ShieldTreeOptions {
  /** What guards a field that the tree does not mention: `deny` or a rule, never `allow`. */
  readonly fallbackRule: ShieldRule;
  /** Refuses a tree that leaves a field of an object type to the fallback rule. */
  readonly requireEntry?: boolean;
}

export interface GuardedField {
  readonly type: GraphQLObjectType;
  readonly field: ReturnType<GraphQLObjectType['getFields']>[string];
  readonly rule: ShieldRule;
}

/** A tree that does not fit its schema, or cannot be enforced: the message has a line for each reason. */
export class ShieldTreeError extends Error {
  override readonly name = 'ShieldTreeError';

  constructor(problems: readonly string[]) {
    super(`The shield cannot be applied:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/**
 * Every field of every object type with the one rule that guards it: `Type.field`, else `Type.*`, else the fallback.
 * Throws a ShieldTreeError that lists all that is wrong with the tree.
 */
export function guardedFields(schema: GraphQLSchema, tree: ShieldTree, options: ShieldTreeOptions): readonly GuardedField[] {
  const fields = objectTypesOf(schema).flatMap((type) => {
    const entry = Object.hasOwn(tree, type.name) ? tree[type.name] : undefined;
    return Object.values(type.getFields()).map((field) => ({ type, field, rule: ruleFor(field.name, entry) }));
  });
  const unguarded = options.requireEntry === true ? fields.filter(({ rule }) => rule === undefined) : [];
  const problems = [
    ...fallbackProblems(options.fallbackRule),
    ...Object.entries(tree).flatMap(([typeName, entry]) => entryProblems(typeName, schema.getType(typeName), entry)),
    ...unguarded.map(({ type, field }) => `${type.name}.${field.name}: the tree has no rule for this field; give it one.`),
  ];
  if (problems.length > 0) throw new ShieldTreeError(problems);

  // Names can be compared only where all entries are known to be rules.
  const ambiguous = nameProblems([options.fallbackRule, ...rulesOf(tree)]);
  if (ambiguous.length > 0) throw new ShieldTreeError(ambiguous);
  return fields.map(({ type, field, rule }) => ({ type, field, rule: rule ?? options.fallbackRule }));
}

function objectTypesOf(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(isGuardable);
}

/** What an executor resolves fields on: interfaces and unions have been replaced by the object's own type by then. */
function isGuardable(type: GraphQLNamedType | undefined): type is GraphQLObjectType {
  return isObjectType(type) && !isIntrospectionType(type);
}

/** Own keys only: a field may be called `constructor`. */
function ruleFor(fieldName: string, entry: ShieldRule | ShieldFields | undefined): ShieldRule | undefined {
  if (isShieldRule(entry)) return entry;
  if (!isFieldMap(entry)) return undefined;
  return Object.hasOwn(entry, fieldName) ? entry[fieldName] : Object.hasOwn(entry, '*') ? entry['*'] : undefined;
}

function fallbackProblems(rule: ShieldRule): readonly string[] {
  if (ruleKindOf(rule) === 'allow') return ['the fallback rule may not be allow: fields that nobody thought of would be public.'];
  return ruleProblems(rule).map((problem) => `the fallback rule: ${problem}`);
}

function entryProblems(typeName: string, type: GraphQLNamedType | undefined, entry: unknown): readonly string[] {
  if (type === undefined) return [`${typeName}: the schema has no such type.`];
  if (!isGuardable(type)) {
    return [`${typeName}: only object types are guarded, and a rule here would guard nothing; put it on the object types.`];
  }
  if (!isFieldMap(entry)) return ruleProblems(entry).map((problem) => `${typeName}: ${problem}`);
  const fields = type.getFields();
  return Object.entries(entry).flatMap(([fieldName, rule]) => {
    const known = fieldName === '*' || Object.hasOwn(fields, fieldName);
    const problems = known ? ruleProblems(rule) : ['the schema has no such field.'];
    return problems.map((problem) => `${typeName}.${fieldName}: ${problem}`);
  });
}

/** A plain object; an instance of a class is meant as a rule, known or not. */
function isFieldMap(entry: unknown): entry is ShieldFields {
  if (typeof entry !== 'object' || entry === null) return false;
  const prototype: unknown = Object.getPrototypeOf(entry);
  return prototype === Object.prototype || prototype === null;
}

function rulesOf(tree: ShieldTree): readonly ShieldRule[] {
  return Object.values(tree).flatMap((entry) => (isShieldRule(entry) ? [entry] : Object.values(entry)));
}

/** A name is what logs and reviews know a rule by: two functions under one name would be taken for each other. */
function nameProblems(rules: readonly ShieldRule[]): readonly string[] {
  const functions = new Map<string, Set<unknown>>();
  for (const { name, func } of rules.flatMap(leavesOf)) {
    const known = functions.get(name) ?? new Set();
    functions.set(name, known.add(func));
  }
  return [...functions]
    .filter(([, known]) => known.size > 1)
    .map(([name]) => `two different rules are called "${name}"; rename one.`);
}
