import { Authenticator } from '../access/authenticator.js';
import { Authority } from '../access/authority.js';
import { LocalTokens } from '../access/local-tokens.js';
import { OidcTokens } from '../access/oidc-tokens.js';
import { guarded } from '../access/guarded-schema.js';
import { AllowedUserService } from '../features/decisions/allowed-users.service.js';
import { DecisionService } from '../features/decisions/decisions.service.js';
import { DemoService } from '../features/demo/demo.service.js';
import { IdempotencyService } from '../features/idempotency/idempotency.service.js';
import { IdempotencyStore } from '../features/idempotency/idempotency.store.js';
import { PolicyTakeover } from '../features/matrices/policy-takeover.js';
import { TenantReach } from '../features/tenants/tenant-reach.js';
import { schemaOf } from '../graphql/schema.js';
import { Transactions } from '../storage/transaction.js';
import { makeResolvers } from './resolvers.js';
import { makeCaches, makeChanges, makeEntrances, makeTenantServices } from './services.js';
import { makeStores } from './stores.js';
import type { Surroundings } from './surroundings.js';

/** Puts a schema behind the guard; the benchmark compares the gateway's own with graphql-shield as it comes. */
export type ApplyGuard = typeof guarded;

/** The one place that says `new`: every part of the gateway, made from its surroundings, and nothing started yet. */
export async function compose(surroundings: Surroundings, guard: ApplyGuard = guarded) {
  const { config, dataSource, plans, clock, log, decided } = surroundings;
  const stores = makeStores(dataSource);
  const idempotency = new IdempotencyService(new IdempotencyStore(dataSource), { clock, log });
  const transactions = new Transactions(dataSource, { log, beforeCommit: idempotency.confirm, refuseNesting: config.databaseUrl === null });
  const { facts, callers, changeStreams, changePoll, heardChanges } = makeCaches(stores, surroundings);
  const changes = makeChanges(stores, facts, transactions, clock);
  const services = makeTenantServices(stores, changes, surroundings);

  const localTokens = new LocalTokens(await stores.platform.ensure(new Date(clock.now())), clock);
  const oidcTokens = config.oidc === null ? null : new OidcTokens(config.oidc, clock);
  const entrances = makeEntrances(stores, changes, services.community, localTokens, surroundings);
  const authority = new Authority(facts, clock);

  const resolvers = makeResolvers(stores, services, entrances, new DecisionService(facts, clock, decided), {
    allowedUsers: new AllowedUserService(stores.candidates, facts, clock),
    tenantReach: new TenantReach(authority, stores.members),
    changeStreams,
    plans,
  });
  const onRuleFault = (err: unknown, rule: string): void => log.error({ err, rule }, 'A rule of the guard failed, and so refused.');
  return {
    schema: guard(schemaOf(resolvers), authority, onRuleFault),
    authenticator: new Authenticator({ rootKey: config.rootKey, localTokens, oidcTokens, directory: callers, clock }),
    changePoll,
    heardChanges,
    idempotency,
    takeover: new PolicyTakeover(transactions, stores.matrices, stores.registry, changes.platformAudit, (message) => log.warn({}, message)),
    demo: new DemoService({ ...services, signIns: stores.signIns, passwords: entrances.passwords, transactions }),
    bootstrap: entrances.bootstrap,
    signIns: entrances.signIns,
    users: stores.users,
    community: services.community,
    transactions,
  };
}

export type Composition = Awaited<ReturnType<typeof compose>>;
