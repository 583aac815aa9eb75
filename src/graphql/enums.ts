import { registerEnumType } from 'type-graphql';
import { DENIAL_REASONS, GRANT_REASONS } from '../domain/decision.js';
import { FEATURES } from '../domain/plan.js';

type EnumOf<Value extends string> = { readonly [Key in Value]: Key };

function enumOf<Value extends string>(name: string, values: readonly Value[], description: string, notes: Partial<Record<Value, string>> = {}): EnumOf<Value> {
  const object = Object.fromEntries(values.map((value) => [value, value])) as EnumOf<Value>;
  const valuesConfig: Partial<Record<Value, { description: string }>> = {};
  for (const value of values) {
    const note = notes[value];
    if (note !== undefined) valuesConfig[value] = { description: note };
  }
  registerEnumType(object, { name, description, valuesConfig });
  return object;
}

export const ConsistencyModeEnum = enumOf('ConsistencyMode', ['LOW_LATENCY', 'FULL'], 'How fresh an answer must be.', {
  LOW_LATENCY: "From this node's cache, within the configured bound of staleness.",
  FULL: 'As of now: read for this very question.',
});
export const SurfaceEnum = enumOf('Surface', ['PLATFORM', 'WIDGET'], 'Where the user acts.', {
  PLATFORM: 'The product itself.',
  WIDGET: "The widget embedded in a customer's product.",
});
export const DecisionReasonEnum = enumOf(
  'DecisionReason',
  [...GRANT_REASONS, ...DENIAL_REASONS],
  'Why a decision came out as it did: the first rule that settled it.',
  { NOT_IN_PLAN: "An override that the member holds would grant it, but the tenant's plan lacks the feature; or viewer accounts are not in the plan." },
);
export const PermissionAccessEnum = enumOf('PermissionAccess', ['READ', 'WRITE'], 'Whether a permission lets its holder only look.');
export const PermissionScopeEnum = enumOf('PermissionScope', ['GLOBAL', 'WORKSPACE'], 'What a permission reaches.', {
  GLOBAL: 'Above the tenants: it follows from an account role alone.',
  WORKSPACE: 'Inside one tenant: roles hold it.',
});
export const RoleKindEnum = enumOf('RoleKind', ['SYSTEM', 'CUSTOM'], "A role of the matrix, which never changes, or one of the tenant's own.");
export const RoleSurfaceEnum = enumOf('RoleSurface', ['ALL', 'WIDGET_ONLY'], 'Where a role counts.');
export const TenantStatusEnum = enumOf('TenantStatus', ['ACTIVE', 'SUSPENDED'], 'In a suspended tenant nothing is allowed.');
export const FeatureEnum = enumOf('Feature', FEATURES, 'What a plan switches on.');
export const AccountRoleEnum = enumOf(
  'AccountRole',
  ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'],
  'The platform-level role of an account: OWNER is `super_admin`; ADMIN was `tenant_admin`, a name still accepted on import.',
);
export const UserStatusEnum = enumOf('UserStatus', ['ACTIVE', 'DISABLED'], 'A disabled user is refused everything, and their sign-ins have ended.');
export const MembershipStatusEnum = enumOf('MembershipStatus', ['ACTIVE', 'SUSPENDED'], 'A suspended membership grants nothing.');
export const InvitationStatusEnum = enumOf('InvitationStatus', ['PENDING', 'ACCEPTED', 'REVOKED', 'EXPIRED'], 'What became of an invitation.');
