import { ApiKeyStore } from '../features/api-keys/api-keys.store.js';
import { AuditStore } from '../features/audit/audit.store.js';
import { Announcer } from '../features/changes/announcer.js';
import { ChangeStore } from '../features/changes/changes.store.js';
import { CandidateStore } from '../features/decisions/candidates.store.js';
import { FactsStore } from '../features/decisions/facts.store.js';
import { InvitationStore } from '../features/invitations/invitations.store.js';
import { MatrixRegistry } from '../features/matrices/matrix-registry.js';
import { MatrixStore } from '../features/matrices/matrices.store.js';
import { MembershipStore } from '../features/memberships/memberships.store.js';
import { PlatformStore } from '../features/platform/platform.store.js';
import { RoleStore } from '../features/roles/roles.store.js';
import { SignInAttemptStore } from '../features/sign-ins/sign-in-attempts.store.js';
import { SignInStore } from '../features/sign-ins/sign-ins.store.js';
import { TenantPartStore } from '../features/tenants/tenant-parts.store.js';
import { TenantStore } from '../features/tenants/tenants.store.js';
import { UserStore } from '../features/users/users.store.js';
import { CustomerRow, DepartmentRow } from '../storage/entities/tenants.js';
import type { Database } from '../storage/data-source.js';

type DataSource = Database['dataSource'];

/** Everything that reads and writes the database. */
export function makeStores(dataSource: DataSource) {
  const matrices = new MatrixStore(dataSource);
  const registry = new MatrixRegistry(matrices);
  return {
    announcer: new Announcer(dataSource),
    apiKeys: new ApiKeyStore(dataSource),
    audit: new AuditStore(dataSource),
    changes: new ChangeStore(dataSource),
    candidates: new CandidateStore(dataSource),
    customers: new TenantPartStore(dataSource, CustomerRow),
    departments: new TenantPartStore(dataSource, DepartmentRow),
    facts: new FactsStore(dataSource, registry),
    invitations: new InvitationStore(dataSource),
    matrices,
    members: new MembershipStore(dataSource),
    platform: new PlatformStore(dataSource),
    registry,
    roles: new RoleStore(dataSource),
    signInAttempts: new SignInAttemptStore(dataSource),
    signIns: new SignInStore(dataSource),
    tenants: new TenantStore(dataSource),
    users: new UserStore(dataSource),
  };
}

export type Stores = ReturnType<typeof makeStores>;
