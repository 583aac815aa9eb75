import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type DocumentNode, execute, parse, specifiedRules, validate } from 'graphql';
import type * as GraphqlMiddleware from 'graphql-middleware';
import { pino } from 'pino';
import { readCredential } from '../../src/access/bearer.js';
import { deny, shield } from '../../src/access/graphql-shield.js';
import { shieldTree } from '../../src/access/shield.js';
import { SURFACE } from '../../src/access/surface.js';
import { startGateway } from '../../src/app.js';
import type { ApplyGuard } from '../../src/composition/compose.js';
import { readConfig } from '../../src/config.js';
import { forbidden } from '../../src/errors.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import { ROOT, SHIPPED_POLICY } from '../places.js';
import { serveJson } from './json-over-http.js';

// `node stock-graphql.js`, with the environment of a gateway: the gateway's own resolvers and rules, guarded by graphql-shield and
// executed by graphql-js as both come, on bare node:http. It has no limits, no metrics and no log.

// The same copy that graphql-shield's CommonJS build loads: it knows its own classes only.
const { applyMiddleware } = createRequire(import.meta.url)('graphql-middleware') as typeof GraphqlMiddleware;

const stockShield: ApplyGuard = (schema, authority) =>
  applyMiddleware(schema, shield(shieldTree(SURFACE, authority), { fallbackRule: deny, fallbackError: forbidden, allowExternalErrors: true }));

const gateway = await startGateway({
  config: readConfig({ ...process.env, PORT: '0' }, SHIPPED_POLICY),
  log: pino({ level: 'error' }, pino.destination(2)),
  graphiqlDir: join(ROOT, 'dist', 'graphiql'),
  compileAfter: Number.POSITIVE_INFINITY,
  guard: stockShield,
});
const { schema, authenticator } = gateway.parts;

/** Any GraphQL server keeps these. */
const documents = new Map<string, DocumentNode>();

function documentOf(query: string): DocumentNode {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  const [problem] = validate(schema, document, specifiedRules);
  if (problem !== undefined) throw problem;
  documents.set(query, document);
  return document;
}

async function answer(body: string, { rawHeaders, socket }: IncomingMessage): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  const call = { rawHeaders, address: socket.remoteAddress ?? null, requestId: 'stock' };
  const principal = await authenticator.authenticate(readCredential(call));
  const contextValue = { principal, requestId: call.requestId, address: call.address, loaders: new RequestLoaders() };
  return JSON.stringify(await execute({ schema, document: documentOf(query), variableValues: variables, contextValue }));
}

serveJson(answer);
