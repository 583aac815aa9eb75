import { LRUCache } from 'lru-cache';
import type { CallerDirectory, CallerKey, CallerSignIn, CallerUser } from '../../access/caller-directory.js';
import type { Clock } from '../../domain/clock.js';
import { asAppError } from '../../storage/database-fault.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { UserStore } from '../users/users.store.js';

interface Cached<T> {
  readonly value: Promise<T>;
  readonly loadedAt: number;
}

export interface StoredCallersOptions {
  readonly clock: Clock;
  /** How old what is known of a caller may be, in milliseconds. */
  readonly stalenessMs: number;
  readonly noteFault: (error: unknown) => void;
}

const MAX_CALLERS = 50_000;
/** How exactly the last use of a key is kept. */
const USE_PRECISION_MS = 60_000;

/** Callers as the database knows them, no older than the bound. */
export class StoredCallers implements CallerDirectory {
  private readonly cached = new LRUCache<string, Cached<unknown>>({ max: MAX_CALLERS });

  constructor(
    private readonly users: UserStore,
    private readonly signIns: SignInStore,
    private readonly keys: ApiKeyStore,
    private readonly options: StoredCallersOptions,
  ) {}

  findUser(userId: string): Promise<CallerUser | null> {
    return this.recall(`user ${userId}`, async () => {
      const user = await this.users.find(userId);
      return user && { userId: user.id, accountRole: user.accountRole, status: user.status };
    });
  }

  findSignIn(signInId: string): Promise<CallerSignIn | null> {
    return this.recall(`sign-in ${signInId}`, () => this.signIns.find(signInId));
  }

  findApiKey(id: string): Promise<CallerKey | null> {
    return this.recall(`key ${id}`, async () => {
      const key = await this.keys.findWithHash(id);
      if (key === null) return null;
      const now = this.options.clock.now();
      if (key.revokedAt === null && now - (key.lastUsedAt ?? 0) > USE_PRECISION_MS) this.noteUse(id, now);
      return key;
    });
  }

  /** Somebody's account, sign-ins or keys changed. */
  clear(): void {
    this.cached.clear();
  }

  private recall<T>(key: string, load: () => Promise<T>): Promise<T> {
    const now = this.options.clock.now();
    const known = this.cached.get(key) as Cached<T> | undefined;
    if (known !== undefined && now - known.loadedAt <= this.options.stalenessMs) return known.value;
    const value = load().catch((error: unknown) => {
      this.cached.delete(key);
      throw asAppError(error);
    });
    this.cached.set(key, { value, loadedAt: now });
    return value;
  }

  /** A note, not a change: nobody waits for it, and a caller is none the worse where it is lost. */
  private noteUse(id: string, now: number): void {
    this.keys.noteUse(id, new Date(now)).catch(this.options.noteFault);
  }
}
