import { ApiKeyResolver } from './api-keys/api-keys.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { ChangeResolver } from './changes/changes.resolver.js';
import { DecisionResolver } from './decisions/decisions.resolver.js';
import { InvitationResolver, TenantInvitationResolver } from './invitations/invitations.resolver.js';
import { MatrixResolver } from './matrices/matrices.resolver.js';
import { MembershipResolver, TenantMembershipResolver } from './memberships/memberships.resolver.js';
import { RoleResolver } from './roles/roles.resolver.js';
import { SignInResolver } from './sign-ins/sign-ins.resolver.js';
import { TenantPartResolver } from './tenants/tenant-parts.resolver.js';
import { TenantResolver } from './tenants/tenants.resolver.js';
import { UserResolver } from './users/users.resolver.js';
import { ViewerResolver } from './viewer/viewer.resolver.js';

/** Every resolver of the schema, for whoever needs the schema without a gateway behind it. */
export const RESOLVERS = [
  DecisionResolver,
  ViewerResolver,
  MatrixResolver,
  TenantResolver,
  TenantPartResolver,
  UserResolver,
  MembershipResolver,
  TenantMembershipResolver,
  RoleResolver,
  InvitationResolver,
  TenantInvitationResolver,
  ApiKeyResolver,
  AuditResolver,
  ChangeResolver,
  SignInResolver,
];
