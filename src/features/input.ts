import { IDENTIFIER_RULE, isIdentifier } from '../domain/identifier.js';
import { badInput } from '../errors.js';

const MAX_NAME = 255;
const MAX_EMAIL = 254;
// Deliberately loose: whether an address exists is only learnt by writing to it.
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const HAS_CONTROL = /\p{Cc}/u;
/** What the database cannot hold: it refuses U+0000, and half of a surrogate pair would become another character on the way. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Returns the id or key. Throws BAD_USER_INPUT, naming the field, where it breaks the rule for ids. */
export function requireIdentifier(field: string, text: string): string {
  if (!isIdentifier(text)) throw badInput(field, `${field} must be ${IDENTIFIER_RULE}.`);
  return text;
}

export function optionalIdentifier(field: string, text: string | null | undefined): string | null {
  return text == null ? null : requireIdentifier(field, text);
}

/** Any text that is stored or looked for. Throws BAD_USER_INPUT where another one would be. */
export function requireText(field: string, text: string): string {
  if (UNSTORABLE.test(text)) throw badInput(field, `${field} must be text without U+0000 and without halves of surrogate pairs.`);
  return text;
}

/** A name for people: 1 to 255 characters, no control characters, not only blanks. */
export function requireName(field: string, text: string): string {
  const name = requireText(field, text).trim();
  if (name.length === 0 || name.length > MAX_NAME || HAS_CONTROL.test(name)) {
    throw badInput(field, `${field} must have 1 to ${MAX_NAME} characters and no control characters.`);
  }
  return name;
}

export function requireEmail(field: string, text: string): string {
  requireText(field, text);
  if (text.length > MAX_EMAIL || !EMAIL.test(text) || HAS_CONTROL.test(text)) {
    throw badInput(field, `${field} must be an e-mail address of at most ${MAX_EMAIL} characters.`);
  }
  return text;
}

/** Throws BAD_USER_INPUT, quoting them, where names come more than once: one of them is likely to be meant otherwise. */
export function requireDistinct(field: string, names: readonly string[]): void {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const name of names) (seen.has(name) ? again : seen).add(name);
  if (again.size > 0) throw badInput(field, `Name each once: ${field} repeats ${quoted([...again])}.`);
}

const QUOTED = 20;

/** The names for a sentence, which stays short however many there are. */
export function quoted(names: readonly string[]): string {
  const some = names.slice(0, QUOTED).map((name) => JSON.stringify(name)).join(', ');
  return names.length > QUOTED ? `${some} and ${names.length - QUOTED} more` : some;
}

/** Something that ends, as milliseconds since the epoch. Throws where it would have ended already. */
export function requireFuture(field: string, at: Date | null | undefined, now: number): number | null {
  if (at == null) return null;
  if (at.getTime() <= now) throw badInput(field, `${field} must lie in the future.`);
  return at.getTime();
}
