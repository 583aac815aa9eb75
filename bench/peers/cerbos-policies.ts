import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { World, WorldTenant } from '../world/world.js';
import { actionsByKind } from './peer.js';

interface Rule {
  readonly actions: readonly string[];
  readonly effect: 'EFFECT_ALLOW';
  readonly roles: readonly string[];
}

/**
 * A resource policy for each kind of resource, which gives the system roles their actions, and for each tenant a policy
 * in its scope, which adds the tenant's custom roles: Cerbos looks there first and then in the one without a scope.
 */
export function writePolicies(folder: string, world: World): void {
  mkdirSync(folder, { recursive: true });
  const kinds = [...actionsByKind(world.matrix.permissions).keys()];
  const systemRules = rulesByKind([...world.matrix.roles]);
  for (const kind of kinds) writePolicy(folder, kind, '', systemRules.get(kind) ?? []);
  for (const tenant of world.tenants) writeTenant(folder, tenant, kinds);
}

function writeTenant(folder: string, { id, customRoles }: WorldTenant, kinds: readonly string[]): void {
  const rules = rulesByKind(customRoles.map(({ key, permissions }) => [key, permissions]));
  // A scope that a request names has to exist for its kind.
  for (const kind of kinds) writePolicy(folder, kind, id, rules.get(kind) ?? []);
}

function rulesByKind(roles: readonly (readonly [role: string, permissions: Iterable<string>])[]): ReadonlyMap<string, readonly Rule[]> {
  const byKind = new Map<string, Rule[]>();
  for (const [role, permissions] of roles) {
    for (const [kind, actions] of actionsByKind(permissions)) {
      const rules = byKind.get(kind) ?? [];
      byKind.set(kind, [...rules, { actions, effect: 'EFFECT_ALLOW', roles: [role] }]);
    }
  }
  return byKind;
}

function writePolicy(folder: string, resource: string, scope: string, rules: readonly Rule[]): void {
  const policy = { apiVersion: 'api.cerbos.dev/v1', resourcePolicy: { version: 'default', resource, ...(scope === '' ? {} : { scope }), rules } };
  writeFileSync(join(folder, `${resource}${scope === '' ? '' : `.${scope}`}.yaml`), dump(policy));
}
