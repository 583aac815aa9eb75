import type { LocalTokens } from '../access/local-tokens.js';
import { PasswordHasher } from '../access/password.js';
import type { Clock } from '../domain/clock.js';
import { ApiKeyService } from '../features/api-keys/api-keys.service.js';
import { AuditService } from '../features/audit/audit.service.js';
import { PlatformAudit } from '../features/audit/platform-audit.js';
import { FormerCallers } from '../features/callers/former-callers.js';
import { StoredCallers } from '../features/callers/stored-callers.js';
import { CallerCheck } from '../features/changes/caller-check.js';
import { ChangePoll } from '../features/changes/change-poll.js';
import { ChangeStreams } from '../features/changes/change-streams.js';
import { Followers } from '../features/changes/followers.js';
import { HeardChanges } from '../features/changes/heard-changes.js';
import { PlatformChanges } from '../features/changes/platform-changes.js';
import { TenantChanges } from '../features/changes/tenant-changes.js';
import { FactsCache } from '../features/decisions/facts-cache.js';
import { FactsLoader } from '../features/decisions/facts-loader.js';
import { AcceptanceService } from '../features/invitations/acceptance.service.js';
import { InvitationService } from '../features/invitations/invitations.service.js';
import { forgetExpired } from '../features/memberships/expired-overrides.js';
import { MembershipService } from '../features/memberships/memberships.service.js';
import { OverrideService } from '../features/memberships/overrides.service.js';
import { BootstrapService } from '../features/platform/bootstrap.service.js';
import { RoleService } from '../features/roles/roles.service.js';
import { TenantRoles } from '../features/roles/tenant-roles.js';
import { PasswordResetRule } from '../features/sign-ins/password-reset-rule.js';
import { PasswordResetService } from '../features/sign-ins/password-resets.service.js';
import { SignInThrottle } from '../features/sign-ins/sign-in-throttle.js';
import { SignInService } from '../features/sign-ins/sign-ins.service.js';
import { CommunityTenant } from '../features/tenants/community-tenant.js';
import { OwnershipService } from '../features/tenants/ownership.service.js';
import { TenantFounding } from '../features/tenants/tenant-founding.js';
import { TenantPartService } from '../features/tenants/tenant-parts.service.js';
import { TenantService } from '../features/tenants/tenants.service.js';
import { TenantsOfUser } from '../features/users/tenants-of-user.js';
import { UserService } from '../features/users/users.service.js';
import type { Transactions } from '../storage/transaction.js';
import type { Stores } from './stores.js';
import type { Surroundings } from './surroundings.js';

/** How long this node may be the last to hear of a change, where no notification reaches it. */
const LONGEST_POLL_MS = 250;

/** What is kept at hand of the database, and who tells it that something changed. */
export function makeCaches(stores: Stores, { config, clock, timer, log }: Surroundings) {
  const { stalenessMs, cacheBytes: maxBytes } = config;
  const facts = new FactsCache(new FactsLoader(stores.facts), { clock, stalenessMs, maxBytes });
  const noteFault = (err: unknown): void => log.warn({ err }, 'The last use of an API key could not be noted.');
  const callers = new StoredCallers(stores.users, stores.signIns, stores.apiKeys, { clock, stalenessMs, noteFault });
  const changeStreams = new ChangeStreams(stores.changes, { clock, timer, stalenessMs, onRead: (change) => facts.tenantChanged(change) });
  const follower = new Followers([facts, callers, changeStreams]);
  stores.announcer.listen(follower);
  // Four readings within the bound, so that one that is lost or late costs nothing.
  const intervalMs = stalenessMs === 0 ? LONGEST_POLL_MS : Math.min(LONGEST_POLL_MS, Math.ceil(stalenessMs / 4));
  const changePoll = new ChangePoll(stores.changes, follower, { clock, timer, log, intervalMs });
  const heardChanges = new HeardChanges(stores.announcer.nodeId, follower, () => void changePoll.readNow(), log);
  return { facts, callers, changeStreams, changePoll, heardChanges };
}

/** The ways in which anything is changed. */
export function makeChanges(stores: Stores, frames: FactsCache, transactions: Transactions, clock: Clock) {
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

export type Changes = ReturnType<typeof makeChanges>;

export function makeTenantServices(stores: Stores, changes: Changes, { config, plans, clock }: Surroundings) {
  const { apiKeys, invitations, members, signIns, tenants, users, registry, announcer } = stores;
  const { inTenant, onPlatform, transactions, callerCheck } = changes;
  const founding = new TenantFounding(tenants, members, registry, inTenant, clock);
  const community = config.edition === 'saas' ? null : new CommunityTenant(stores, founding, inTenant);
  return {
    community,
    tenants: new TenantService({ tenants, users }, transactions, inTenant, callerCheck, registry, plans, founding, community !== null),
    ownership: new OwnershipService(members, users, inTenant),
    departments: new TenantPartService(stores.departments, inTenant, {
      noun: 'department',
      demands: 'department.manage',
      forget: (tenantId, departmentId, now, tx) => forgetExpired(members, { tenantId, departmentId }, now, tx),
      inUse: 'Members hold overrides in this department: remove them first.',
    }),
    customers: new TenantPartService(stores.customers, inTenant, {
      noun: 'customer',
      demands: 'customer.manage',
      forget: async (...ended) => {
        await invitations.deleteEndedOfCustomer(...ended);
        return {};
      },
      inUse: 'Members or invitations still belong to this customer: move or remove them first.',
    }),
    users: new UserService(users, new TenantsOfUser(members, tenants, announcer), signIns, apiKeys, onPlatform, community),
    members: new MembershipService(members, users, apiKeys, signIns, inTenant, plans, community),
    overrides: new OverrideService(members, inTenant, plans),
    roles: new RoleService(stores.roles, members, inTenant, plans),
    tenantRoles: new TenantRoles(stores.roles, registry),
    keys: new ApiKeyService(apiKeys, inTenant, onPlatform, clock),
    invitations: new InvitationService(stores.invitations, inTenant, clock),
    audit: new AuditService(stores.audit),
  };
}

export type TenantServices = ReturnType<typeof makeTenantServices>;

/** How people come in: with passwords, one-time secrets and invitations. */
export function makeEntrances(stores: Stores, changes: Changes, community: CommunityTenant | null, tokens: LocalTokens, { plans, clock, log }: Surroundings) {
  const { signIns, users, members, tenants, apiKeys } = stores;
  const { transactions, onPlatform, inTenant, platformAudit } = changes;
  const passwords = new PasswordHasher();
  const throttle = new SignInThrottle(stores.signInAttempts, clock, log);
  const formerCallers = new FormerCallers(users, apiKeys);
  const resetRule = new PasswordResetRule(members, tenants, stores.facts, formerCallers);
  const signInService = new SignInService(signIns, users, transactions, onPlatform, passwords, throttle, tokens, resetRule, clock);
  return {
    passwords,
    signIns: signInService,
    bootstrap: new BootstrapService(signIns, signInService, users, transactions, onPlatform, passwords, throttle, clock, community),
    acceptances: new AcceptanceService(stores, formerCallers, transactions, inTenant, platformAudit, passwords, throttle, clock, plans),
    resets: new PasswordResetService(signIns, users, resetRule, onPlatform),
  };
}

export type Entrances = ReturnType<typeof makeEntrances>;
