import type { PlanCatalogue } from '../domain/plan.js';
import { ApiKeyResolver } from '../features/api-keys/api-keys.resolver.js';
import { AuditResolver } from '../features/audit/audit.resolver.js';
import type { ChangeStreams } from '../features/changes/change-streams.js';
import { ChangeResolver } from '../features/changes/changes.resolver.js';
import type { AllowedUserService } from '../features/decisions/allowed-users.service.js';
import { DecisionResolver } from '../features/decisions/decisions.resolver.js';
import type { DecisionService } from '../features/decisions/decisions.service.js';
import { InvitationResolver, TenantInvitationResolver } from '../features/invitations/invitations.resolver.js';
import { MatrixResolver } from '../features/matrices/matrices.resolver.js';
import { MembershipParts } from '../features/memberships/membership-parts.js';
import { MembershipResolver, TenantMembershipResolver } from '../features/memberships/memberships.resolver.js';
import { RoleResolver } from '../features/roles/roles.resolver.js';
import { SignInResolver } from '../features/sign-ins/sign-ins.resolver.js';
import { TenantPartResolver } from '../features/tenants/tenant-parts.resolver.js';
import type { TenantReach } from '../features/tenants/tenant-reach.js';
import { TenantResolver } from '../features/tenants/tenants.resolver.js';
import { UserResolver } from '../features/users/users.resolver.js';
import { ViewerResolver } from '../features/viewer/viewer.resolver.js';
import type { Entrances, TenantServices } from './services.js';
import type { Stores } from './stores.js';

export function makeResolvers(stores: Stores, services: TenantServices, entrances: Entrances, decisions: DecisionService, parts: {
  readonly allowedUsers: AllowedUserService;
  readonly tenantReach: TenantReach;
  readonly changeStreams: ChangeStreams;
  readonly plans: PlanCatalogue;
}) {
  const { users, members, tenants, departments, customers, tenantRoles, invitations } = services;
  const memberParts = new MembershipParts(members, users, tenants, tenantRoles, departments, customers);
  return [
    new DecisionResolver(decisions, parts.allowedUsers, users),
    new ViewerResolver(users, members, decisions),
    new MatrixResolver(stores.registry),
    new TenantResolver(tenants, services.ownership, parts.tenantReach, members, users, tenantRoles, stores.registry, parts.plans),
    new TenantPartResolver(departments, customers),
    new UserResolver(users, members),
    new MembershipResolver(members, services.overrides, memberParts, decisions),
    new TenantMembershipResolver(members, tenantRoles),
    new RoleResolver(services.roles),
    new InvitationResolver(invitations, entrances.acceptances, memberParts),
    new TenantInvitationResolver(invitations),
    new ApiKeyResolver(services.keys),
    new AuditResolver(services.audit),
    new ChangeResolver(parts.changeStreams),
    new SignInResolver(entrances.signIns, entrances.resets, entrances.bootstrap),
  ];
}
