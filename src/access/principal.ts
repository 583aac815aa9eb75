import { PLATFORM_CAPABILITIES, WORKSPACE_CAPABILITIES, type Capability } from '../domain/capability.js';
import type { AccountRole } from '../domain/matrix.js';

/** The caller of a request. Anonymous is null, so that nobody mistakes it for a user without rights. */
export type Principal = UserPrincipal | KeyPrincipal;

export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: string;
  /** Null where the issuer knows this user and Gatehouse has no row for them yet. */
  readonly accountRole: AccountRole | null;
  /** The local sign-in that this request belongs to; null for a token of the OpenID Connect issuer. */
  readonly signInId: string | null;
}

export interface KeyPrincipal {
  readonly kind: 'key';
  readonly keyId: string;
  /** The one tenant that the key acts in; null for a platform key. */
  readonly tenantId: string | null;
  readonly capabilities: ReadonlySet<Capability>;
  /** The person whose rights stand behind the key: it is good for what they hold, too. Null for the platform's own. */
  readonly boundTo: string | null;
}

/** The id of the key from the environment: shorter than any minted id, so never one of them. */
export const ROOT_KEY_ID = 'root';

export const ROOT_KEY: KeyPrincipal = {
  kind: 'key',
  keyId: ROOT_KEY_ID,
  tenantId: null,
  capabilities: new Set([...WORKSPACE_CAPABILITIES, ...PLATFORM_CAPABILITIES]),
  boundTo: null,
};

const KEY_ACTOR = 'key:';

/** Whom the audit log names for what the gateway does by itself at its start. */
export const GATEWAY_ACTOR = 'gatehouse';
/** The gateway's own name, and those that older events have for the first account OWNER and for whoever had a one-time secret. */
const OWN_ACTORS: ReadonlySet<string> = new Set([GATEWAY_ACTOR, 'bootstrap', 'one-time-secret']);

/** Whom the audit log names: a user's id, or `key:<id>`. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'user' ? principal.userId : actorOfKey(principal.keyId);
}

export function actorOfKey(keyId: string): string {
  return KEY_ACTOR + keyId;
}

/** Whether a user of this id would pass in the audit log for an API key or the gateway itself; no such user may sign in. */
export function passesForAnother(userId: string): boolean {
  return userId.startsWith(KEY_ACTOR) || OWN_ACTORS.has(userId);
}

/** Who stands behind a name in the audit log: the other way round of `actorOf`. */
export function principalKindOf(actor: string): { readonly kind: Principal['kind']; readonly id: string } {
  return actor.startsWith(KEY_ACTOR) ? { kind: 'key', id: actor.slice(KEY_ACTOR.length) } : { kind: 'user', id: actor };
}
