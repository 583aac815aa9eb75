import type { ErrorCode } from '../../src/errors.js';
import type { Caller } from './caller.js';
import type { Model } from './model.js';

/** A code for each rule that refuses: where several do, any of them will do. */
export type Refusals = readonly (ErrorCode | false)[];

/** What the design says to a deed. */
export interface Ruling {
  readonly refusals: Refusals;
  /** Makes it so in the model; null where everything is as asked already. */
  readonly change: (() => void) | null;
  /** What the model calls the key or invitation that comes of it. */
  readonly made?: string;
  /** Whom the audit log names, where that is not the caller. */
  readonly actor?: string;
}

/** What somebody came to hold by a deed: read from the gateway's answer, and asked of the giver as they were before. */
export interface Gift {
  readonly select: string;
  readonly read: (payload: Payload) => readonly string[];
  readonly isBeyond: (giver: Caller, given: readonly string[]) => boolean;
  /** Where that is not the caller. */
  readonly giver?: (model: Model) => string;
}

/** The parts of payloads that gifts and names are read from. */
export interface Payload {
  readonly revision?: string;
  readonly secret?: string | null;
  readonly role?: RoleShown;
  readonly invitation?: { readonly id: string; readonly role: RoleShown };
  readonly membership?: { readonly role: RoleShown; readonly departmentOverrides: readonly { readonly department: { readonly id: string }; readonly role: RoleShown }[] };
  readonly apiKey?: { readonly id: string; readonly capabilities: readonly string[] };
}

interface RoleShown {
  readonly permissions: readonly string[];
}

/** One mutation with its arguments, whoever carries it out. */
export interface Deed {
  readonly mutation: string;
  /** A capability in the tenant or on the platform; null where the deed is anybody's who has a secret. */
  readonly demands: string | null;
  /** Besides the tenant's id: people, keys and invitations by the model's names. */
  readonly input: (model: Model) => Readonly<Record<string, unknown>>;
  /** Asked only where the tenant is there, or the deed is the platform's, and the caller holds what it demands. */
  readonly judge: (model: Model, caller: Caller) => Ruling;
  readonly gift?: Gift;
}

export type Predicted = { readonly codes: ReadonlySet<string> } | { readonly codes: null; readonly ruling: Ruling };

export function predict(deed: Deed, model: Model, caller: Caller): Predicted {
  const { demands } = deed;
  if (demands !== null && !caller.isKnown) return { codes: new Set(['UNAUTHENTICATED']) };
  const onPlatform = demands?.startsWith('platform.') === true;
  if (demands !== null && onPlatform && !caller.holdsOnPlatform(demands)) {
    return { codes: model.tenant === undefined ? absent(caller) : new Set(['FORBIDDEN']) };
  }
  if (demands !== null && !onPlatform) {
    if (model.tenant === undefined) return { codes: absent(caller) };
    if (!caller.holds(demands)) return { codes: refusedByGuard(model, caller, demands) };
  }
  const ruling = deed.judge(model, caller);
  const codes = ruling.refusals.filter((code) => code !== false);
  return codes.length > 0 ? { codes: new Set(codes) } : { codes: null, ruling };
}

/** That a tenant is gone is told to those alone who may know of every tenant. */
function absent(caller: Caller): Set<ErrorCode> {
  return new Set(caller.isOfPlatform ? ['FORBIDDEN', 'NOT_FOUND'] : ['FORBIDDEN']);
}

/** What is wrong with its own words a key may be told before anybody sees that its tenant is suspended. */
function refusedByGuard({ tenant }: Model, caller: Caller, demands: string): Set<ErrorCode> {
  return new Set(tenant?.status === 'SUSPENDED' && caller.wasGiven(demands) ? ['FORBIDDEN', 'BAD_USER_INPUT'] : ['FORBIDDEN']);
}

/** When something ends that is to last so many minutes: in the past for a negative number. */
export function deadline(model: Model, minutes: number | null): number | null {
  return minutes === null ? null : model.in(minutes);
}

export function written(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
