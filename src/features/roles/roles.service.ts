import type { Principal } from '../../access/principal.js';
import { beyondReach } from '../../domain/delegate.js';
import { roleIn, type TenantFrame } from '../../domain/facts.js';
import type { Role, RoleSurface } from '../../domain/matrix.js';
import type { PermissionSet } from '../../domain/permission-set.js';
import type { PlanCatalogue } from '../../domain/plan.js';
import { AppError, badInput } from '../../errors.js';
import type { Changed, ChangeScope, TenantChanges } from '../changes/tenant-changes.js';
import { requireReach } from '../changes/escalation.js';
import { requireFeature } from '../changes/feature-gate.js';
import { requireIdentifier, requireName, requireText } from '../input.js';
import { forgetExpired } from '../memberships/expired-overrides.js';
import { referenceTo, requireAccountNotAbove, requireGivable, requireRole } from '../memberships/membership-rules.js';
import type { MembershipStore } from '../memberships/memberships.store.js';
import { editOf, permissionsOf, type RoleEdit } from './permission-keys.js';
import type { RoleType } from '../matrices/matrices.types.js';
import { toRoleView } from '../matrices/matrix-view.js';
import { asWritten } from './custom-role.js';
import type { MovedHolders, RoleStore } from './roles.store.js';

export interface NewRole {
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
}

/** Null leaves a part as it is. */
export interface RoleChange {
  readonly name: string | null;
  readonly description: string | null;
  readonly permissions: readonly string[] | null;
}

const MAX_DESCRIPTION = 2000;
const MAX_CUSTOM_ROLES = 1000;

/** Custom roles of a tenant. System roles are the matrix's and never change here. */
export class RoleService {
  constructor(
    private readonly roles: RoleStore,
    private readonly members: MembershipStore,
    private readonly changes: TenantChanges,
    private readonly plans: PlanCatalogue,
  ) {}

  create(caller: Principal, tenantId: string, role: NewRole, permissions: readonly string[]): Promise<Changed<RoleType>> {
    return this.changes.run({ caller, tenantId, demands: 'role.manage' }, async (scope) => {
      requireFeature(scope.frame, 'CUSTOM_ROLES', this.plans);
      const held = permissionsOf(scope.frame.matrix, permissions, 'permissions');
      return this.add(scope, role, held, { surface: 'ALL', duplicatedFrom: null });
    });
  }

  /** From any role of the tenant; a duplicate counts where its source counts. */
  duplicate(caller: Principal, tenantId: string, role: NewRole, source: string, edit: RoleEdit): Promise<Changed<RoleType>> {
    return this.changes.run({ caller, tenantId, demands: 'role.manage' }, async (scope) => {
      const { frame } = scope;
      requireFeature(frame, 'CUSTOM_ROLES', this.plans);
      const from = requireRole(frame, requireIdentifier('sourceRole', source));
      const { added, removed } = editOf(frame.matrix, edit);
      const held = from.permissions.union(added).difference(removed);
      return this.add(scope, role, held, { surface: from.surface, duplicatedFrom: from.key });
    });
  }

  update(caller: Principal, tenantId: string, key: string, edit: RoleChange): Promise<Changed<RoleType>> {
    return this.changes.run({ caller, tenantId, demands: 'role.manage' }, async (scope) => {
      const { frame, tx } = scope;
      const role = requireCustom(frame, key);
      const permissions = edit.permissions === null ? role.permissions : permissionsOf(frame.matrix, edit.permissions, 'permissions');
      const changed: Role = {
        ...role,
        name: edit.name === null ? role.name : requireName('name', edit.name),
        description: edit.description === null ? role.description : requireDescription(edit.description),
        permissions,
      };
      const before = asWritten(role, frame.matrix);
      const after = asWritten(changed, frame.matrix);
      const isSame = JSON.stringify(before) === JSON.stringify(after);
      if (!isSame) requireFeature(frame, 'CUSTOM_ROLES', this.plans);
      // Neither beyond oneself nor at the expense of a role that is beyond oneself.
      requireReach(frame.matrix, beyondReach(permissions.union(role.permissions), scope.giverReach));
      if (isSame) return { result: toRoleView(role, frame.matrix), entry: null };
      await this.roles.update(tenantId, after, tx);
      return { result: toRoleView(changed, frame.matrix), entry: { action: 'role.updated', target: key, before, after }, touches: 'everybody' };
    });
  }

  /** Holders of the role move to the replacement; without one, a role still in use stays. */
  delete(caller: Principal, tenantId: string, key: string, replacement: string | null): Promise<Changed<string>> {
    return this.changes.run({ caller, tenantId, demands: 'role.manage' }, async (scope) => {
      const { frame, tx, now } = scope;
      const role = requireCustom(frame, key);
      requireReach(frame.matrix, beyondReach(role.permissions, scope.giverReach));
      const heir = replacement === null ? null : requireRole(frame, requireIdentifier('replacementRole', replacement));
      const forgotten = await forgetExpired(this.members, { tenantId, roleKey: key, roleKind: 'CUSTOM' }, now, tx);
      if (heir === null && (await this.roles.isHeld(tenantId, key, now, tx))) {
        throw new AppError('CONFLICT', 'The role is still held: name a replacementRole for its holders.');
      }
      const moved = heir === null ? null : await this.moveHolders(scope, role, heir);
      await this.roles.delete(tenantId, key, tx);
      const before = { ...asWritten(role, frame.matrix), ...forgotten };
      const after = { replacementRole: heir?.key ?? null, ...moved };
      const entry = { action: 'role.deleted', target: key, before, after };
      return { result: key, entry, touches: 'everybody' };
    });
  }

  private async moveHolders(scope: ChangeScope, role: Role, heir: Role): Promise<MovedHolders> {
    const { frame, tx, tenant } = scope;
    if (heir.key === role.key) throw badInput('replacementRole', 'A role cannot replace itself.');
    requireGivable(scope, heir);
    if (heir.surface === 'WIDGET_ONLY' && role.surface !== 'WIDGET_ONLY') {
      throw badInput('replacementRole', `The role "${heir.key}" acts for one customer, which not every holder is bound to.`);
    }
    for (const accountRole of await this.members.listAccountRolesOf({ tenantId: tenant.id, roleKey: role.key }, tx)) requireAccountNotAbove(scope, accountRole);
    return this.roles.moveHolders(tenant.id, role.key, referenceTo(frame, heir), tx);
  }

  private async add(
    scope: ChangeScope,
    role: NewRole,
    permissions: PermissionSet,
    origin: { surface: RoleSurface; duplicatedFrom: string | null },
  ) {
    const { frame, tx } = scope;
    const key = requireIdentifier('key', role.key);
    if (roleIn(frame, key) !== undefined) {
      throw new AppError('CONFLICT', `The tenant already has a role of the key "${key}": choose another.`);
    }
    if (frame.customRoles.size >= MAX_CUSTOM_ROLES) {
      throw new AppError('LIMIT_EXCEEDED', `A tenant has at most ${MAX_CUSTOM_ROLES} custom roles: delete one first.`);
    }
    requireReach(frame.matrix, beyondReach(permissions, scope.giverReach));
    const made: Role = {
      key,
      name: requireName('name', role.name),
      description: requireDescription(role.description),
      kind: 'CUSTOM',
      permissions,
      ...origin,
    };
    const written = asWritten(made, frame.matrix);
    await this.roles.insert(scope.tenant.id, written, new Date(scope.now), tx);
    return { result: toRoleView(made, frame.matrix), entry: { action: 'role.created', target: key, after: written }, touches: 'everybody' as const };
  }
}

function requireCustom(frame: TenantFrame, key: string): Role {
  const role = requireRole(frame, requireIdentifier('role', key));
  if (role.kind === 'SYSTEM') {
    throw new AppError('SYSTEM_ROLE_IMMUTABLE', 'System roles are the role matrix\'s and never change here: duplicate the role and edit the duplicate.');
  }
  return role;
}

function requireDescription(text: string | null): string | null {
  if (text === null) return null;
  if (text.length > MAX_DESCRIPTION) throw badInput('description', `description must have at most ${MAX_DESCRIPTION} characters.`);
  return requireText('description', text);
}
