import {
  GraphQLEnumType,
  GraphQLError,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { GraphQLFieldConfig } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { AppError, badInput, forbidden } from '../../src/errors.js';
import type { RequestContext } from '../../src/graphql/context.js';

type Field = GraphQLFieldConfig<unknown, RequestContext, { text: string }>;

/** What must never reach a client, in each of the ways that it could. */
export const SECRETS = ['hunter2', 'SELECT password FROM users', '/srv/gatehouse/src/secret.ts', 'at Object.resolve', 'node_modules'];

/** Held until a test lets go of it. */
export class Gate {
  readonly entered: Promise<void>;
  readonly #opened: Promise<void>;
  #enter: () => void = () => undefined;
  #open: () => void = () => undefined;

  constructor() {
    this.entered = new Promise((resolve) => (this.#enter = resolve));
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open();
  }

  async pass(): Promise<string> {
    this.#enter();
    await this.#opened;
    return 'passed';
  }
}

const surface = new GraphQLEnumType({ name: 'Surface', values: { PLATFORM: {}, WIDGET: {} } });
const key = new GraphQLScalarType<string>({
  name: 'Key',
  parseValue() {
    throw badInput('key', 'A key has 1 to 255 printable characters.');
  },
});
const fragile = new GraphQLScalarType<string>({
  name: 'Fragile',
  parseValue() {
    throw secretError();
  },
});
const signIn = new GraphQLInputObjectType({
  name: 'SignIn',
  fields: { email: { type: new GraphQLNonNull(GraphQLString) }, password: { type: GraphQLInt }, surface: { type: surface } },
});

export function toySchema(gate: Gate): GraphQLSchema {
  const query: GraphQLObjectType<unknown, RequestContext> = new GraphQLObjectType({
    name: 'Query',
    fields: (): Record<string, Field> => ({ ...plainFields(gate), ...failingFields(), self: { type: query, resolve: () => ({}) } }),
  });
  const bump: Field = { type: GraphQLInt, resolve: () => 1 };
  return new GraphQLSchema({ query, mutation: new GraphQLObjectType({ name: 'Mutation', fields: { bump } }) });
}

function plainFields(gate: Gate): Record<string, Field> {
  const text = { text: { type: GraphQLString } };
  return {
    hello: { type: GraphQLString, resolve: () => 'world' },
    echo: { type: GraphQLString, args: text, resolve: (_parent, args) => args.text },
    address: { type: GraphQLString, resolve: (_parent, _args, context) => context.address },
    requestId: { type: GraphQLString, resolve: (_parent, _args, context) => context.requestId },
    need: { type: GraphQLString, args: { id: { type: new GraphQLNonNull(GraphQLID) } } },
    surface: { type: GraphQLString, args: { surface: { type: surface } }, resolve: () => 'seen' },
    signIn: { type: GraphQLString, args: { input: { type: signIn } } },
    key: { type: GraphQLString, args: { key: { type: key } } },
    fragile: { type: GraphQLString, args: { value: { type: fragile } } },
    gate: { type: GraphQLString, resolve: () => gate.pass() },
  };
}

function failingFields(): Record<string, Field> {
  return {
    forbidden: failing(() => forbidden()),
    missing: failing(() => new AppError('NOT_FOUND', 'There is no such role.')),
    escalation: failing((text) => new AppError('ESCALATION', 'You lack permissions.', { details: { missing: [text] } })),
    badRole: failing(() => badInput('role', 'There is no such role.')),
    fault: failing(() => new AppError('UNAVAILABLE', 'Try again shortly.', { cause: secretError() })),
    unknown: failing(() => secretError()),
    thrownText: failing(() => SECRETS.join(' ')),
    foreign: failing(() => new GraphQLError(SECRETS.join(' '), { extensions: { code: 'FORBIDDEN', sql: SECRETS[1] } })),
    invalid: failing(() => invalidInput()),
    nothing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
  };
}

function failing(error: (text: string) => unknown): Field {
  return {
    type: GraphQLString,
    args: { text: { type: GraphQLString } },
    resolve: (_parent, { text }) => {
      throw error(text);
    },
  };
}

function secretError(): Error {
  const cause = new Error(`${SECRETS[1]} failed in ${SECRETS[2]}`);
  const error = new Error(SECRETS.join(' '), { cause });
  return Object.assign(error, { extensions: { sql: SECRETS[1] }, query: SECRETS[1] });
}

function invalidInput(): Error {
  const target = { password: SECRETS[0] };
  const child = { target, property: 'name', value: SECRETS[0], constraints: { maxLength: 'A name has at most 100 characters.' } };
  return new ArgumentValidationError([{ target, property: 'input', value: target, children: [child] }]);
}
