import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

const rfc3339 = GraphQLDateTime.toConfig();

/** RFC 3339, in UTC. Inside, a moment is milliseconds since the epoch; what a client sends arrives as a Date. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment by RFC 3339, such as 2026-01-31T09:30:00Z; answers are in UTC with milliseconds.',
  specifiedByURL: rfc3339.specifiedByURL,
  serialize: (moment) => new Date(moment as number).toISOString(),
  parseValue: rfc3339.parseValue,
  parseLiteral: rfc3339.parseLiteral,
});
