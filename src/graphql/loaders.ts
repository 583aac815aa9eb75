import DataLoader from 'dataloader';

/** Values or errors in the order of the keys, one for each. */
export type LoadBatch<K, V> = (keys: readonly K[]) => Promise<readonly (V | Error)[]>;

const MAX_BATCH_SIZE = 1000;

/**
 * The batches of one request: lookups that its fields ask for in the same turn become one call of the batch function, with up
 * to 1,000 keys. It lives as long as the request, so that nothing that one caller may see is kept for another.
 */
export class RequestLoaders {
  /** Made with the first lookup: most requests have none. */
  #loaders: Map<unknown, DataLoader<unknown, unknown, unknown>> | null = null;

  /**
   * The value of one key. The batch function is the identity of its loader: pass the same function each time, not a fresh
   * closure. `cacheKey` says when two keys are one, for keys that are objects; the first call of a batch function decides it.
   */
  load<K, V>(batch: LoadBatch<K, V>, key: K, cacheKey?: (key: K) => string): Promise<V> {
    const loader = this.#loaders?.get(batch) ?? this.#create(batch, cacheKey);
    return loader.load(key) as Promise<V>;
  }

  /** Forgets what was read: after a write it may not be so any more, and after the request nobody needs it. */
  clear(): void {
    this.#loaders = null;
  }

  #create<K, V>(batch: LoadBatch<K, V>, cacheKey?: (key: K) => string): DataLoader<unknown, unknown, unknown> {
    const loader = new DataLoader<unknown, unknown, unknown>((keys) => batch(keys as readonly K[]), {
      maxBatchSize: MAX_BATCH_SIZE,
      ...(cacheKey === undefined ? {} : { cacheKeyFn: (key: unknown) => cacheKey(key as K) }),
    });
    this.#loaders ??= new Map();
    this.#loaders.set(batch, loader);
    return loader;
  }
}
