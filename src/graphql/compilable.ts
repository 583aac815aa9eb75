import { isDeepStrictEqual } from 'node:util';
import {
  BREAK,
  type ConstValueNode,
  type DocumentNode,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  type GraphQLType,
  isInputObjectType,
  isInputType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
  typeFromAST,
  valueFromAST,
  type ValueNode,
  visit,
} from 'graphql';

/**
 * Texts that may become part of a program. graphql-jit writes literals down as JSON, and then takes what looks like its own
 * marks, which begin with two underscores, for JavaScript: a text of a client's choice would be executed.
 */
const HARMLESS_TEXT = /^(?!.*__)[\w.:@ -]*$/;

/** Whether graphql-jit answers a valid document as the specification has it: what it takes otherwise is left to graphql-js. */
export function isCompilable(schema: GraphQLSchema, document: DocumentNode): boolean {
  let compilable = true;
  const refuse = (): typeof BREAK => {
    compilable = false;
    return BREAK;
  };
  visit(document, {
    // It takes a condition that a variable leaves empty for false, where the specification has it refused.
    Directive: refuse,
    StringValue: ({ value }) => (HARMLESS_TEXT.test(value) ? undefined : refuse()),
    // In the objects that it makes, this is not a name like any other.
    Name: ({ value }) => (value === '__proto__' ? refuse() : undefined),
    // It joins names by underscores to tell places in the response apart, and so mistakes `a_b` for `b` beneath `a`.
    Field: ({ alias }) => (alias?.value.includes('_') === true ? refuse() : undefined),
    // It puts variables into lists and objects unchecked: null where none may be, and null for what was not given.
    Argument: ({ value }) => (value.kind !== Kind.VARIABLE && holdsVariable(value) ? refuse() : undefined),
    // It writes defaults down as JSON, which has no moments.
    VariableDefinition: ({ defaultValue, type }) => (defaultValue === undefined || isJson(schema, type, defaultValue) ? undefined : refuse()),
  });
  return compilable;
}

function holdsVariable(value: ValueNode): boolean {
  let found = false;
  visit(value, {
    Variable() {
      found = true;
      return BREAK;
    },
  });
  return found;
}

function isJson(schema: GraphQLSchema, typeNode: TypeNode, node: ConstValueNode): boolean {
  const type = typeFromAST(schema, typeNode);
  if (!isInputType(type)) return false;
  const value = valueFromAST(node, type);
  return isDeepStrictEqual(value, JSON.parse(JSON.stringify(value) ?? 'null'));
}

/** Whether an input object somewhere in the operation's variables may be empty, since none of its fields is required. */
export function takesEmptyObject(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): boolean {
  const seen = new Set<GraphQLInputObjectType>();
  const mayBeEmpty = (type: GraphQLType | undefined): boolean => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || seen.has(named)) return false;
    seen.add(named);
    const fields = Object.values(named.getFields());
    return !fields.some(isRequiredInputField) || fields.some((field) => mayBeEmpty(field.type));
  };
  return variableDefinitions.some(({ type }) => mayBeEmpty(typeFromAST(schema, type)));
}
