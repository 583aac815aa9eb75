import { allow, or, rule } from './graphql-shield.js';
import { AppError, unauthenticated, unavailable } from '../errors.js';
import { type Authority, holdsInAllTenants, holdsOnPlatform } from './authority.js';
import type { Demand, IdSource } from './demand.js';
import type { Principal } from './principal.js';

/** What the guard needs of a request's context. */
export interface Caller {
  readonly principal: Principal | null;
}

type Rule = ReturnType<ReturnType<typeof rule>> | ReturnType<typeof or> | typeof allow;
export type RuleTree = Record<string, Record<string, Rule>>;

/** False refuses, in the words of whoever applies the rules: most of those that refuse stand beside another that allows. */
type Verdict = boolean | AppError;
type Judge = (caller: Principal, parent: unknown, args: unknown) => Verdict | Promise<Verdict>;

/** The graphql-shield tree of the surface: one rule for each demand, whichever fields share it. */
export function shieldTree(surface: Readonly<Record<string, Readonly<Record<string, Demand>>>>, authority: Authority): RuleTree {
  const rules = new Map<string, Rule>();
  const ruleFor = (demand: Demand): Rule => {
    const name = JSON.stringify(demand);
    const made = rules.get(name) ?? makeRule(name, demand, authority, ruleFor);
    rules.set(name, made);
    return made;
  };
  const tree: RuleTree = {};
  for (const [type, fields] of Object.entries(surface)) {
    tree[type] = Object.fromEntries(Object.entries(fields).map(([field, demand]) => [field, ruleFor(demand)]));
  }
  return tree;
}

function makeRule(name: string, demand: Demand, authority: Authority, ruleFor: (demand: Demand) => Rule): Rule {
  if (demand.kind === 'public' || demand.kind === 'parent') return allow;
  if (demand.kind === 'anyOf') return or(...demand.demands.map(ruleFor));
  const judge = judgeOf(demand, authority);
  return rule(name, { cache: 'no_cache' })((parent: unknown, args: unknown, { principal }: Caller) => {
    if (principal === null) return unauthenticated();
    try {
      const judged = judge(principal, parent, args);
      return judged instanceof Promise ? judged.catch(fault) : judged;
    } catch (error) {
      return fault(error);
    }
  });
}

type Judged = Exclude<Demand, { kind: 'public' | 'parent' | 'anyOf' }>;

function judgeOf(demand: Judged, authority: Authority): Judge {
  switch (demand.kind) {
    case 'signedIn':
      return () => true;
    case 'self':
      return (caller, parent, args) => caller.kind === 'user' && idAt(demand.user, parent, args) === caller.userId;
    case 'platform':
      return (caller) => holdsOnPlatform(caller, demand.capability);
    case 'workspace':
      return (caller, parent, args) => {
        const tenantId = idAt(demand.tenant, parent, args);
        return tenantId !== null && authority.holds(caller, demand.capability, tenantId);
      };
    case 'scoped':
      return (caller, parent, args) => {
        const tenantId = idAt(demand.tenant, parent, args);
        return tenantId === null ? holdsOnPlatform(caller, demand.above) : authority.holds(caller, demand.within, tenantId);
      };
    case 'asks':
      return (caller, parent, args) => mayAskAll(caller, questionsAt(demand.questions, parent, args), authority);
  }
}

interface Question {
  readonly userId: string;
  readonly tenantId: string;
}

/** A list that names one thing its caller may not ask about is refused whole. */
function mayAskAll(caller: Principal, questions: readonly Question[], authority: Authority): Verdict | Promise<Verdict> {
  if (holdsInAllTenants(caller, 'decision.read')) return true;
  const tenants = new Set<string>();
  for (const { userId, tenantId } of questions) {
    if (caller.kind === 'key' || userId !== caller.userId) tenants.add(tenantId);
  }
  const pending: Promise<boolean>[] = [];
  let refused = false;
  for (const tenantId of tenants) {
    const held = authority.holds(caller, 'decision.read', tenantId);
    if (held === false) refused = true;
    else if (held !== true) pending.push(held);
  }
  if (pending.length === 0) return !refused;
  const answered = Promise.all(pending).then((answers) => answers.every(Boolean));
  if (!refused) return answered;
  // Refused whatever the others say: but a fault that nobody waits for would end the process.
  answered.catch(() => undefined);
  return false;
}

/** A fault is handed on as an error, which graphql-shield reports; thrown, it would be taken for a refusal. */
function fault(error: unknown): AppError {
  return error instanceof AppError ? error : unavailable(error);
}

function idAt(source: IdSource, parent: unknown, args: unknown): string | null {
  const value = valueAt(source, parent, args);
  return typeof value === 'string' ? value : null;
}

function questionsAt(source: IdSource, parent: unknown, args: unknown): readonly Question[] {
  const value = valueAt(source, parent, args);
  return (Array.isArray(value) ? value : [value]) as readonly Question[];
}

function valueAt({ from, path }: IdSource, parent: unknown, args: unknown): unknown {
  let value: unknown = from === 'args' ? args : parent;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
