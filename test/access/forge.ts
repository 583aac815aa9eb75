import { constants, createHmac, sign, type KeyObject } from 'node:crypto';

export type Signer = (signingInput: string) => Buffer;

export const rs256 = (key: KeyObject): Signer => (input) => sign('sha256', Buffer.from(input), key);
export const ps256 = (key: KeyObject): Signer => (input) =>
  sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
export const es = (hash: 'sha256' | 'sha384', key: KeyObject): Signer => (input) =>
  sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
export const ed25519 = (key: KeyObject): Signer => (input) => sign(null, Buffer.from(input), key);
export const hs = (hash: 'sha256' | 'sha512', secret: string | Buffer): Signer => (input) =>
  createHmac(hash, secret).update(input).digest();
export const hs256 = (secret: string | Buffer): Signer => hs('sha256', secret);
export const unsigned: Signer = () => Buffer.alloc(0);

/** A token of any header and payload at all; a string is taken as it stands, so that it need not be what JSON would write. */
export function forge(header: object | string, payload: object | string, signer: Signer): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

function part(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The text with one character changed into its neighbour in the base64url alphabet: one bit of what it encodes. */
export function flipBit(text: string, offset: number): string {
  const index = ALPHABET.indexOf(text[offset]!);
  const flipped = index === -1 ? '_' : ALPHABET[index ^ 1]!;
  return text.slice(0, offset) + flipped + text.slice(offset + 1);
}
