import type { Client, Variables } from '../support/client.js';
import { must, type World } from '../support/world.js';

export interface PageOf {
  readonly edges: readonly { readonly cursor: string; readonly node: object }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number | null;
}

/** A list that stands, and who may read it. */
export interface Seeded {
  readonly client: Client;
  readonly variables: Variables;
  /** What identifies the items, in the order in which the list must give them. */
  readonly keys: readonly string[];
}

/** A paged list of the schema. `document` takes $first and $after and may take more; items are told apart by `key`. */
export interface ListCase {
  readonly name: string;
  readonly document: string;
  readonly key: (node: object) => string;
  readonly seed: (world: World) => Promise<Seeded>;
}

const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount';
const SLICE = 'first: $first, after: $after';
/** In no order; bytewise, digits come before capitals, those before `_`, small letters and `~`. */
const AWKWARD = ['b', '~', 'a.b', 'B', '_', 'a', '9', 'a-b', 'aB'];

const byBytes = (ids: readonly string[]): string[] => ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const idOf = (node: object): string => (node as { id: string }).id;
const userOf = (node: object): string => idOf((node as { user: object }).user);
const tenantOf = (node: object): string => idOf((node as { tenant: object }).tenant);

function ofTenant(list: string, node: string): string {
  return `query($first: Int, $after: String, $tenantId: ID!) { tenant(id: $tenantId) { ${list}(${SLICE}) { edges { cursor node { ${node} } } ${PAGE} } } }`;
}

async function seedTenants(world: World): Promise<{ client: Client; keys: string[]; userId: string }> {
  const { userId, client } = await world.person('everywhere');
  const prefix = world.unique('t');
  const keys = AWKWARD.map((suffix) => `${prefix}${suffix}`);
  for (const id of keys)
    await must(world.root.mutate('createTenant', { id, name: id, matrix: 'nanami', ownerId: userId }, 'revision'));
  return { userId, client, keys: byBytes(keys) };
}

async function seedUsers(world: World): Promise<{ prefix: string; keys: string[] }> {
  const prefix = world.unique('u');
  const keys = AWKWARD.map((suffix) => `${prefix}${suffix}`);
  for (const id of keys) await must(world.root.mutate('createUser', { id, name: 'Somebody' }, 'user { id }'));
  return { prefix, keys: byBytes(keys) };
}

async function seedMembers(world: World, role: string): Promise<{ tenantId: string; ownerId: string; keys: string[] }> {
  const { tenantId, owner } = await world.tenant();
  const { keys } = await seedUsers(world);
  for (const userId of keys) await must(world.root.mutate('addMember', { tenantId, userId, role }, 'revision'));
  return { tenantId, ownerId: owner.userId, keys };
}

function parts(list: 'departments' | 'customers', mutation: string): ListCase {
  return {
    name: `Tenant.${list}`,
    document: ofTenant(list, 'id name'),
    key: idOf,
    seed: async (world) => {
      const { tenantId, owner } = await world.tenant();
      for (const id of AWKWARD) await must(world.root.mutate(mutation, { tenantId, id, name: id }, 'revision'));
      return { client: owner.client, variables: { tenantId }, keys: byBytes(AWKWARD) };
    },
  };
}

/** Lists whose ids the gateway makes: what they hold is written down as it is made. */
function made(
  list: string,
  node: string,
  mutation: string,
  input: (i: number) => Variables,
  select: string,
  idIn: (payload: object) => string,
): ListCase {
  return {
    name: `Tenant.${list}`,
    document: ofTenant(list, node),
    key: idOf,
    seed: async (world) => {
      const { tenantId, owner } = await world.tenant();
      const ids: string[] = [];
      for (let i = 0; i < AWKWARD.length; i++) {
        const { data } = await must(world.root.mutate(mutation, { tenantId, ...input(i) }, select));
        ids.push(idIn(data![mutation]!));
      }
      return { client: owner.client, variables: { tenantId }, keys: byBytes(ids) };
    },
  };
}

/** Every list of the schema. */
export const LISTS: readonly ListCase[] = [
  {
    name: 'Query.tenants',
    document: `query($first: Int, $after: String) { tenants(${SLICE}) { edges { cursor node { id } } ${PAGE} } }`,
    key: idOf,
    seed: async (world) => ({ ...(await seedTenants(world)), variables: {} }),
  },
  {
    name: 'Query.users',
    document: `query($first: Int, $after: String, $search: String) { users(${SLICE}, search: $search) { edges { cursor node { id } } ${PAGE} } }`,
    key: idOf,
    seed: async (world) => {
      const { prefix, keys } = await seedUsers(world);
      return { client: world.root, variables: { search: prefix }, keys };
    },
  },
  {
    name: 'Query.usersWithPermission',
    document: `query($first: Int, $after: String, $input: UsersWithPermissionInput!) { usersWithPermission(input: $input, ${SLICE}) { edges { cursor node { id } } ${PAGE} } }`,
    key: idOf,
    seed: async (world) => {
      const { tenantId, ownerId, keys } = await seedMembers(world, 'operator');
      return {
        client: world.root,
        variables: { input: { tenantId, permission: 'connectors.test' } },
        keys: byBytes([...keys, ownerId]),
      };
    },
  },
  {
    name: 'Viewer.memberships',
    document: `query($first: Int, $after: String) { viewer { memberships(${SLICE}) { edges { cursor node { tenant { id } } } ${PAGE} } } }`,
    key: tenantOf,
    seed: async (world) => ({ ...(await seedTenants(world)), variables: {} }),
  },
  {
    name: 'User.memberships',
    document: `query($first: Int, $after: String, $id: ID!) { user(id: $id) { memberships(${SLICE}) { edges { cursor node { tenant { id } } } ${PAGE} } } }`,
    key: tenantOf,
    seed: async (world) => {
      const { userId, keys } = await seedTenants(world);
      return { client: world.root, variables: { id: userId }, keys };
    },
  },
  {
    name: 'Tenant.memberships',
    document: ofTenant('memberships', 'user { id }'),
    key: userOf,
    seed: async (world) => {
      const { tenantId, ownerId, keys } = await seedMembers(world, 'viewer');
      return { client: world.root, variables: { tenantId }, keys: byBytes([...keys, ownerId]) };
    },
  },
  {
    name: 'Tenant.memberships of a role',
    document: `query($first: Int, $after: String, $tenantId: ID!, $role: ID) { tenant(id: $tenantId) { memberships(${SLICE}, role: $role) { edges { cursor node { user { id } } } ${PAGE} } } }`,
    key: userOf,
    seed: async (world) => {
      const { tenantId, keys } = await seedMembers(world, 'developer');
      return { client: world.root, variables: { tenantId, role: 'developer' }, keys };
    },
  },
  parts('departments', 'createDepartment'),
  parts('customers', 'createCustomer'),
  made(
    'invitations',
    'id email',
    'inviteMember',
    (i) => ({ email: `guest-${i}@people.example`, role: 'viewer' }),
    'invitation { id }',
    (payload) => idOf((payload as { invitation: object }).invitation),
  ),
  made(
    'apiKeys',
    'id name',
    'createApiKey',
    (i) => ({ name: `key ${i}`, capabilities: ['decision.read'] }),
    'apiKey { id }',
    (payload) => idOf((payload as { apiKey: object }).apiKey),
  ),
  {
    name: 'Tenant.auditLog',
    document: ofTenant('auditLog', 'revision'),
    key: (node) => (node as { revision: string }).revision,
    seed: async (world) => {
      const { tenantId, owner } = await world.tenant({ departments: AWKWARD });
      const newest = AWKWARD.length + 2;
      return {
        client: owner.client,
        variables: { tenantId },
        keys: Array.from({ length: newest - 1 }, (_, i) => String(newest - i)),
      };
    },
  },
];

/** The one list in an answer. */
export function pageIn(data: unknown): PageOf {
  if (typeof data === 'object' && data !== null) {
    if ('edges' in data) return data as PageOf;
    for (const value of Object.values(data)) if (typeof value === 'object' && value !== null) return pageIn(value);
  }
  throw new Error(`there is no list in ${JSON.stringify(data)}`);
}
