import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new secret of 256 bits for an invitation, a password reset or the bootstrap: the text goes out once, the hash is stored. */
export function mintOneTimeSecret(): { readonly secret: string; readonly hash: Buffer } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, hash: hashOneTimeSecret(secret) };
}

/**
 * What to look a presented secret up by. It is of the text and not of the bytes that the text encodes, so another spelling of
 * the same bytes finds nothing; and an index on it tells a guesser by its timing nothing about the secret.
 */
export function hashOneTimeSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
