import { Authenticator } from './access/authenticator.js';
import { Authority } from './access/authority.js';
import { LocalTokens } from './access/local-tokens.js';
import { OidcTokens } from './access/oidc-tokens.js';
import { PasswordHasher } from './access/password.js';
import { guarded } from './access/guarded-schema.js';
import type { Config } from './config.js';
import type { Clock } from './domain/clock.js';
import type { Decision } from './domain/decision.js';
import type { PlanCatalogue } from './domain/plan.js';
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
import { IdempotencyService } from './features/idempotency/idempotency.service.js';
import { IdempotencyStore } from './features/idempotency/idempotency.store.js';
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
import { CommunityTenant } from './features/tenants/community-tenant.js';
import { OwnershipService } from './features/tenants/ownership.service.js';
import { TenantFounding } from './features/tenants/tenant-founding.js';
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
import type { Database } from './storage/data-source.js';
import type { Log } from './storage/log.js';
import { Transactions } from './storage/transaction.js';

type DataSource = Database['dataSource'];

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

type Stores = ReturnType<typeof makeStores>;

/** What is kept at hand of the database, and who tells it that something changed. */
function makeCaches(stores: Stores, transactions: Transactions, { config, clock, log }: Surroundings) {
  const { stalenessMs } = config;
  const loader = new FactsLoader(stores.facts, transactions);
  const facts = new FactsCache(loader, { clock, stalenessMs, maxTenants: MAX_TENANTS_AT_HAND, maxMembers: MAX_MEMBERS_AT_HAND });
  const noteFault = (err: unknown): void => log.warn({ err }, 'The last use of an API key could not be noted.');
  const callers = new StoredCallers(stores.users, stores.signIns, stores.apiKeys, { clock, stalenessMs, noteFault });
  stores.announcer.listen({
    tenantChanged: (tenantId, revision) => facts.noteRevision(tenantId, revision),
    callersChanged: () => callers.clear(),
  });
  return { facts, callers };
}

/** The ways in which anything is changed. */
function makeChanges(stores: Stores, frames: FactsCache, transactions: Transactions, clock: Clock) {
  const { announcer, apiKeys, audit, facts, platform, tenants, users } = stores;
  const platformAudit = new PlatformAudit(platform, audit, clock);
  const callerCheck = new CallerCheck(users, apiKeys);
  return {
    transactions,
    platformAudit,
    callerCheck,
    inTenant: new TenantChanges(transactions, tenants, facts, frames, audit, callerCheck, announcer, clock),
    onPlatform: new PlatformChanges(transactions, platform, platformAudit, callerCheck, announcer, clock),
  };
}

type Changes = ReturnType<typeof makeChanges>;

function makeTenantServices(stores: Stores, changes: Changes, { config, plans, clock }: Surroundings) {
  const { apiKeys, members, signIns, tenants, users, registry, announcer } = stores;
  const { inTenant, onPlatform, transactions, callerCheck } = changes;
  const founding = new TenantFounding(tenants, members, registry, inTenant, clock);
  const community = config.edition === 'saas' ? null : new CommunityTenant(stores, founding, inTenant);
  return {
    community,
    tenants: new TenantService({ tenants, users }, transactions, inTenant, callerCheck, registry, plans, founding, community !== null),
    ownership: new OwnershipService(members, users, inTenant),
    departments: new TenantPartService(stores.departments, inTenant, { noun: 'department', demands: 'department.manage' }),
    customers: new TenantPartService(stores.customers, inTenant, { noun: 'customer', demands: 'customer.manage' }),
    users: new UserService(users, new TenantsOfUser(members, tenants, announcer), signIns, apiKeys, onPlatform, community),
    members: new MembershipService(members, users, apiKeys, inTenant),
    overrides: new OverrideService(members, inTenant, plans),
    roles: new RoleService(stores.roles, inTenant, plans),
    tenantRoles: new TenantRoles(stores.roles, registry),
    keys: new ApiKeyService(apiKeys, inTenant, onPlatform, clock),
    invitations: new InvitationService(stores.invitations, inTenant, clock),
    audit: new AuditService(stores.audit),
  };
}

type TenantServices = ReturnType<typeof makeTenantServices>;

/** How people come in: with passwords, one-time secrets and invitations. */
function makeEntrances(stores: Stores, changes: Changes, community: CommunityTenant | null, tokens: LocalTokens, clock: Clock) {
  const { signIns, users, members, apiKeys } = stores;
  const { transactions, onPlatform, inTenant, platformAudit } = changes;
  const passwords = new PasswordHasher();
  const signInService = new SignInService(signIns, users, transactions, onPlatform, passwords, tokens, clock);
  const inviters = new Inviters(users, apiKeys);
  return {
    passwords,
    signIns: signInService,
    bootstrap: new BootstrapService(signIns, signInService, users, transactions, onPlatform, passwords, clock, community),
    acceptances: new AcceptanceService(stores, inviters, transactions, inTenant, platformAudit, passwords, clock),
    resets: new PasswordResetService(signIns, users, members, stores.facts, onPlatform),
  };
}

type Entrances = ReturnType<typeof makeEntrances>;

function makeResolvers(stores: Stores, services: TenantServices, entrances: Entrances, decisions: DecisionService, parts: {
  readonly allowedUsers: AllowedUserService;
  readonly tenantReach: TenantReach;
  readonly plans: PlanCatalogue;
}) {
  const { users, members, tenants, departments, customers, tenantRoles, invitations } = services;
  const { registry } = stores;
  const memberParts = new MembershipParts(members, users, tenants, tenantRoles, departments, customers);
  return [
    new DecisionResolver(decisions, parts.allowedUsers, users),
    new ViewerResolver(users, members, decisions),
    new MatrixResolver(registry),
    new TenantResolver(tenants, services.ownership, parts.tenantReach, members, users, tenantRoles, registry, parts.plans),
    new TenantPartResolver(departments, customers),
    new UserResolver(users, members),
    new MembershipResolver(members, services.overrides, memberParts, decisions),
    new TenantMembershipResolver(members),
    new RoleResolver(services.roles),
    new InvitationResolver(invitations, entrances.acceptances, memberParts),
    new TenantInvitationResolver(invitations),
    new ApiKeyResolver(services.keys),
    new AuditResolver(services.audit),
    new SignInResolver(entrances.signIns, entrances.resets, entrances.bootstrap),
  ];
}

/** The one place that says `new`: every part of the gateway, made from its surroundings, and nothing started yet. */
export async function compose(surroundings: Surroundings) {
  const { config, dataSource, plans, clock, log, decided } = surroundings;
  const stores = makeStores(dataSource);
  const idempotency = new IdempotencyService(new IdempotencyStore(dataSource), { clock, log });
  const transactions = new Transactions(dataSource, { log, beforeCommit: idempotency.confirm });
  const { facts, callers } = makeCaches(stores, transactions, surroundings);
  const changes = makeChanges(stores, facts, transactions, clock);
  const services = makeTenantServices(stores, changes, surroundings);

  const localTokens = new LocalTokens(await stores.platform.ensure(new Date(clock.now())), clock);
  const oidcTokens = config.oidc === null ? null : new OidcTokens(config.oidc, clock);
  const entrances = makeEntrances(stores, changes, services.community, localTokens, clock);
  const authority = new Authority(facts, clock);

  const resolvers = makeResolvers(stores, services, entrances, new DecisionService(facts, clock, decided), {
    allowedUsers: new AllowedUserService(stores.candidates, facts, clock),
    tenantReach: new TenantReach(authority, stores.members),
    plans,
  });
  const onRuleFault = (err: unknown, rule: string): void => log.error({ err, rule }, 'A rule of the guard failed, and so refused.');
  const warn = (message: string): void => log.warn({}, message);
  return {
    schema: guarded(schemaOf(resolvers), authority, onRuleFault),
    authenticator: new Authenticator({ rootKey: config.rootKey, localTokens, oidcTokens, directory: callers, clock }),
    idempotency,
    takeover: new PolicyTakeover(transactions, stores.matrices, stores.registry, changes.platformAudit, warn),
    demo: new DemoService({ ...services, signIns: stores.signIns, passwords: entrances.passwords, transactions }),
    bootstrap: entrances.bootstrap,
    signIns: entrances.signIns,
    users: stores.users,
    transactions,
  };
}

export type Composition = Awaited<ReturnType<typeof compose>>;
