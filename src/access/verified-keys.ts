import { LRUCache } from 'lru-cache';
import { matches, parseApiKey } from './api-key-secret.js';
import type { CallerKey } from './caller-directory.js';
import type { KeyPrincipal } from './principal.js';

const MAX_KEYS = 10_000;

export interface VerifiedKey {
  /** The very row whose hash the secret was compared with: of a row read anew, nothing is known yet. */
  readonly key: CallerKey;
  readonly principal: KeyPrincipal;
}

/** Compares the secret of each API key once for as long as its row stays as it is, rather than with each request. */
export class VerifiedKeys {
  /** By the whole credential: no two share an entry. */
  private readonly verified = new LRUCache<string, VerifiedKey>({ max: MAX_KEYS });

  /** The key that this very text proved before; null says nothing about the text. */
  recall(credential: string): VerifiedKey | null {
    return this.verified.get(credential) ?? null;
  }

  /**
   * Who calls with this credential, of which `known` is recalled, if it is one of that key; null where it is not. Whether the key
   * still counts is not asked.
   */
  verify(key: CallerKey, credential: string, known: VerifiedKey | null): KeyPrincipal | null {
    if (known?.key === key) return known.principal;
    const parsed = parseApiKey(credential);
    if (parsed?.id !== key.id || !matches(key.hash, parsed.secret)) return null;
    const { id: keyId, tenantId, boundTo } = key;
    const principal: KeyPrincipal = { kind: 'key', keyId, tenantId, capabilities: new Set(key.capabilities), boundTo };
    this.verified.set(credential, { key, principal });
    return principal;
  }
}
