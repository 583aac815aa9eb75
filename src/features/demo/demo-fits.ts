import type { LoadedMatrix, Policy } from '../../policy/policy-folder.js';
import { DEMO_PLAN, DEMO_TENANTS, type DemoTenant } from './demo-world.js';

/** Whether the policy has the matrices, roles and plan that the demo is made of: one's own policy folder need not. */
export function demoFits({ matrices, plans }: Policy): boolean {
  return plans.plans.has(DEMO_PLAN) && DEMO_TENANTS.every((tenant) => matrices.some((loaded) => fits(tenant, loaded)));
}

function fits({ matrix: key, members }: DemoTenant, { matrix }: LoadedMatrix): boolean {
  const roles = members.flatMap(({ role, overrides = {} }) => [role, ...Object.values(overrides)]);
  return matrix.key === key && roles.every((role) => matrix.findRole(role) !== undefined);
}
