import { randomUUID } from 'node:crypto';
import type { Client, GraphqlAnswer, Variables } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';

export const DAY_MS = 24 * 60 * 60 * 1000;

/** A document and its variables, which a client may send again and again. */
export interface KeyedRequest {
  readonly query: string;
  readonly variables: Variables;
}

export function send(client: Client, { query, variables }: KeyedRequest, key: string): Promise<GraphqlAnswer<Record<string, unknown>>> {
  return client.send(query, variables, { 'idempotency-key': key });
}

export function newKey(): string {
  return randomUUID();
}

export function codesOf(answer: GraphqlAnswer<unknown>): string[] {
  return answer.errors.map((error) => error.extensions.code);
}

/** What makes two answers the same to whoever reads them. */
export function outcome({ status, text }: GraphqlAnswer<unknown>): { status: number; text: string } {
  return { status, text };
}

export function isRepeat({ headers }: GraphqlAnswer<unknown>): boolean {
  return headers.get('idempotent-replayed') === 'true';
}

/** All changes ever made, of people and of every tenant; sign-ins are no changes, and so are counted on their own. */
export async function effects(test: GatewayForTests): Promise<number> {
  const [row] = await test.gateway.database.dataSource.query<{ count: string }[]>(
    'SELECT (SELECT count(*) FROM audit_events) + (SELECT count(*) FROM sign_ins) AS count',
  );
  return Number(row!.count);
}

export function createUser(id: string, name = 'Somebody'): KeyedRequest {
  return { query: 'mutation($input: CreateUserInput!) { createUser(input: $input) { user { id name } } }', variables: { input: { id, name } } };
}
