import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { ASTVisitor, DocumentNode, FragmentDefinitionNode, SelectionNode, SelectionSetNode, ValidationRule } from 'graphql';

const CONDITIONS: ReadonlySet<string> = new Set(['skip', 'include']);

/**
 * Refuses @skip and @include on the root of a subscription, as the specification does: graphql-js fails over a root that is
 * left out, and over such a condition itself where it hangs on a variable. So this rule speaks before the others walk the document.
 */
export function subscriptionRule(): ValidationRule {
  return (context): ASTVisitor => ({
    Document(document) {
      const conditional = findConditionalRoot(document);
      if (conditional === null) return undefined;
      context.reportError(new GraphQLError('A subscription may not use @skip or @include on its root field.', { nodes: conditional }));
      // Beneath an empty document the other rules find nothing to do.
      return { ...document, definitions: [] };
    },
  });
}

function findConditionalRoot({ definitions }: DocumentNode): SelectionNode | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.SUBSCRIPTION) continue;
    const found = conditionalIn(definition.selectionSet, fragments);
    if (found !== null) return found;
  }
  return null;
}

/** Each fragment is looked at once: what was seen is taken out of `fragments`. */
function conditionalIn({ selections }: SelectionSetNode, fragments: Map<string, FragmentDefinitionNode>): SelectionNode | null {
  for (const selection of selections) {
    if (selection.directives?.some(({ name }) => CONDITIONS.has(name.value)) === true) return selection;
    const beneath = setBeneath(selection, fragments);
    const found = beneath === null ? null : conditionalIn(beneath, fragments);
    if (found !== null) return found;
  }
  return null;
}

function setBeneath(selection: SelectionNode, fragments: Map<string, FragmentDefinitionNode>): SelectionSetNode | null {
  if (selection.kind === Kind.FIELD) return null;
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet;
  const fragment = fragments.get(selection.name.value);
  fragments.delete(selection.name.value);
  return fragment?.selectionSet ?? null;
}
