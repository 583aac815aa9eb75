import { holdsOnPlatform } from '../../access/authority.js';
import { type KeyPrincipal, type Principal, ROOT_KEY_ID } from '../../access/principal.js';
import type { PlatformCapability } from '../../domain/capability.js';
import { forbidden, unauthenticated } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { UserStore } from '../users/users.store.js';

/** Whether a caller still is who they were when the request came in, asked inside the transaction. */
export class CallerCheck {
  constructor(
    private readonly users: UserStore,
    private readonly keys: ApiKeyStore,
  ) {}

  async requireOnPlatform(caller: Principal, capability: PlatformCapability, tx: Transaction): Promise<void> {
    if (!holdsOnPlatform(caller, capability)) throw forbidden();
    if (caller.kind === 'key') return this.requireLiveKey(caller, tx);
    const user = await this.users.hold(caller.userId, tx);
    if (user?.status !== 'ACTIVE' || user.accountRole !== 'OWNER') throw forbidden();
  }

  /** Whose rights stand behind the caller: their account stays as it is until the transaction ends. */
  async holdPerson(userId: string, tx: Transaction): Promise<void> {
    await this.users.hold(userId, tx);
  }

  /** The person whose rights bound the key; null for the root key and for keys that the platform made. */
  async findPersonBehind(caller: KeyPrincipal, tx: Transaction): Promise<string | null> {
    if (caller.keyId === ROOT_KEY_ID) return null;
    return (await this.keys.find(caller.tenantId, caller.keyId, tx))?.boundTo ?? null;
  }

  async requireLiveKey(caller: KeyPrincipal, tx: Transaction): Promise<void> {
    if (caller.keyId === ROOT_KEY_ID) return;
    const key = await this.keys.find(caller.tenantId, caller.keyId, tx);
    if (key === null || key.revokedAt !== null) throw unauthenticated();
  }
}
