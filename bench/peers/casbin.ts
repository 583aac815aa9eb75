import { type Enforcer, StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import type { Question } from '../world/questions.js';
import type { World, WorldTenant } from '../world/world.js';
import { versionOf } from './installed.js';
import type { OpenPeer, Peer } from './peer.js';

/** RBAC with domains as casbin's documentation has it, the cheap comparison first. A domain is a tenant, or a department of one. */
const MODEL = `
[request_definition]
r = sub, dom, act

[policy_definition]
p = sub, act

[role_definition]
g = _, _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act && g(r.sub, p.sub, r.dom)
`;

const version = versionOf('casbin');

export const casbin: Peer = {
  name: 'casbin, RBAC with domains',
  version,
  differs: 'In process. It goes through the policy rule by rule, so its time grows with the number of custom roles; a role in a tenant has to be written once more for each department. No reasons, expiry or revisions.',
  open: async (world) => {
    const enforcer = await enforcerOf(world, world.tenants);
    return opened((question) => enforcer.enforceSync(question.userId, domainOf(question), question.permission));
  },
};

export const casbinSharded: Peer = {
  name: 'casbin, an enforcer per tenant',
  version,
  differs: 'In process; the sharding that its page on performance advises. Picking the enforcer, and keeping a thousand of them up to date, is up to the caller.',
  open: async (world) => {
    const enforcers = new Map<string, Enforcer>();
    for (const tenant of world.tenants) enforcers.set(tenant.id, await enforcerOf(world, [tenant]));
    return opened((question) => enforcers.get(question.tenantId)?.enforceSync(question.userId, domainOf(question), question.permission) ?? false);
  },
};

function opened(ask: (question: Question) => boolean): OpenPeer {
  return { ask, close: () => Promise.resolve() };
}

function domainOf({ tenantId, departmentId }: Question): string {
  return departmentId === null ? tenantId : `${tenantId}/${departmentId}`;
}

function enforcerOf(world: World, tenants: readonly WorldTenant[]): Promise<Enforcer> {
  const lines: string[] = [];
  for (const [role, permissions] of world.matrix.roles) for (const permission of permissions) lines.push(`p, ${role}, ${permission}`);
  for (const tenant of tenants) lines.push(...linesOf(world, tenant));
  return newEnforcer(newModelFromString(MODEL), new StringAdapter(lines.join('\n')));
}

function linesOf(world: World, tenant: WorldTenant): string[] {
  const lines: string[] = [];
  // Two tenants' custom roles of one key are two roles.
  const named = (role: string): string => (world.matrix.roles.has(role) ? role : `${tenant.id}/${role}`);
  for (const { key, permissions } of tenant.customRoles) for (const permission of permissions) lines.push(`p, ${named(key)}, ${permission}`);
  const places = [tenant.id, ...tenant.departments.map((department) => `${tenant.id}/${department}`)];
  for (const { userId, role, overrides } of tenant.members) {
    for (const place of places) lines.push(`g, ${userId}, ${named(role)}, ${place}`);
    for (const override of overrides) lines.push(`g, ${userId}, ${named(override.role)}, ${tenant.id}/${override.departmentId}`);
  }
  return lines;
}
