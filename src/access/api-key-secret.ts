import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const API_KEY_PREFIX = 'gh_';

const ID_BYTES = 12;
const SECRET_BYTES = 32;
/** Hexadecimal in lower case alone: each key has one spelling, and the underscore only separates. */
const API_KEY = new RegExp(`^${API_KEY_PREFIX}([0-9a-f]{${ID_BYTES * 2}})_([0-9a-f]{${SECRET_BYTES * 2}})$`);

export interface MintedApiKey {
  /** Public: names the key in lists and in the audit log. */
  readonly id: string;
  /** `gh_<id>_<secret>`, to be shown once and stored nowhere. */
  readonly token: string;
  /** Of the secret, as it is stored. */
  readonly hash: Buffer;
}

/** A new API key with a secret of 256 bits. */
export function mintApiKey(): MintedApiKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  return { id, token: `${API_KEY_PREFIX}${id}_${secret}`, hash: hashSecret(secret) };
}

/** The parts of an API key; null for anything that `mintApiKey` could not have made. */
export function parseApiKey(text: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = API_KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** SHA-256 without salt or stretching: enough for a secret that nobody chose, and too little for a password. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares in constant time; a stored hash of the wrong length matches nothing. */
export function matches(hash: Buffer, secret: string): boolean {
  const given = hashSecret(secret);
  return hash.length === given.length && timingSafeEqual(hash, given);
}
