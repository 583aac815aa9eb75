import { createHash, type Hash } from 'node:crypto';

/** Characters gathered before they go to the hash, so that the JSON of a huge value never exists as one string. */
const CHUNK_LENGTH = 65_536;

class HashWriter {
  private pending = '';

  constructor(private readonly hash: Hash) {}

  write(text: string): void {
    this.pending += text;
    if (this.pending.length >= CHUNK_LENGTH) this.flush();
  }

  flush(): void {
    this.hash.update(this.pending);
    this.pending = '';
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function writeCanonical(value: unknown, writer: HashWriter): void {
  if (!isObject(value) || (Array.isArray(value) && !value.some(isObject))) {
    writer.write(JSON.stringify(value));
  } else if (Array.isArray(value)) {
    writeParts('[', value, (item) => writeCanonical(item, writer), ']', writer);
  } else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    const writeEntry = ([key, item]: [string, unknown]): void => {
      writer.write(`${JSON.stringify(key)}:`);
      writeCanonical(item, writer);
    };
    writeParts('{', entries, writeEntry, '}', writer);
  }
}

function writeParts<T>(open: string, parts: readonly T[], writePart: (part: T) => void, close: string, writer: HashWriter): void {
  writer.write(open);
  parts.forEach((part, i) => {
    if (i > 0) writer.write(',');
    writePart(part);
  });
  writer.write(close);
}

/**
 * The SHA-256, in hex, of plain JSON data with its keys in the order of their UTF-16 code units: two values that differ
 * only in the order of keys have one digest, whichever way they were stored in between. Fields that are undefined count
 * as absent, as they do in JSON.
 */
export function canonicalDigest(value: unknown): string {
  const hash = createHash('sha256');
  const writer = new HashWriter(hash);
  writeCanonical(value, writer);
  writer.flush();
  return hash.digest('hex');
}
