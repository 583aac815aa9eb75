import { createMongoAbility, type MongoAbility, type RawRuleOf, subject } from '@casl/ability';
import type { Question } from '../world/questions.js';
import type { World, WorldMember, WorldTenant } from '../world/world.js';
import { versionOf } from './installed.js';
import { actionsByKind, kindAndAction, type Peer } from './peer.js';

type Rules = RawRuleOf<MongoAbility>[];
type Asking = (question: Question, makeAbility: (tenant: KnownTenant, member: WorldMember) => MongoAbility) => boolean;

interface KnownTenant {
  readonly tenant: WorldTenant;
  readonly members: ReadonlyMap<string, WorldMember>;
  readonly departments: ReadonlySet<string>;
  /** What each role may do, as CASL's rules for any place. */
  readonly rules: ReadonlyMap<string, Rules>;
}

/** `manage` is one action among others here, where CASL would have it mean all of them. */
const OPTIONS = { anyAction: 'anything' };

const version = versionOf('@casl/ability');
const HOLDS_NOTHING = 'In process. CASL knows no tenants, members or roles: the caller looks them up, keeps each tenant apart, refuses departments that do not exist, and holds everything in memory. A reason is whatever was written into a rule.';

export const caslCached: Peer = {
  name: 'CASL, an ability per member, kept',
  version,
  differs: `${HOLDS_NOTHING} Each ability is made at the first question and kept, as its cookbook advises: a change of a role has to find all the abilities that hold it.`,
  open: (world) => {
    const ask = askingOf(world);
    const abilities = new Map<string, MongoAbility>();
    const keep = (tenant: KnownTenant, member: WorldMember): MongoAbility => {
      let ability = abilities.get(member.userId);
      if (ability === undefined) abilities.set(member.userId, (ability = abilityOf(tenant, member)));
      return ability;
    };
    return Promise.resolve({ ask: (question: Question) => ask(question, keep), close: () => Promise.resolve() });
  },
};

export const caslPerRequest: Peer = {
  name: 'CASL, an ability per question',
  version,
  differs: `${HOLDS_NOTHING} The ability is made anew for each question, as an application does that makes it per request.`,
  open: (world) => {
    const ask = askingOf(world);
    return Promise.resolve({ ask: (question: Question) => ask(question, abilityOf), close: () => Promise.resolve() });
  },
};

function askingOf(world: World): Asking {
  const tenants = new Map(world.tenants.map((tenant) => [tenant.id, known(world, tenant)]));
  return (question, makeAbility) => {
    const { departmentId } = question;
    const tenant = tenants.get(question.tenantId);
    const member = tenant?.members.get(question.userId);
    if (tenant === undefined || member === undefined) return false;
    if (departmentId !== null && !tenant.departments.has(departmentId)) return false;
    const [kind, action] = kindAndAction(question.permission);
    return makeAbility(tenant, member).can(action, subject(kind, { departmentId }));
  };
}

function known(world: World, tenant: WorldTenant): KnownTenant {
  const roles = [...world.matrix.roles, ...tenant.customRoles.map(({ key, permissions }) => [key, permissions] as const)];
  return {
    tenant,
    members: new Map(tenant.members.map((member) => [member.userId, member])),
    departments: new Set(tenant.departments),
    rules: new Map(roles.map(([key, permissions]) => [key, rulesOf(permissions)])),
  };
}

function rulesOf(permissions: Iterable<string>): Rules {
  return [...actionsByKind(permissions)].map(([kind, actions]) => ({ action: [...actions], subject: kind }));
}

function abilityOf({ rules }: KnownTenant, { role, overrides }: WorldMember): MongoAbility {
  const added = overrides.flatMap(({ departmentId, role: held }) => rules.get(held)!.map((rule) => ({ ...rule, conditions: { departmentId } })));
  return createMongoAbility([...rules.get(role)!, ...added], OPTIONS);
}
