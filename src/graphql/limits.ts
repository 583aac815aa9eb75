import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type {
  ASTVisitor,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValidationRule,
} from 'graphql';
import { AppError } from '../errors.js';

/**
 * How much one operation may ask for. Every bound depends on the document alone: validated documents are cached, and a rule
 * that looked at variables or at the caller would be skipped when the document comes again.
 */
export interface DocumentLimits {
  /** Levels of fields, without those of introspection. */
  readonly depth: number;
  /** Levels of fields beneath `__schema` and `__type`: the standard introspection query has 15. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  /** Directives on one element of the document. */
  readonly directives: number;
  readonly rootMutations: number;
  /** Fields, spreads and inline fragments, with each fragment counted as often as it is spread. */
  readonly selections: number;
}

export const DOCUMENT_LIMITS: DocumentLimits = {
  depth: 10,
  introspectionDepth: 20,
  aliases: 30,
  directives: 5,
  rootMutations: 10,
  selections: 5000,
};

/** Spreads double, so that counts of hostile documents leave the numbers; past this a count is "more". */
const COUNT_CEILING = 1_000_000_000;

type Cost = Readonly<Record<keyof DocumentLimits, number>>;

const NOTHING: Cost = { depth: 0, introspectionDepth: 0, aliases: 0, directives: 0, rootMutations: 0, selections: 0 };

const SENTENCES: Readonly<Record<keyof DocumentLimits, (count: string, limit: number) => string>> = {
  depth: (count, limit) => `The operation nests fields ${count} levels deep; the limit is ${limit}. Ask in several requests.`,
  introspectionDepth: (count, limit) => `The operation nests introspection ${count} levels deep; the limit is ${limit}.`,
  aliases: (count, limit) => `The operation uses ${count} aliases; the limit is ${limit}. Use the fields that take lists.`,
  directives: (count, limit) => `An element of the document carries ${count} directives; the limit is ${limit}.`,
  rootMutations: (count, limit) => `The mutation has ${count} root fields; the limit is ${limit}. Send several requests.`,
  selections: (count, limit) => `The operation selects ${count} fields and fragments; the limit is ${limit}. Ask for less at once.`,
};

/**
 * The rule that refuses documents past the limits, with the limit and the count in its message. It stands among the
 * specified rules and speaks before they walk the document: some of them take long over hostile documents, or overflow the stack.
 */
export function limitRule(limits: DocumentLimits = DOCUMENT_LIMITS): ValidationRule {
  return (context): ASTVisitor => ({
    Document(document) {
      const refusal = findRefusal(document, limits);
      if (refusal === null) return undefined;
      context.reportError(refusal);
      // A visitor may put another node in place of the one it met: beneath an empty document the other rules find nothing to do.
      return { ...document, definitions: [] };
    },
  });
}

function findRefusal(document: DocumentNode, limits: DocumentLimits): GraphQLError | null {
  const reckoning = new Reckoning(document);
  if (reckoning.cycle !== null) {
    return new GraphQLError(`Cannot spread fragment "${reckoning.cycle}" within itself.`);
  }
  for (const definition of document.definitions) {
    const cost = costOf(definition, reckoning);
    const exceeded = LIMIT_NAMES.find((name) => cost[name] > limits[name]);
    if (exceeded !== undefined) return limitError(exceeded, cost[exceeded], limits[exceeded]);
  }
  return null;
}

const LIMIT_NAMES = Object.keys(SENTENCES) as (keyof DocumentLimits)[];

function limitError(name: keyof DocumentLimits, count: number, limit: number): GraphQLError {
  const sentence = SENTENCES[name](count < COUNT_CEILING ? String(count) : `more than ${COUNT_CEILING}`, limit);
  // Apollo gives errors of validation a code of its own; the cause underneath says which one this is.
  return new GraphQLError(sentence, { originalError: new AppError('LIMIT_EXCEEDED', sentence, { details: { limit, count } }) });
}

function costOf(definition: DocumentNode['definitions'][number], reckoning: Reckoning): Cost {
  if (definition.kind === Kind.FRAGMENT_DEFINITION) return { ...NOTHING, directives: definition.directives?.length ?? 0 };
  if (definition.kind !== Kind.OPERATION_DEFINITION) return NOTHING;
  const cost = reckoning.ofSet(definition.selectionSet);
  return {
    ...cost,
    directives: Math.max(cost.directives, directivesOf(definition)),
    rootMutations: definition.operation === OperationTypeNode.MUTATION ? cost.rootMutations : 0,
  };
}

function directivesOf(operation: OperationDefinitionNode): number {
  const onVariables = (operation.variableDefinitions ?? []).map((variable) => variable.directives?.length ?? 0);
  return Math.max(operation.directives?.length ?? 0, ...onVariables);
}

/**
 * Adds up a document. Each fragment is reckoned once, however often it is spread, and after those that it spreads itself: chains of
 * them, which may be as long as a document, take no room on the stack.
 */
class Reckoning {
  /** A fragment that spreads itself, by whatever detour; null where there is none. Where there is one, not all are reckoned. */
  readonly cycle: string | null;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #costs = new Map<string, Cost>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
    this.cycle = this.#reckonFragments();
  }

  ofSet(set: SelectionSetNode): Cost {
    return set.selections.map((selection) => this.#ofSelection(selection)).reduce(together, NOTHING);
  }

  #reckonFragments(): string | null {
    const open = new Map<string, IterableIterator<string>>();
    const path: string[] = [];
    for (const first of this.#fragments.keys()) {
      let next: string | undefined = first;
      while (next !== undefined) {
        if (open.has(next)) return next;
        const entered = this.#costs.has(next) ? undefined : this.#fragments.get(next);
        if (entered !== undefined) {
          open.set(next, spreadsIn(entered.selectionSet).values());
          path.push(next);
        }
        next = this.#closeUntilNext(path, open);
      }
    }
    return null;
  }

  /** Reckons the fragments of the path, the last one first, as far as all that they spread is reckoned; the next spread, where there is one. */
  #closeUntilNext(path: string[], open: Map<string, IterableIterator<string>>): string | undefined {
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      const { value, done } = open.get(name)!.next() as IteratorResult<string, undefined>;
      if (done !== true) return value;
      path.pop();
      open.delete(name);
      this.#costs.set(name, this.ofSet(this.#fragments.get(name)!.selectionSet));
    }
    return undefined;
  }

  #ofSelection(selection: SelectionNode): Cost {
    const cost = this.#beneath(selection);
    return {
      ...cost,
      selections: plus(1, cost.selections),
      directives: Math.max(cost.directives, selection.directives?.length ?? 0),
    };
  }

  #beneath(selection: SelectionNode): Cost {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#costs.get(selection.name.value) ?? NOTHING;
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.ofSet(selection.selectionSet);
    return fieldCost(selection, selection.selectionSet === undefined ? NOTHING : this.ofSet(selection.selectionSet));
  }
}

/** The fragments that a set spreads, at whatever level. */
function spreadsIn(set: SelectionSetNode): string[] {
  const spreads: string[] = [];
  const sets = [set];
  for (const { selections } of sets) {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.push(selection.name.value);
      else if (selection.selectionSet !== undefined) sets.push(selection.selectionSet);
    }
  }
  return spreads;
}

function fieldCost(field: FieldNode, beneath: Cost): Cost {
  const introspects = field.name.value.startsWith('__');
  return {
    ...beneath,
    depth: introspects ? 0 : beneath.depth + 1,
    introspectionDepth: introspects ? Math.max(beneath.depth, beneath.introspectionDepth) + 1 : beneath.introspectionDepth,
    aliases: plus(beneath.aliases, field.alias === undefined ? 0 : 1),
    // Of this set alone: it is the root's own where the set is the root's.
    rootMutations: 1,
  };
}

function together(one: Cost, other: Cost): Cost {
  return {
    depth: Math.max(one.depth, other.depth),
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
    aliases: plus(one.aliases, other.aliases),
    directives: Math.max(one.directives, other.directives),
    rootMutations: plus(one.rootMutations, other.rootMutations),
    selections: plus(one.selections, other.selections),
  };
}

function plus(one: number, other: number): number {
  return Math.min(COUNT_CEILING, one + other);
}
