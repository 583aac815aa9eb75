/** The one rule for every id and key: 1 to 255 printable ASCII characters without blanks, compared byte by byte. */
const PRINTABLE = /^[\x21-\x7e]+$/;
const MAX_LENGTH = 255;

/** The length apart from the characters: a pattern that counts them takes half as long again, and every id of a request comes by here. */
export function isIdentifier(text: string): boolean {
  return text.length <= MAX_LENGTH && PRINTABLE.test(text);
}

export const IDENTIFIER_RULE = '1 to 255 printable ASCII characters without blanks';
