import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { badInput } from '../errors.js';
import { ConcurrencyLimit } from './concurrency-limit.js';

/**
 * Argon2id (the library's default variant) at the minimum of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const SALT_BYTES = 16;

const SHORTEST = 8;
const LONGEST = 128;

/** Hashing runs on libuv's four threads; two of them stay free for signatures, name look-ups and files. */
const MAX_RUNNING = 2;
/** Some seconds of work: whoever came later would have given up before their turn. */
const MAX_WAITING = 100;
const TOO_MANY = 'Too many passwords are being checked at this moment; try again in a few seconds.';

/** A hash of nothing: of the same cost as any other, and no password leads to it. */
export const HASH_OF_NOBODY =
  `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}` +
  `$${unpadded(randomBytes(SALT_BYTES))}$${unpadded(randomBytes(COST.outputLen))}`;

/** Length is the whole rule: demands on the kinds of characters make passwords worse (NIST SP 800-63B). */
export function requireAcceptablePassword(password: string): void {
  const length = [...canonical(password)].length;
  if (length < SHORTEST || length > LONGEST) {
    throw badInput('password', `A password has ${SHORTEST} to ${LONGEST} characters.`);
  }
}

/** Hashes and checks passwords, few at once: each takes 19 MiB. All methods are RATE_LIMITED once too many wait. */
export class PasswordHasher {
  constructor(private readonly limit = new ConcurrencyLimit(MAX_RUNNING, MAX_WAITING, TOO_MANY)) {}

  /** An encoded argon2id hash with its own salt; BAD_USER_INPUT for a password that breaks the rule. */
  async hash(password: string): Promise<string> {
    requireAcceptablePassword(password);
    return this.limit.run(() => hash(canonical(password), COST));
  }

  /** Whether the password is the one of this hash. A hash that cannot be read is a fault and raises. */
  verify(passwordHash: string, password: string): Promise<boolean> {
    return this.limit.run(() => verify(passwordHash, canonical(password)));
  }

  /** False, at the cost of a real check: an unknown e-mail address must take no less time than a known one. */
  async verifyAgainstNobody(password: string): Promise<false> {
    await this.verify(HASH_OF_NOBODY, password);
    return false;
  }
}

/** Keyboards compose the same characters differently; the same password must give the same bytes. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
