import { type Authority, holdsOnPlatform } from '../../access/authority.js';
import type { Principal } from '../../access/principal.js';
import type { MembershipStore } from '../memberships/memberships.store.js';

/** Which tenants a caller may read: settled before a list is cut into pages, so that pages and totals are right. */
export class TenantReach {
  constructor(
    private readonly authority: Authority,
    private readonly members: MembershipStore,
  ) {}

  /** Null for all of them. */
  async readableBy(caller: Principal): Promise<string[] | null> {
    if (holdsOnPlatform(caller, 'platform.tenants')) return null;
    const tenantIds = await this.candidatesFor(caller);
    if (tenantIds === null) return null;
    const readable = await Promise.all(tenantIds.map(async (tenantId) => this.authority.holds(caller, 'tenant.read', tenantId)));
    return tenantIds.filter((_tenantId, i) => readable[i]);
  }

  /** A platform key of nobody's reads all tenants or none; everybody else, at the most, those where they belong. */
  private async candidatesFor(caller: Principal): Promise<string[] | null> {
    if (caller.kind === 'user') return this.members.listTenantIdsOf(caller.userId);
    if (caller.tenantId !== null) return [caller.tenantId];
    if (!caller.capabilities.has('tenant.read')) return [];
    return caller.boundTo === null ? null : this.members.listTenantIdsOf(caller.boundTo);
  }
}
