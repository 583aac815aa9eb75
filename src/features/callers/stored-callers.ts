import { LRUCache } from 'lru-cache';
import type { CallerDirectory, CallerKey, CallerSignIn, CallerUser } from '../../access/caller-directory.js';
import type { Clock } from '../../domain/clock.js';
import { type MaybePromise, whenKnown } from '../../domain/maybe-promise.js';
import { asAppError } from '../../storage/database-fault.js';
import type { ApiKeyRecord, ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { UserStore } from '../users/users.store.js';

/** A key as it was read, and when this node last noted its use. */
type KeyAtHand = Omit<ApiKeyRecord, 'lastUsedAt'> & CallerKey & { lastUsedAt: number | null };

interface Cached {
  /** When the reading began. */
  readonly loadedAt: number;
  /** Undefined while it is being read. */
  value?: object | null;
  readonly reading: Promise<object | null>;
}

export interface StoredCallersOptions {
  readonly clock: Clock;
  /** How old what is known of a caller may be, in milliseconds. */
  readonly stalenessMs: number;
  readonly noteFault: (error: unknown) => void;
}

const MAX_OF_A_KIND = 25_000;
/** How exactly the last use of a key is kept. */
const USE_PRECISION_MS = 60_000;

/** Callers as the database knows them, no older than the bound: what was read holds for as long as no change is heard of. */
export class StoredCallers implements CallerDirectory {
  /** By their ids. */
  private readonly cached = { users: cacheOfAKind(), signIns: cacheOfAKind(), keys: cacheOfAKind() };
  /** Until when every change has been told. */
  private heardUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly users: UserStore,
    private readonly signIns: SignInStore,
    private readonly keys: ApiKeyStore,
    private readonly options: StoredCallersOptions,
  ) {}

  findUser(userId: string): MaybePromise<CallerUser | null> {
    return this.recall<CallerUser>(this.cached.users, userId, async () => {
      const user = await this.users.find(userId);
      return user && { userId: user.id, accountRole: user.accountRole, status: user.status };
    });
  }

  findSignIn(signInId: string): MaybePromise<CallerSignIn | null> {
    return this.recall<CallerSignIn>(this.cached.signIns, signInId, () => this.signIns.find(signInId));
  }

  findApiKey(id: string): MaybePromise<CallerKey | null> {
    const key = this.recall<KeyAtHand>(this.cached.keys, id, () => this.keys.findWithHash(id));
    return whenKnown(key, (read) => this.noteUse(read));
  }

  /** Somebody's account, sign-ins or keys changed. */
  callersChanged(): void {
    this.forget();
  }

  hasHeardAllUntil(milliseconds: number): void {
    this.heardUntil = Math.max(this.heardUntil, milliseconds);
  }

  beginsAnew(): void {
    this.heardUntil = Number.NEGATIVE_INFINITY;
    this.forget();
  }

  private forget(): void {
    for (const cache of Object.values(this.cached)) cache.clear();
  }

  private recall<T extends object>(cache: LRUCache<string, Cached>, id: string, load: () => Promise<T | null>): MaybePromise<T | null> {
    const now = this.options.clock.now();
    const known = cache.get(id);
    if (known !== undefined && this.counts(known, now)) return (known.value === undefined ? known.reading : known.value) as MaybePromise<T | null>;
    const reading = load().then(
      (value) => (read.value = value),
      (error: unknown) => {
        if (cache.peek(id) === read) cache.delete(id);
        throw asAppError(error);
      },
    );
    const read: Cached = { loadedAt: now, reading };
    cache.set(id, read);
    return reading;
  }

  /** Nothing tells of a caller who comes to be: that there is none is believed for as long as the bound allows, and no longer. */
  private counts({ loadedAt, value }: Cached, now: number): boolean {
    const since = value === null ? loadedAt : Math.max(loadedAt, this.heardUntil);
    return now - since <= this.options.stalenessMs;
  }

  /** A note, not a change: nobody waits for it, and a caller is none the worse where it is lost. */
  private noteUse(key: KeyAtHand | null): CallerKey | null {
    if (key === null || key.revokedAt !== null) return key;
    const now = this.options.clock.now();
    if (now - (key.lastUsedAt ?? 0) <= USE_PRECISION_MS) return key;
    key.lastUsedAt = now;
    this.keys.noteUse(key.id, new Date(now)).catch(this.options.noteFault);
    return key;
  }
}

function cacheOfAKind(): LRUCache<string, Cached> {
  return new LRUCache({ max: MAX_OF_A_KIND });
}
