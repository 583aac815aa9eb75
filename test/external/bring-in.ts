import type { Client, Variables } from '../support/client.js';
import { must } from '../support/world.js';
import { type DataSet, idOf } from './data-set.js';
import { eachOf } from './lists.js';

/** Who becomes each tenant's first member: somebody whom no question is about. */
const FOUNDER = 'founder-of-every-tenant';

/**
 * Brings a set's tenants and people in through the API, as the script of an operator would: `root` is a platform key
 * with all capabilities. The roles that all tenants have are there already: they came with the policy file.
 */
export async function bringIn(set: DataSet, root: Client): Promise<void> {
  const change = (mutation: string, input: Variables) => must(root.mutate(mutation, input, '__typename'));
  const users = [...new Set(set.memberships.map(({ user }) => user))];
  await eachOf([FOUNDER, ...users.map(idOf)], (id) => change('createUser', { id, name: id }));

  const matrix = idOf(set.name);
  await eachOf(set.tenants, ({ key }) => change('createTenant', { id: idOf(key), name: key, matrix, plan: 'enterprise', ownerId: FOUNDER }));

  const departments = set.tenants.flatMap((tenant) =>
    tenant.departments.map((name) => ({ tenantId: idOf(tenant.key), id: idOf(name), name })),
  );
  await eachOf(departments, (department) => change('createDepartment', department));

  const ownRoles = set.roles.flatMap(({ key, tenant, permissions }) =>
    tenant === undefined ? [] : { tenantId: idOf(tenant), key: idOf(key), name: key, permissions: permissions.map(idOf) },
  );
  await eachOf(ownRoles, (role) => change('createRole', role));

  const members = set.memberships.map(({ tenant, user, role }) => ({ tenantId: idOf(tenant), userId: idOf(user), role: idOf(role) }));
  await eachOf(members, (member) => change('addMember', member));

  const overrides = set.memberships.flatMap(({ tenant, user, departmentOverrides = [] }) =>
    departmentOverrides.map(({ department, role }) => ({
      tenantId: idOf(tenant),
      userId: idOf(user),
      departmentId: idOf(department),
      role: idOf(role),
    })),
  );
  await eachOf(overrides, (override) => change('setDepartmentOverride', override));
}
