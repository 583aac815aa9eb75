import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** What to write where a field demands arguments, by `Type.field`. */
export type Arguments = Readonly<Record<string, string>>;

/** Documents that select every field of the schema. */
export class EveryField {
  /** The `Type.field`s that have been selected. */
  readonly selected = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly args: Arguments,
  ) {}

  get queries(): string[] {
    return Object.keys(this.schema.getQueryType()!.getFields());
  }

  /** A document that selects the field of Query, and everything beneath it down to so many levels of fields. */
  document(query: string, levels: number): string {
    const type = this.schema.getQueryType()!;
    return `{ ${this.field(type, type.getFields()[query]!, levels)} }`;
  }

  /** All that a query can reach: the types of payloads are reached by mutations alone. */
  get reachable(): Set<string> {
    const found = new Set<string>();
    const visit = (type: GraphQLObjectType): void => {
      for (const field of Object.values(type.getFields())) {
        const name = `${type.name}.${field.name}`;
        const next = getNamedType(field.type);
        if (!found.has(name) && isObjectType(next)) visit(this.noted(found, name, next));
        found.add(name);
      }
    };
    visit(this.schema.getQueryType()!);
    return found;
  }

  private noted(found: Set<string>, name: string, next: GraphQLObjectType): GraphQLObjectType {
    found.add(name);
    return next;
  }

  private field(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, levels: number): string {
    const name = `${type.name}.${field.name}`;
    const next = getNamedType(field.type);
    const call = `${field.name}${this.argumentsOf(name, field.args)}`;
    if (isLeafType(next)) return this.select(name, call);
    if (!isObjectType(next)) throw new Error(`${name} is neither a leaf nor an object: teach this file about it`);
    if (levels <= 1) return '';
    const beneath = Object.values(next.getFields())
      .map((inner) => this.field(next, inner, levels - 1))
      .filter(Boolean);
    return beneath.length === 0 ? '' : this.select(name, `${call} { ${beneath.join(' ')} }`);
  }

  private select(name: string, text: string): string {
    this.selected.add(name);
    return text;
  }

  private argumentsOf(name: string, args: readonly GraphQLArgument[]): string {
    const given = this.args[name];
    if (given === undefined && args.some(isRequiredArgument)) throw new Error(`${name} demands arguments: say here what to give`);
    return given === undefined ? '' : `(${given})`;
  }
}
