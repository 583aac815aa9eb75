/** The one rule for every id and key: 1 to 255 printable ASCII characters without blanks, compared byte by byte. */
const OTHER_THAN_PRINTABLE = /[^\x21-\x7e]/;
const MAX_LENGTH = 255;

/** Every id of a request comes by here: a pattern that counts characters takes half as long again, and one that has to match them all a fifth. */
export function isIdentifier(text: string): boolean {
  return text.length > 0 && text.length <= MAX_LENGTH && !OTHER_THAN_PRINTABLE.test(text);
}

export const IDENTIFIER_RULE = '1 to 255 printable ASCII characters without blanks';
