import { IdempotencyKeyRow } from './idempotency.js';
import { MatrixPermissionRow, MatrixRoleRow, MatrixRow, PlanRow } from './matrices.js';
import { DepartmentOverrideRow, InvitationRow, MembershipRow } from './memberships.js';
import { OneTimeSecretRow, PasswordRow, PlatformRow, SignInRow, UserRow } from './people.js';
import { ApiKeyRow, AuditEventRow } from './records.js';
import { CustomerRow, DepartmentRow, RoleRow, TenantRow } from './tenants.js';

export const ENTITIES = [
  PlatformRow,
  UserRow,
  PasswordRow,
  SignInRow,
  OneTimeSecretRow,
  MatrixRow,
  MatrixRoleRow,
  MatrixPermissionRow,
  PlanRow,
  TenantRow,
  DepartmentRow,
  CustomerRow,
  RoleRow,
  MembershipRow,
  DepartmentOverrideRow,
  InvitationRow,
  ApiKeyRow,
  AuditEventRow,
  IdempotencyKeyRow,
];
