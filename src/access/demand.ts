import type { PlatformCapability, WorkspaceCapability } from '../domain/capability.js';

/** Where the guard finds an id: a path into the arguments, such as `input.tenantId`, or a property of the parent. */
export type IdSource = { readonly from: 'args' | 'parent'; readonly path: readonly string[] };

/** What a field demands of its caller. */
export type Demand =
  /** Anybody, signed in or not. */
  | { readonly kind: 'public' }
  /** Any caller who is known. */
  | { readonly kind: 'signedIn' }
  /** Decided where the object was reached. */
  | { readonly kind: 'parent' }
  /** The person named is the caller. */
  | { readonly kind: 'self'; readonly user: IdSource }
  | { readonly kind: 'workspace'; readonly capability: WorkspaceCapability; readonly tenant: IdSource }
  | { readonly kind: 'platform'; readonly capability: PlatformCapability }
  /** Every question in the list is about the caller, or in a tenant where they may ask about others. */
  | { readonly kind: 'asks'; readonly questions: IdSource }
  /** A tenant's key, or without a tenant one of the platform. */
  | { readonly kind: 'scoped'; readonly tenant: IdSource; readonly within: WorkspaceCapability; readonly above: PlatformCapability }
  | { readonly kind: 'anyOf'; readonly demands: readonly Demand[] };

export const everyone: Demand = { kind: 'public' };
export const signedIn: Demand = { kind: 'signedIn' };

export const args = (path: string): IdSource => ({ from: 'args', path: path.split('.') });
export const own = (property: string): IdSource => ({ from: 'parent', path: [property] });

export const self = (user: IdSource): Demand => ({ kind: 'self', user });
export const may = (capability: WorkspaceCapability, tenant: IdSource): Demand => ({ kind: 'workspace', capability, tenant });
export const mayOnPlatform = (capability: PlatformCapability): Demand => ({ kind: 'platform', capability });
export const asks = (questions: IdSource): Demand => ({ kind: 'asks', questions });
export const anyOf = (...demands: readonly Demand[]): Demand => ({ kind: 'anyOf', demands });
export const scoped = (tenant: IdSource, within: WorkspaceCapability, above: PlatformCapability): Demand => ({
  kind: 'scoped',
  tenant,
  within,
  above,
});

/** Fields that anybody sees who has reached the object. */
export function reached(fields: string): Record<string, Demand> {
  return Object.fromEntries(fields.split(' ').map((field) => [field, { kind: 'parent' } satisfies Demand]));
}
