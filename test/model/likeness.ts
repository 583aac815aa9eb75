import { answerByTheBook } from '../decisions/reference.js';
import type { Ask } from '../decisions/world.js';
import { PALETTES } from './cast.js';
import { written } from './deed.js';
import { type Model, TENANT } from './model.js';
import type { Stage } from './stage.js';

const WHOLE = `query($id: ID!) { tenant(id: $id) {
  status plan owner { id } roles(kind: CUSTOM) { key surface permissions }
  departments(first: 100) { edges { node { id } } } customers(first: 100) { edges { node { id } } }
  memberships(first: 100) { edges { node {
    user { id accountRole status } role { key } status customer { id } expiresAt departmentOverrides { department { id } role { key } expiresAt }
  } } }
  invitations(first: 100) { edges { node { email role { key } customer { id } status } } }
} }`;
const CHECKS = 'query($inputs: [CheckInput!]!) { checks(inputs: $inputs, consistency: { mode: FULL }) { allowed reason role } }';
const WHO_AM_I = '{ viewer { user { id } } }';

interface Id {
  readonly id: string;
}
interface Key {
  readonly key: string;
}
interface Edges<Node> {
  readonly edges: readonly { readonly node: Node }[];
}
interface Whole {
  readonly status: string;
  readonly plan: string;
  readonly owner: Id | null;
  readonly roles: readonly { readonly key: string; readonly surface: string; readonly permissions: readonly string[] }[];
  readonly departments: Edges<Id>;
  readonly customers: Edges<Id>;
  readonly memberships: Edges<{
    readonly user: { readonly id: string; readonly accountRole: string; readonly status: string };
    readonly role: Key;
    readonly status: string;
    readonly customer: Id | null;
    readonly expiresAt: string | null;
    readonly departmentOverrides: readonly { readonly department: Id; readonly role: Key; readonly expiresAt: string | null }[];
  }>;
  readonly invitations: Edges<{ readonly email: string; readonly role: Key; readonly customer: Id | null; readonly status: string }>;
}

/** That the whole tenant, what it makes of its people, and the end of every sign-in that was ended, are as the model has them. */
export async function expectLikeness(model: Model, stage: Stage, turn: number): Promise<void> {
  const { tenant } = await stage.root.ask<{ tenant: Whole | null }>(WHOLE, { id: stage.tenantId });
  expect(tenant && shown(tenant, stage)).toEqual(modelled(model));
  const asks = questions(model, turn);
  const inputs = asks.map(({ user, permission, department, customer, surface }) => ({
    userId: stage.idOf(user), tenantId: stage.tenantId, permission, departmentId: department, customerId: customer, surface,
  }));
  const { checks } = await stage.root.ask<{ checks: object[] }>(CHECKS, { inputs });
  expect(asks.map((ask, i) => [ask, checks[i]])).toEqual(asks.map((ask) => [ask, answerByTheBook(model.law.book, model.world, ask, model.now)]));
  for (const client of stage.ended) expect(await client.codes(WHO_AM_I)).toEqual(['UNAUTHENTICATED']);
}

/** For each person, a permission by turns, in every place that they might act in. */
function questions({ world, tenant, law }: Model, turn: number): Ask[] {
  const permissions = [...PALETTES[law.matrixKey]!, ...law.matrix.permissions.keys()];
  const places = [
    { department: null, customer: null },
    ...['d1', 'd2'].map((department) => ({ department, customer: null })),
    ...(tenant?.customers ?? []).map((customer) => ({ department: null, customer })),
  ];
  return Object.keys(world.users).flatMap((user, i) =>
    places.flatMap((place, j) =>
      (['PLATFORM', 'WIDGET'] as const).map((surface, k) => {
        const permission = permissions[(turn * 7 + i * 3 + j + k) % permissions.length]!;
        return { user, tenant: TENANT, permission, ...place, owner: null, surface };
      }),
    ),
  );
}

const nodes = <Node>({ edges }: Edges<Node>): Node[] => edges.map(({ node }) => node);
const ids = (connection: Edges<Id>): string[] => nodes(connection).map(({ id }) => id);

function shown(tenant: Whole, stage: Stage) {
  const members = nodes(tenant.memberships).map(({ user, role, status, customer, expiresAt, departmentOverrides }) => [
    stage.nameOf(user.id),
    {
      account: { accountRole: user.accountRole, status: user.status },
      role: role.key, status, customer: customer?.id ?? null, expiresAt,
      overrides: Object.fromEntries(departmentOverrides.map((held) => [held.department.id, { role: held.role.key, expiresAt: held.expiresAt }])),
    },
  ]);
  const open = nodes(tenant.invitations).filter(({ status }) => status === 'PENDING');
  return {
    status: tenant.status,
    plan: tenant.plan,
    owner: tenant.owner && stage.nameOf(tenant.owner.id),
    roles: Object.fromEntries(tenant.roles.map(({ key, surface, permissions }) => [key, { surface, permissions: permissions.toSorted() }])),
    departments: ids(tenant.departments),
    customers: ids(tenant.customers),
    members: Object.fromEntries(members),
    invitations: open.map(({ email, role, customer }) => `${stage.nameOf(email)} as ${role.key} for ${customer?.id ?? 'all'}`).sort(),
  };
}

function modelled(model: Model): ReturnType<typeof shown> | null {
  const { tenant } = model;
  if (tenant === undefined) return null;
  const members = Object.entries(tenant.members).map(([name, { role, status, customer, expiresAt, overrides }]) => [
    name,
    {
      account: model.user(name),
      role, status, customer, expiresAt: written(expiresAt),
      overrides: Object.fromEntries(Object.entries(overrides).map(([id, held]) => [id, { role: held.role, expiresAt: written(held.expiresAt) }])),
    },
  ]);
  return {
    status: tenant.status,
    plan: tenant.plan,
    owner: model.owner ?? null,
    roles: Object.fromEntries(Object.entries(tenant.roles).map(([key, { surface, permissions }]) => [key, { surface, permissions: permissions.toSorted() }])),
    departments: tenant.departments.toSorted(),
    customers: tenant.customers.toSorted(),
    members: Object.fromEntries(members),
    invitations: model.openInvitations.map(({ person, role, customer }) => `mail ${person} as ${role} for ${customer ?? 'all'}`).sort(),
  };
}
