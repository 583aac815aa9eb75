import { createHash } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { applyMiddleware } from 'graphql-middleware';
import { allow, deny, rule, shield } from 'graphql-shield';
import { Pool } from 'pg';
import type { Question } from '../world/questions.js';
import { CHECK, CHECKS } from './apollo-sql-statements.js';

// The stack that a team would write: `node apollo-sql-server.js DATABASE_URL API_KEY` prints its port.
const [databaseUrl, apiKey] = process.argv.slice(2) as [string, string];

interface Context {
  readonly isService: boolean;
}

interface Input extends Omit<Question, 'departmentId'> {
  readonly departmentId?: string | null;
}

const typeDefs = `
  input CheckInput { userId: ID! tenantId: ID! permission: String! departmentId: ID }
  type Decision { allowed: Boolean! }
  type Query { check(input: CheckInput!): Decision checks(inputs: [CheckInput!]!): [Decision!] }
`;

const pool = new Pool({ connectionString: databaseUrl, max: 10 });

async function check(_parent: unknown, { input }: { readonly input: Input }): Promise<{ allowed: boolean }> {
  const values = [input.tenantId, input.userId, input.permission, input.departmentId ?? null];
  // A statement with a name is planned once a connection.
  const { rows } = await pool.query<{ allowed: boolean }>({ name: 'check', text: CHECK, values });
  return rows[0]!;
}

async function checks(_parent: unknown, { inputs }: { readonly inputs: readonly Input[] }): Promise<{ allowed: boolean }[]> {
  const columns = [
    inputs.map(({ tenantId }) => tenantId),
    inputs.map(({ userId }) => userId),
    inputs.map(({ permission }) => permission),
    inputs.map(({ departmentId }) => departmentId ?? null),
  ];
  const { rows } = await pool.query<{ allowed: boolean }>({ name: 'checks', text: CHECKS, values: columns });
  return rows;
}

const isService = rule({ cache: 'contextual' })((_parent, _args, { isService: known }: Context) => known);
const permissions = shield({ Query: { '*': deny, check: isService, checks: isService }, Decision: allow }, { fallbackRule: deny });
const schema = applyMiddleware(makeExecutableSchema({ typeDefs, resolvers: { Query: { check, checks } } }), permissions);

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const knownKeys = new Set([digestOf(apiKey)]);

const { url } = await startStandaloneServer(new ApolloServer<Context>({ schema }), {
  listen: { port: 0, host: '127.0.0.1' },
  context: ({ req }) => Promise.resolve({ isService: knownKeys.has(digestOf((req.headers.authorization ?? '').replace('Bearer ', ''))) }),
});
process.stdout.write(`${new URL(url).port}\n`);
