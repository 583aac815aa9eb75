import { createHash } from 'node:crypto';
import type { Client, GraphqlAnswer, Variables } from '../support/client.js';
import type { World } from '../support/world.js';
import { pageIn } from './lists.js';

export interface AuditEvent {
  readonly id: string;
  readonly revision: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly change: string | null;
  readonly hash: string;
}

const LOG = `query($id: ID!, $after: String) { tenant(id: $id) { auditLog(first: 100, after: $after) {
  edges { cursor node { id revision at actor action target change hash } } pageInfo { hasNextPage endCursor } } } }`;

/** The whole log of a tenant, oldest first. */
export async function auditLog(world: World, tenantId: string): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  let after: string | null = null;
  for (;;) {
    const page = pageIn(await world.root.ask(LOG, { id: tenantId, after }));
    events.push(...page.edges.map(({ node }) => node as AuditEvent));
    if (!page.pageInfo.hasNextPage) return events.toReversed();
    after = page.pageInfo.endCursor;
  }
}

/** The rule of the chain, written down once more: SHA-256 over the hash before and the fields as a JSON array. */
export function chainedHash(
  previous: string,
  tenantId: string,
  { revision, id, at, actor, action, target, change }: AuditEvent,
): string {
  const fields = JSON.stringify([tenantId, revision, id, at, actor, action, target, change]);
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(fields, 'utf8').digest('hex');
}

export const CHAIN_START = '0'.repeat(64);

export function expectChained(tenantId: string, events: readonly AuditEvent[]): void {
  let previous = CHAIN_START;
  for (const event of events) {
    previous = chainedHash(previous, tenantId, event);
    expect([event.revision, event.hash]).toEqual([event.revision, previous]);
  }
}

/** One mutation of a tenant, and what it must leave behind. */
export interface Deed {
  readonly caller: Client;
  readonly actor: string;
  readonly mutation: string;
  readonly input: Variables & { readonly tenantId: string };
  readonly select: string;
}

/** Does it: the revision is one up, and there is one more event, chained, by this actor. Returns payload and event. */
export async function expectDone<Payload = object>(
  world: World,
  { caller, actor, mutation, input, select }: Deed,
): Promise<{ payload: Omit<Payload & { revision?: string }, 'revision'>; event: AuditEvent }> {
  const before = await auditLog(world, input.tenantId);
  const { data, errors } = await caller.mutate<Payload & { revision?: string }>(mutation, input, `${select} ${mutation === 'createApiKey' ? '' : 'revision'}`);
  expect(errors).toEqual([]);
  const after = await auditLog(world, input.tenantId);
  expect(after.slice(0, -1)).toEqual(before);
  expectChained(input.tenantId, after);
  const event = after.at(-1)!;
  const { revision, ...payload } = data![mutation]!;
  expect(BigInt(event.revision)).toBe(BigInt(before.at(-1)!.revision) + 1n);
  if (mutation !== 'createApiKey') expect(revision).toBe(event.revision);
  expect(event.actor).toBe(actor);
  return { payload, event };
}

/** Tries it: refused with these extensions, and the log is what it was. */
export async function expectNothingDone(
  world: World,
  tenantId: string,
  attempt: () => Promise<GraphqlAnswer<unknown>>,
  refusal: object,
): Promise<void> {
  const before = await auditLog(world, tenantId);
  const { errors } = await attempt();
  expect(errors.map(({ extensions }) => extensions)).toEqual([refusal]);
  expect(await auditLog(world, tenantId)).toEqual(before);
}
