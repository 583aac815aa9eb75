import type { GraphQLSchema } from 'graphql';
import { deny } from './access/graphql-shield.js';
import type { DataSource } from 'typeorm';
import { applyShield } from './access/apply-shield.js';
import { Authenticator } from './access/authenticator.js';
import { Authority } from './access/authority.js';
import { LocalTokens } from './access/local-tokens.js';
import { OidcTokens } from './access/oidc-tokens.js';
import { PasswordHasher } from './access/password.js';
import { shieldTree } from './access/shield.js';
import { SURFACE } from './access/surface.js';
import type { Config } from './config.js';
import type { Clock } from './domain/clock.js';
import type { Decision } from './domain/decision.js';
import type { PlanCatalogue } from './domain/plan.js';
import { forbidden } from './errors.js';
import { ApiKeyResolver } from './features/api-keys/api-keys.resolver.js';
import { ApiKeyService } from './features/api-keys/api-keys.service.js';
import { ApiKeyStore } from './features/api-keys/api-keys.store.js';
import { AuditResolver } from './features/audit/audit.resolver.js';
import { AuditService } from './features/audit/audit.service.js';
import { AuditStore } from './features/audit/audit.store.js';
import { PlatformAudit } from './features/audit/platform-audit.js';
import { StoredCallers } from './features/callers/stored-callers.js';
import { Announcer } from './features/changes/announcer.js';
import { CallerCheck } from './features/changes/caller-check.js';
import { PlatformChanges } from './features/changes/platform-changes.js';
import { TenantChanges } from './features/changes/tenant-changes.js';
import { AllowedUserService } from './features/decisions/allowed-users.service.js';
import { CandidateStore } from './features/decisions/candidates.store.js';
import { DecisionResolver } from './features/decisions/decisions.resolver.js';
import { DecisionService } from './features/decisions/decisions.service.js';
import { FactsCache } from './features/decisions/facts-cache.js';
import { FactsLoader } from './features/decisions/facts-loader.js';
import { FactsStore } from './features/decisions/facts.store.js';
import { DemoService } from './features/demo/demo.service.js';
import { AcceptanceService } from './features/invitations/acceptance.service.js';
import { InvitationResolver, TenantInvitationResolver } from './features/invitations/invitations.resolver.js';
import { InvitationService } from './features/invitations/invitations.service.js';
import { InvitationStore } from './features/invitations/invitations.store.js';
import { Inviters } from './features/invitations/inviters.js';
import { MatrixRegistry } from './features/matrices/matrix-registry.js';
import { MatrixResolver } from './features/matrices/matrices.resolver.js';
import { MatrixStore } from './features/matrices/matrices.store.js';
import { PolicyTakeover } from './features/matrices/policy-takeover.js';
import { MembershipParts } from './features/memberships/membership-parts.js';
import { MembershipResolver, TenantMembershipResolver } from './features/memberships/memberships.resolver.js';
import { MembershipService } from './features/memberships/memberships.service.js';
import { MembershipStore } from './features/memberships/memberships.store.js';
import { OverrideService } from './features/memberships/overrides.service.js';
import { BootstrapService } from './features/platform/bootstrap.service.js';
import { PlatformStore } from './features/platform/platform.store.js';
import { RoleResolver } from './features/roles/roles.resolver.js';
import { RoleService } from './features/roles/roles.service.js';
import { RoleStore } from './features/roles/roles.store.js';
import { TenantRoles } from './features/roles/tenant-roles.js';
import { PasswordResetService } from './features/sign-ins/password-resets.service.js';
import { SignInResolver } from './features/sign-ins/sign-ins.resolver.js';
import { SignInService } from './features/sign-ins/sign-ins.service.js';
import { SignInStore } from './features/sign-ins/sign-ins.store.js';
import { OwnershipService } from './features/tenants/ownership.service.js';
import { TenantPartResolver } from './features/tenants/tenant-parts.resolver.js';
import { TenantPartService } from './features/tenants/tenant-parts.service.js';
import { TenantPartStore } from './features/tenants/tenant-parts.store.js';
import { TenantReach } from './features/tenants/tenant-reach.js';
import { TenantResolver } from './features/tenants/tenants.resolver.js';
import { TenantService } from './features/tenants/tenants.service.js';
import { TenantStore } from './features/tenants/tenants.store.js';
import { TenantsOfUser } from './features/users/tenants-of-user.js';
import { UserResolver } from './features/users/users.resolver.js';
import { UserService } from './features/users/users.service.js';
import { UserStore } from './features/users/users.store.js';
import { ViewerResolver } from './features/viewer/viewer.resolver.js';
import { schemaOf } from './graphql/schema.js';
import { CustomerRow, DepartmentRow } from './storage/entities/tenants.js';
import type { Log } from './storage/log.js';
import { Transactions } from './storage/transaction.js';

const MAX_TENANTS_AT_HAND = 20_000;
const MAX_MEMBERS_AT_HAND = 200_000;

export interface Surroundings {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly plans: PlanCatalogue;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every decision, for the metrics. */
  readonly decided: (decision: Decision) => void;
}

/** Everything that reads and writes the database. */
function makeStores(dataSource: DataSource) {
  const matrices = new MatrixStore(dataSource);
  const registry = new MatrixRegistry(matrices);
  return {
    announcer: new Announcer(dataSource),
    apiKeys: new ApiKeyStore(dataSource),
    audit: new AuditStore(dataSource),
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
    signIns: new SignInStore(dataSource),
    tenants: new TenantStore(dataSource),
    users: new UserStore(dataSource),
  };
}

/** The one place that says `new`: every part of the gateway, made from its surroundings, and nothing started yet. */
export async function compose({ config, dataSource, plans, clock, log, decided }: Surroundings) {
  const stores = makeStores(dataSource);
  const { announcer, members, users, tenants, apiKeys, signIns, registry } = stores;
  const transactions = new Transactions(dataSource, { log });

  const { stalenessMs } = config;
  const loader = new FactsLoader(stores.facts, transactions);
  const facts = new FactsCache(loader, { clock, stalenessMs, maxTenants: MAX_TENANTS_AT_HAND, maxMembers: MAX_MEMBERS_AT_HAND });
  const noteFault = (err: unknown): void => log.warn({ err }, 'The last use of an API key could not be noted.');
  const callers = new StoredCallers(users, signIns, apiKeys, { clock, stalenessMs, noteFault });
  announcer.listen({
    tenantChanged: (tenantId, revision) => facts.noteRevision(tenantId, revision),
    callersChanged: () => callers.clear(),
  });

  const platformAudit = new PlatformAudit(stores.platform, stores.audit, clock);
  const callerCheck = new CallerCheck(users, apiKeys);
  const changes = new TenantChanges(transactions, tenants, stores.facts, stores.audit, callerCheck, announcer, clock);
  const platformChanges = new PlatformChanges(transactions, stores.platform, platformAudit, callerCheck, announcer, clock);

  const tokens = new LocalTokens(await stores.platform.ensure(new Date(clock.now())), clock);
  const oidcTokens = config.oidc === null ? null : new OidcTokens(config.oidc, clock);
  const authenticator = new Authenticator({ rootKey: config.rootKey, localTokens: tokens, oidcTokens, directory: callers, clock });
  const authority = new Authority(facts, clock);
  const passwords = new PasswordHasher();

  const decisionService = new DecisionService(facts, clock, decided);
  const tenantService = new TenantService({ tenants, members, users }, transactions, changes, callerCheck, registry, plans, clock);
  const departments = new TenantPartService(stores.departments, changes, { noun: 'department', demands: 'department.manage' });
  const customers = new TenantPartService(stores.customers, changes, { noun: 'customer', demands: 'customer.manage' });
  const userService = new UserService(users, new TenantsOfUser(members, tenants, announcer), signIns, apiKeys, platformChanges);
  const memberService = new MembershipService(members, users, apiKeys, changes);
  const overrides = new OverrideService(members, changes, plans);
  const roles = new RoleService(stores.roles, changes, plans);
  const tenantRoles = new TenantRoles(stores.roles, registry);
  const keys = new ApiKeyService(apiKeys, changes, platformChanges, clock);
  const signInService = new SignInService(signIns, users, transactions, platformChanges, passwords, tokens, clock);
  const bootstrap = new BootstrapService(signIns, signInService, users, transactions, platformChanges, passwords, clock);
  const invitations = new InvitationService(stores.invitations, changes, clock);
  const inviters = new Inviters(users, apiKeys);
  const acceptances = new AcceptanceService(stores, inviters, transactions, changes, platformAudit, passwords, clock);
  const resets = new PasswordResetService(signIns, users, members, stores.facts, platformChanges);
  const parts = new MembershipParts(memberService, userService, tenantService, tenantRoles, departments, customers);

  const resolvers = [
    new DecisionResolver(decisionService, new AllowedUserService(stores.candidates, facts, clock), userService),
    new ViewerResolver(userService, memberService, decisionService),
    new MatrixResolver(registry),
    new TenantResolver(tenantService, new OwnershipService(members, users, changes), new TenantReach(authority, members), memberService, userService, tenantRoles, registry, plans),
    new TenantPartResolver(departments, customers),
    new UserResolver(userService, memberService),
    new MembershipResolver(memberService, overrides, parts, decisionService),
    new TenantMembershipResolver(memberService),
    new RoleResolver(roles),
    new InvitationResolver(invitations, acceptances, parts),
    new TenantInvitationResolver(invitations),
    new ApiKeyResolver(keys),
    new AuditResolver(new AuditService(stores.audit)),
    new SignInResolver(signInService, resets, bootstrap),
  ];
  const warn = (message: string): void => log.warn({}, message);
  return {
    schema: guarded(schemaOf(resolvers), authority),
    authenticator,
    bootstrap,
    takeover: new PolicyTakeover(transactions, stores.matrices, registry, platformAudit, warn),
    transactions,
    signIns: signInService,
    users,
    demo: new DemoService({
      users: userService,
      tenants: tenantService,
      departments,
      customers,
      members: memberService,
      overrides,
      keys,
      signIns,
      passwords,
      transactions,
    }),
  };
}

export type Composition = Awaited<ReturnType<typeof compose>>;

/** Fails where a field of the schema has no entry on the surface page, or an entry has no field. */
function guarded(schema: GraphQLSchema, authority: Authority): GraphQLSchema {
  return applyShield(schema, shieldTree(SURFACE, authority), { fallbackRule: deny, denied: forbidden, requireEntry: true });
}
