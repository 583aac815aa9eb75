import { AppError } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { Announcer } from '../changes/announcer.js';
import type { MembershipStore } from '../memberships/memberships.store.js';
import type { TenantStore } from '../tenants/tenants.store.js';

/** The tenants that a change to a person reaches into. */
export class TenantsOfUser {
  constructor(
    private readonly members: MembershipStore,
    private readonly tenants: TenantStore,
    private readonly announcer: Announcer,
  ) {}

  /**
   * Lets `write` change the person. Before that it locks the tenants in the order of their ids and raises their revisions,
   * so that no node decides by the person of before; after it, those that the person came to belong to meanwhile. Later
   * ones see the change: whoever adds a member holds the account.
   */
  async around(userId: string, tx: Transaction, write: () => Promise<void>): Promise<void> {
    const touched = new Set<string>();
    await this.touch(userId, touched, tx);
    await write();
    await this.touch(userId, touched, tx);
  }

  private async touch(userId: string, touched: Set<string>, tx: Transaction): Promise<void> {
    for (const tenantId of await this.members.listTenantIdsOf(userId, tx)) {
      if (touched.has(tenantId) || (await this.tenants.lock(tenantId, tx)) === null) continue;
      touched.add(tenantId);
      const revision = await this.tenants.raiseRevision(tenantId, [userId], tx);
      await this.announcer.tenantChanged({ tenantId, revision, touches: [userId] }, tx);
    }
  }

  /** Throws OWNER_REQUIRED or LAST_ADMIN where a tenant would be left without its owner or without an admin. */
  async requireDispensable(userId: string, tx: Transaction): Promise<void> {
    const needed = await this.members.listTenantsInNeedOf(userId, tx);
    const [first] = needed;
    if (first === undefined) return;
    const others = needed.length > 1 ? ` and ${needed.length - 1} more` : '';
    if (first.isOwner) throw new AppError('OWNER_REQUIRED', `The user owns the tenant "${first.tenantId}"${others}: pass the ownership on first.`);
    throw new AppError('LAST_ADMIN', `The user is the last admin of the tenant "${first.tenantId}"${others}: make somebody else an admin first.`);
  }
}
