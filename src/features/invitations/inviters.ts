import { type Principal, principalKindOf, ROOT_KEY } from '../../access/principal.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { UserStore } from '../users/users.store.js';

/** Whoever invited somebody, as they are by now. */
export class Inviters {
  constructor(
    private readonly users: UserStore,
    private readonly keys: ApiKeyStore,
  ) {}

  /** Null where they are gone: a disabled user, a revoked or expired key. */
  async find(invitedBy: string, tenantId: string, now: number, tx: Transaction): Promise<Principal | null> {
    const inviter = principalKindOf(invitedBy);
    if (inviter.kind === 'user') {
      const user = await this.users.find(inviter.id, tx);
      return user?.status === 'ACTIVE' ? { kind: 'user', userId: user.id, accountRole: user.accountRole, signInId: null } : null;
    }
    if (inviter.id === ROOT_KEY.keyId) return ROOT_KEY;
    const key = (await this.keys.find(tenantId, inviter.id, tx)) ?? (await this.keys.find(null, inviter.id, tx));
    if (key === null || key.revokedAt !== null || (key.expiresAt !== null && now >= key.expiresAt)) return null;
    return { kind: 'key', keyId: key.id, tenantId: key.tenantId, capabilities: new Set(key.capabilities), boundTo: key.boundTo };
  }
}
