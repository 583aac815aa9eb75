import type { Client, GraphqlAnswer, Variables } from '../support/client.js';
import { must, type Person, type World } from '../support/world.js';

/** A mutation that somebody tries, by name, with its input. */
export type Attempt = readonly [mutation: string, input: Variables];

const SELECTIONS: Readonly<Record<string, string>> = {
  createApiKey: 'apiKey { id }',
  revokeApiKey: 'apiKey { id }',
  resetPassword: 'secret',
  setPassword: 'accessToken',
  bootstrap: 'accessToken',
};

function selectionFor(mutation: string): string {
  return SELECTIONS[mutation] ?? (mutation.endsWith('User') || mutation === 'setAccountRole' ? 'user { id }' : 'revision');
}

export function attempt(client: Client, [mutation, input]: Attempt): Promise<GraphqlAnswer<unknown>> {
  return client.mutate(mutation, input, selectionFor(mutation));
}

/** The code of the refusal, or `done`. */
export async function outcomeOf(client: Client, tried: Attempt): Promise<string> {
  const { errors } = await attempt(client, tried);
  return errors[0]?.extensions.code ?? 'done';
}

/** What each attempt came to, by its description; for comparing with what is expected as one table. */
export async function outcomesOf(client: Client, tries: Readonly<Record<string, Attempt>>): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const [what, tried] of Object.entries(tries)) outcomes[what] = await outcomeOf(client, tried);
  return outcomes;
}

export async function revisionOf(world: World, tenantId: string): Promise<string> {
  const { tenant } = await world.root.ask<{ tenant: { revision: string } }>('query($id: ID!) { tenant(id: $id) { revision } }', { id: tenantId });
  return tenant.revision;
}

/** A member under a custom role of exactly these permissions. */
export async function memberHolding(world: World, tenantId: string, permissions: readonly string[]): Promise<Person & { readonly role: string }> {
  const role = world.unique('custom');
  await must(world.root.mutate('createRole', { tenantId, key: role, name: role, permissions }, 'revision'));
  return { ...(await world.member(tenantId, role)), role };
}

/** A key that this client makes. */
export async function keyMadeBy(client: Client, tenantId: string | null, capabilities: readonly string[]): Promise<Client> {
  const { data } = await must(client.mutate<{ secret: string }>('createApiKey', { tenantId, name: 'a key', capabilities }, 'secret'));
  return client.as(data!['createApiKey']!.secret);
}

export async function inviteBy(client: Client, input: Variables): Promise<string> {
  const { data } = await must(client.mutate<{ secret: string }>('inviteMember', input, 'secret'));
  return data!['inviteMember']!.secret;
}
