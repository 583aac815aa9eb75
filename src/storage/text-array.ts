const SPECIAL = /["\\]/;

/**
 * An array of texts as PostgreSQL reads it, for a parameter of type text[]. The driver writes the same, but takes each text apart
 * twice to look for what must be escaped, and lists have hundreds of them.
 */
export function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => (SPECIAL.test(text) ? escaped(text) : `"${text}"`)).join(',')}}`;
}

function escaped(text: string): string {
  return `"${text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
