/** The one rule for every id and key: 1 to 255 printable ASCII characters without blanks, compared byte by byte. */
const IDENTIFIER = /^[\x21-\x7e]{1,255}$/;

export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

export const IDENTIFIER_RULE = '1 to 255 printable ASCII characters without blanks';
