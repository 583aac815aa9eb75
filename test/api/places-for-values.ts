import {
  getNamedType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** A field of a mutation's input. */
export interface InputPlace {
  readonly mutation: string;
  readonly inputType: string;
  readonly field: string;
  readonly kind: 'ID' | 'String' | 'DateTime' | 'enum' | 'list';
}

/** Every field of every mutation's input, from the schema: what is added to it is tried without further ado. */
export function inputPlaces(schema: GraphQLSchema): InputPlace[] {
  return Object.values(schema.getMutationType()!.getFields()).flatMap((mutation) => {
    const input = getNamedType(mutation.args[0]!.type);
    if (mutation.args.length !== 1 || !isInputObjectType(input))
      throw new Error(`${mutation.name} takes something else than one input`);
    return placesOf(mutation.name, input);
  });
}

function placesOf(mutation: string, input: GraphQLInputObjectType): InputPlace[] {
  return Object.values(input.getFields()).map((field) => ({
    mutation,
    inputType: input.name,
    field: field.name,
    kind: kindOf(field),
  }));
}

function kindOf(field: GraphQLInputField): InputPlace['kind'] {
  if (isListType(isNonNullType(field.type) ? field.type.ofType : field.type)) return 'list';
  const named = getNamedType(field.type);
  if (isEnumType(named)) return 'enum';
  if (named.name === 'ID' || named.name === 'String' || named.name === 'DateTime') return named.name;
  throw new Error(`${field.name} is of the type ${named.name}: say here what it is`);
}
