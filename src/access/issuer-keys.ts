import {
  createRemoteJWKSet, customFetch, errors,
  type CryptoKey, type FetchImplementation, type FlattenedJWSInput, type JWSHeaderParameters, type RemoteJWKSet,
} from 'jose';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../errors.js';

/** All in milliseconds. */
export interface IssuerKeysOptions {
  readonly fetch?: FetchImplementation;
  readonly timeoutMs?: number;
  /** After a fetch that succeeded, how long an unknown key id causes no other. */
  readonly cooldownMs?: number;
  /** Between any two fetches, whatever became of the first: an issuer in trouble is not hammered. */
  readonly retryMs?: number;
  /** For how long a key that the issuer has withdrawn may still count. */
  readonly maxAgeMs?: number;
}

/** In bytes: hundreds of keys. */
const MAX_KEY_SET_SIZE = 262_144;

/**
 * The public keys of an OpenID Connect issuer, fetched from the configured address and nowhere else: not from where a redirect
 * leads, nor from where a token's header points.
 */
export class IssuerKeys {
  private readonly keySet: RemoteJWKSet;
  private readonly fetch: FetchImplementation;
  private readonly retryMs: number;
  private lastFetchAt = Number.NEGATIVE_INFINITY;

  constructor(url: string, private readonly clock: Clock, options: IssuerKeysOptions = {}) {
    this.fetch = options.fetch ?? fetch;
    this.retryMs = options.retryMs ?? 5_000;
    this.keySet = createRemoteJWKSet(new URL(url), {
      timeoutDuration: options.timeoutMs ?? 5_000,
      cooldownDuration: options.cooldownMs ?? 30_000,
      cacheMaxAge: options.maxAgeMs ?? 600_000,
      [customFetch]: (address, request) => this.fetchOnce(address, request),
    });
  }

  /** The one key that fits the header. Raises jose's error where there is none, and UNAVAILABLE where the keys cannot be had. */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    try {
      return await this.keySet(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new AppError('UNAVAILABLE', 'The gateway cannot get the keys of the identity provider; try again shortly.', { cause });
    }
  }

  private async fetchOnce(...[address, request]: Parameters<FetchImplementation>): Promise<Response> {
    const now = this.clock.now();
    const sinceLast = now - this.lastFetchAt;
    // A negative span is a clock that was set back, and no reason to wait.
    if (sinceLast >= 0 && sinceLast < this.retryMs) throw new Error('the key set was asked for a moment ago');
    this.lastFetchAt = now;
    const response = await this.fetch(address, { ...request, redirect: 'manual' });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the key set was answered with status ${response.status}`);
    }
    return new Response(await readBounded(response));
  }
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    const chunk: unknown = part.value;
    if (!(chunk instanceof Uint8Array)) throw new TypeError('the key set came as something other than bytes');
    size += chunk.length;
    if (size > MAX_KEY_SET_SIZE) {
      await reader?.cancel();
      throw new Error(`the key set is larger than ${MAX_KEY_SET_SIZE} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
