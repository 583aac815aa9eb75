import { z } from 'zod';
import { IDENTIFIER_RULE, isIdentifier } from '../domain/identifier.js';

const MAX_TEXT_LENGTH = 2000;

/** Control characters, unpaired surrogates and the like, which neither a page nor a database column can show. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

function isText(text: string): boolean {
  return text.trim() !== '' && text.length <= MAX_TEXT_LENGTH && !UNPRINTABLE.test(text.replace(/\n/g, ' '));
}

export const keySchema = z.string().refine(isIdentifier, { error: `must be a key: ${IDENTIFIER_RULE}` });

/** Text for people: titles, names, descriptions. */
export const textSchema = z.string().refine(isText, {
  error: `must be text of 1 to ${MAX_TEXT_LENGTH} characters, not blank and without control characters`,
});
