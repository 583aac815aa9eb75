import 'reflect-metadata';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { RESOLVERS } from '../features/resolvers.js';
import { buildGatewaySchema } from '../graphql/schema.js';

const HEADER = '# Generated from the resolvers by `npm run schema`, and never edited by hand.\n\n';

/** The schema as schema.graphql has it. */
export function printGatewaySchema(): string {
  const schema = buildGatewaySchema(RESOLVERS, ({ name }) => {
    throw new Error(`${name} is only printed and resolves nothing`);
  });
  return `${HEADER}${printSchema(lexicographicSortSchema(schema))}\n`;
}
