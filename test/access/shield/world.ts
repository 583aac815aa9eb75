import * as fc from 'fast-check';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { schemaOf } from './small-schema.js';

/** Object types of every world: A and B are Nodes, and A and C make the union U. */
export const OBJECT_TYPES = ['Query', 'A', 'B', 'C'] as const;
export type ObjectTypeName = (typeof OBJECT_TYPES)[number];
export const POSSIBLE_TYPES: Readonly<Record<string, readonly ObjectTypeName[]>> = {
  Query: ['Query'],
  A: ['A'],
  B: ['B'],
  C: ['C'],
  Node: ['A', 'B'],
  U: ['A', 'C'],
};
export const FIELD_NAMES = ['id', 'f0', 'f1', 'f2', 'f3'] as const;

/** `property`, `method` and `promise` have no resolver: the default one reads the parent. */
const styles = ['property', 'method', 'promise', 'sync', 'async', 'throws', 'rejects', 'returnsError', 'null'] as const;

interface FieldSpec {
  readonly name: (typeof FIELD_NAMES)[number];
  readonly type: 'String' | 'A' | 'B' | 'C' | 'Node' | 'U';
  readonly list: boolean;
  readonly nonNull: boolean;
  readonly style: (typeof styles)[number];
}

export type WorldSpec = Readonly<Record<ObjectTypeName, readonly FieldSpec[]>>;

const styleArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...styles.slice(0, 5)) },
  { weight: 1, arbitrary: fc.constantFrom(...styles) },
);

function fieldArbitrary(name: FieldSpec['name']): fc.Arbitrary<FieldSpec> {
  return fc.record({
    name: fc.constant(name),
    type: fc.constantFrom('String', 'A', 'B', 'C', 'Node', 'U'),
    list: fc.boolean(),
    nonNull: fc.nat(5).map((n) => n === 5),
    style: styleArbitrary,
  });
}

/** `id` is a plain String everywhere, as the interface promises. */
const fieldsArbitrary = fc.tuple(
  styleArbitrary.map((style): FieldSpec => ({ name: 'id', type: 'String', list: false, nonNull: false, style })),
  fieldArbitrary('f0'),
  fieldArbitrary('f1'),
  fieldArbitrary('f2'),
  fieldArbitrary('f3'),
);

export const worldArbitrary: fc.Arbitrary<WorldSpec> = fc.record({
  Query: fieldsArbitrary,
  A: fieldsArbitrary,
  B: fieldsArbitrary,
  C: fieldsArbitrary,
});

export function buildWorld(spec: WorldSpec): GraphQLSchema {
  const types = OBJECT_TYPES.map((name) => {
    const promise = POSSIBLE_TYPES['Node']?.includes(name) ? ' implements Node' : '';
    return `type ${name}${promise} { ${spec[name].map(printField).join(' ')} }`;
  });
  const text = ['interface Node { id(n: Int): String }', 'union U = A | C', ...types].join('\n');
  const resolvers = OBJECT_TYPES.flatMap((name) =>
    spec[name].map((field) => [`${name}.${field.name}`, { resolve: resolverOf(spec, name, field) }] as const),
  );
  return schemaOf(text, Object.fromEntries(resolvers), SOUND);
}

/** Sound by construction, and checking each of hundreds would take most of the time. */
const SOUND = { assumeValid: true, assumeValidSDL: true };

function printField({ name, type, list, nonNull }: FieldSpec): string {
  return `${name}(n: Int): ${list ? `[${type}]` : type}${nonNull ? '!' : ''}`;
}

type Resolver = GraphQLFieldResolver<unknown, unknown, { readonly n?: number }>;

function resolverOf(spec: WorldSpec, typeName: string, field: FieldSpec): Resolver | undefined {
  const failure = () => new Error(`resolver of ${typeName}.${field.name} failed`);
  const resolvers: Partial<Record<FieldSpec['style'], Resolver>> = {
    sync: (_parent, { n }) => valueOf(spec, typeName, field, n),
    async: async (_parent, { n }) => valueOf(spec, typeName, field, n),
    throws: () => {
      throw failure();
    },
    rejects: () => Promise.reject(failure()),
    returnsError: failure,
    null: () => null,
  };
  return resolvers[field.style];
}

/** The object that stands for a row of a type; its properties are made when read, since types refer to each other. */
export function objectOf(spec: WorldSpec, kind: ObjectTypeName): object {
  const row = { __typename: kind };
  for (const field of spec[kind]) {
    const read = (n?: number) => valueOf(spec, kind, field, n);
    Object.defineProperty(row, field.name, {
      get: () => {
        if (field.style === 'method') return (args: { readonly n?: number }) => read(args.n);
        return field.style === 'promise' ? Promise.resolve(read()) : read();
      },
    });
  }
  return row;
}

function valueOf(spec: WorldSpec, typeName: string, field: FieldSpec, n: number | undefined): unknown {
  const one = (index: number) => {
    if (field.type === 'String') return `${typeName}.${field.name}[${index}](${n ?? ''})`;
    const possible = POSSIBLE_TYPES[field.type] ?? [];
    const kind = possible[(index + (n ?? 0)) % possible.length];
    return kind === undefined ? null : objectOf(spec, kind);
  };
  return field.list ? [one(0), one(1)] : one(0);
}
