import { type Principal, principalKindOf, ROOT_KEY } from '../../access/principal.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { UserStore } from '../users/users.store.js';

/** Whoever did something that others act upon later, such as an invitation, as they are by now. */
export class FormerCallers {
  constructor(
    private readonly users: UserStore,
    private readonly keys: ApiKeyStore,
  ) {}

  /**
   * By the name that the audit log has of them; keys are looked for in the tenant and on the platform. Null where they are gone: a
   * disabled user, a revoked or expired key.
   */
  async find(actor: string, tenantId: string | null, now: number, tx: Transaction): Promise<Principal | null> {
    const { kind, id } = principalKindOf(actor);
    if (kind === 'user') {
      const user = await this.users.find(id, tx);
      return user?.status === 'ACTIVE' ? { kind: 'user', userId: user.id, accountRole: user.accountRole, signInId: null } : null;
    }
    if (id === ROOT_KEY.keyId) return ROOT_KEY;
    const key = (tenantId === null ? null : await this.keys.find(tenantId, id, tx)) ?? (await this.keys.find(null, id, tx));
    if (key === null || key.revokedAt !== null || (key.expiresAt !== null && now >= key.expiresAt)) return null;
    return { kind: 'key', keyId: key.id, tenantId: key.tenantId, capabilities: new Set(key.capabilities), boundTo: key.boundTo };
  }
}
