import { buildSchema, GraphQLError, type GraphQLFieldResolver, type GraphQLSchema, type ResponsePath } from 'graphql';
import { AppError, badInput, forbidden } from '../../src/errors.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { DateTime } from '../../src/graphql/scalars.js';

const TEXT = `
  enum Colour { RED GREEN }
  input Inner { amount: Int = 7, tags: [String!] }
  input Shape { id: ID!, colour: Colour = RED, inner: Inner, at: DateTime, list: [[Int!]] }
  type Thing {
    name: String
    sure: String!
    child: Thing
    sureChild: Thing!
    children: [Thing]
    sureChildren: [Thing!]!
    fails: String
    failsLater: String
    sureFails: String!
    sureFailsLater: String!
    place: String
  }
  type Query {
    said(int: Int, float: Float, text: String, flag: Boolean, id: ID, colour: Colour, at: DateTime, ints: [Int!], nested: [[Int]], shape: Shape, shapes: [Shape!]): String
    saidOf(int: Int! = 5, colour: Colour! = GREEN, at: DateTime): String
    needs(id: ID!): String
    caller: String
    thing: Thing
    thingLater: Thing
    sureThing: Thing!
    things: [Thing]
    sureThings: [Thing!]
    nothing: String!
    nothingLater: String!
    throws: String
    throwsLater: String
    returnsError: String
    returnsErrorLater: String
    throwsText: String
    throwsNothing: String
    throwsGraphQL: String
    returnsGraphQL: String
    forbidden: String
    unavailable: String
    badInput: String
    errorsInList: [String]
    errorsInSureList: [String!]
    promisesInList: [String]
    noList: [String]
    aSet: [Int]
    int: Int
    tooLarge: Int
    notANumber: Float
    noColour: Colour
    colour: Colour
    moment: DateTime
    noMoment: DateTime
    anObject: String
    id: ID
    method: Thing
    place: String
  }
  type Mutation { bump: Int! }
  scalar DateTime
`;

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/** A schema whose resolvers give whatever a resolver can give, at once and later, good and bad. */
export function faultySchema(onExecuted: (field: string) => void = () => undefined): GraphQLSchema {
  const schema = buildSchema(TEXT);
  const dateTime = schema.getType('DateTime');
  if (dateTime !== undefined) Object.assign(dateTime, pick(DateTime));
  setResolvers(schema, 'Query', QUERY);
  setResolvers(schema, 'Thing', THING);
  setResolvers(schema, 'Mutation', { bump: () => 1 });
  listen(schema, onExecuted);
  return schema;
}

function pick({ serialize, parseValue, parseLiteral }: typeof DateTime) {
  return { serialize, parseValue, parseLiteral };
}

function setResolvers(schema: GraphQLSchema, typeName: string, resolvers: Readonly<Record<string, Resolver>>): void {
  const type = schema.getType(typeName);
  if (type === undefined || !('getFields' in type)) throw new Error(`no type ${typeName}`);
  for (const [name, field] of Object.entries(type.getFields())) {
    if (!(name in resolvers)) throw new Error(`no resolver for ${typeName}.${name}`);
    Object.assign(field, { resolve: resolvers[name] });
  }
}

function listen(schema: GraphQLSchema, onExecuted: (field: string) => void): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { resolve } = field;
      field.resolve = (...parameters) => {
        onExecuted(field.name);
        return resolve?.(...parameters);
      };
    }
  }
}

/**
 * What a resolver was given, with dates told from texts, and what is undefined from what is absent. Arguments stand in the
 * order of their names: in which order a resolver is given them is up to the executor.
 */
function spell(value: unknown): string {
  if (value instanceof Date) return `Date(${value.toISOString()})`;
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return `[${value.map(spell).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, part]) => `${name}: ${spell(part)}`).join(', ')}}`;
}

function pathToArray({ key, prev }: ResponsePath): readonly (string | number)[] {
  return prev === undefined ? [key] : [...pathToArray(prev), key];
}

/** Where a resolver is told that it stands. */
const place: Resolver = (_parent, _args, _context, { path, fieldName, parentType, returnType, fieldNodes }) =>
  spell([pathToArray(path), fieldName, parentType.name, String(returnType), fieldNodes.map(({ alias }) => alias?.value)]);

const fail = (error: unknown) => (): never => {
  throw error;
};

const THING: Readonly<Record<string, Resolver>> = {
  name: () => 'a thing',
  sure: () => 'sure',
  child: () => ({}),
  sureChild: () => Promise.resolve({}),
  children: () => [{}, null, Promise.resolve({})],
  sureChildren: () => [{}, {}],
  fails: fail(forbidden()),
  failsLater: () => Promise.reject(new AppError('NOT_FOUND', 'There is no such thing.')),
  sureFails: fail(badInput('thing', 'No such thing.')),
  sureFailsLater: () => Promise.reject(new AppError('CONFLICT', 'Another thing came first.')),
  place,
};

const QUERY: Readonly<Record<string, Resolver>> = {
  said: (_parent, args) => spell(args),
  saidOf: (_parent, args) => spell(args),
  needs: (_parent, args) => spell(args),
  caller: (_parent, _args, { principal }) => (principal?.kind === 'user' ? principal.userId : null),
  thing: () => ({}),
  thingLater: () => Promise.resolve({}),
  sureThing: () => ({}),
  things: () => [{}, Promise.resolve({}), null],
  sureThings: () => [{}, {}],
  nothing: () => null,
  nothingLater: () => Promise.resolve(undefined),
  throws: fail(new Error('a secret')),
  throwsLater: () => Promise.reject(new Error('a secret')),
  returnsError: () => new AppError('NOT_FOUND', 'There is no such thing.'),
  returnsErrorLater: () => Promise.resolve(new AppError('NOT_FOUND', 'There is no such thing.')),
  throwsText: fail('a secret'),
  throwsNothing: fail(undefined),
  throwsGraphQL: fail(new GraphQLError('a secret', { extensions: { code: 'FORBIDDEN' } })),
  returnsGraphQL: () => new GraphQLError('a secret', { path: ['elsewhere'] }),
  forbidden: fail(forbidden()),
  unavailable: () => Promise.reject(new AppError('UNAVAILABLE', 'Try again shortly.')),
  badInput: fail(badInput('role', 'There is no such role.')),
  errorsInList: () => ['one', forbidden(), new Error('a secret'), 'four'],
  errorsInSureList: () => ['one', forbidden(), 'three'],
  promisesInList: () => ['one', Promise.reject(forbidden()), Promise.resolve('three'), Promise.resolve(new Error('a secret'))],
  noList: () => 'text',
  aSet: () => new Set([1, 2, 3]),
  int: () => '12',
  tooLarge: () => 2 ** 40,
  notANumber: () => Number.NaN,
  noColour: () => 'BLUE',
  colour: () => 'GREEN',
  moment: () => 0,
  noMoment: () => 'not a moment',
  anObject: () => ({ some: 'object' }),
  id: () => 12,
  method: () => ({ name: () => 'by a method' }),
  place,
};
