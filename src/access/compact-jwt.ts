import { decodeJwt } from 'jose';

/** In characters: several times what issuers send, and little enough to decode before anything is verified. */
const MAX_LENGTH = 8192;
const PARTS = 3;

/**
 * Whether the text is a signed JWT in its only spelling: three parts of canonical base64url. Decoders also take blanks, padding
 * and stray bits at the end of a part, so that one signature would have many spellings.
 */
export function isCompactJwt(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const parts = text.split('.');
  return parts.length === PARTS && parts.every((part) => part !== '' && isCanonical(part));
}

/** The issuer that the token claims, to choose a verifier by; nothing about it is proven. Null where it claims none. */
export function claimedIssuer(token: string): string | null {
  if (!isCompactJwt(token)) return null;
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : null;
  } catch {
    return null;
  }
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
