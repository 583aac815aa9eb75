import { type PlatformCapability, type WorkspaceCapability } from '../domain/capability.js';
import type { Clock } from '../domain/clock.js';
import { holdsCapability } from '../domain/delegate.js';
import type { Facts } from '../domain/facts.js';
import type { Principal } from './principal.js';

/** Where the guard gets its facts: at once where they are at hand, else read. Throws where they cannot be had. */
export interface FactsReader {
  peek(tenantId: string, userId: string): Facts | undefined;
  load(tenantId: string, userId: string): Promise<Facts>;
}

/**
 * What a caller may do with the gateway itself: a person by the same `decide` as any question; an API key by its
 * capabilities, as long as the person behind it, where there is one, holds them too.
 */
export class Authority {
  constructor(
    private readonly facts: FactsReader,
    private readonly clock: Clock,
  ) {}

  /** Synchronous where the facts are at hand. */
  holds(caller: Principal, capability: WorkspaceCapability, tenantId: string): boolean | Promise<boolean> {
    if (caller.kind === 'key' && !keyHolds(caller, capability, tenantId)) return false;
    const person = caller.kind === 'key' ? caller.boundTo : caller.userId;
    if (person === null) return true;
    const facts = this.facts.peek(tenantId, person);
    if (facts !== undefined) return holdsCapability(capability, person, facts, this.clock.now());
    return this.facts.load(tenantId, person).then((read) => holdsCapability(capability, person, read, this.clock.now()));
  }
}

/** The platform is the account OWNER's, and of those keys of the platform that were given the capability. */
export function holdsOnPlatform(caller: Principal, capability: PlatformCapability): boolean {
  return caller.kind === 'key' ? caller.tenantId === null && caller.capabilities.has(capability) : caller.accountRole === 'OWNER';
}

/** Whether `holds` is true whichever tenant it is asked about: of a key of the platform that was given the capability, with nobody behind it. */
export function holdsInAllTenants(caller: Principal, capability: WorkspaceCapability): boolean {
  return caller.kind === 'key' && caller.tenantId === null && caller.boundTo === null && caller.capabilities.has(capability);
}

/** What the key itself was given: a tenant's key acts in its tenant alone, a platform key in all of them. */
export function keyHolds(caller: Principal & { kind: 'key' }, capability: WorkspaceCapability, tenantId: string): boolean {
  return (caller.tenantId === null || caller.tenantId === tenantId) && caller.capabilities.has(capability);
}
