import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { canonicalDigest } from '../../policy/canonical-digest.js';

/** What a request was answered. */
export interface Reply {
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What an idempotency key opens, for one caller. Replies may hold secrets that are shown once, and requests passwords: both
 * are stored under keys derived from the idempotency key, which the database never sees. So a copy of the database tells
 * as much about them as the idempotency keys can be guessed.
 */
export class KeySecrets {
  /** SHA-256: what the database knows the idempotency key by. */
  readonly keyHash: Buffer;
  readonly #actor: string;
  readonly #encryption: Buffer;
  readonly #authentication: Buffer;

  constructor(key: string, actor: string) {
    const derived = Buffer.from(hkdfSync('sha256', key, '', `gatehouse idempotency ${actor}`, 2 * KEY_BYTES));
    this.keyHash = createHash('sha256').update(key).digest();
    this.#actor = actor;
    this.#encryption = derived.subarray(0, KEY_BYTES);
    this.#authentication = derived.subarray(KEY_BYTES);
  }

  /** Tells two requests apart, whatever the order of their variables. Keyed: a plain hash would let passwords be guessed. */
  hashRequest(request: unknown): Buffer {
    return createHmac('sha256', this.#authentication).update(canonicalDigest(request)).digest();
  }

  /** Nonce, tag and ciphertext. */
  seal({ status, body }: Reply): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#encryption, nonce, { authTagLength: TAG_BYTES }).setAAD(this.#bound(status));
    const text = Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  /** The body that was sealed with this status. Throws where anything was altered. */
  open(status: number, sealed: Buffer): Reply {
    const text = sealed.subarray(NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#encryption, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(this.#bound(status))
      .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return { status, body: decipher.update(text, undefined, 'utf8') + decipher.final('utf8') };
  }

  /** What a reply was to, so that it cannot be put in the place of another one. */
  #bound(status: number): Buffer {
    return Buffer.from(`${status} ${this.#actor}`);
  }
}
