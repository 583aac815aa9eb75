import * as crypto from 'node:crypto';

/** What Apollo does with a hash: one text goes in, and one digest comes out. */
interface TextHash {
  update(text: string): TextHash;
  digest(encoding: 'hex'): string;
}

/**
 * Stands in for `@apollo/utils.createhash` in the bundle: Apollo hashes the document of each request. In one call, where Node has it
 * (from 20.12), since a hash that is an object brings native memory along, which the garbage collector has to give back one by one.
 */
export function createHash(algorithm: string): TextHash {
  return typeof crypto.hash === 'function' ? new OneShotHash(algorithm) : crypto.createHash(algorithm);
}

class OneShotHash implements TextHash {
  private text = '';

  constructor(private readonly algorithm: string) {}

  update(text: string): this {
    this.text += text;
    return this;
  }

  digest(encoding: 'hex'): string {
    return crypto.hash(this.algorithm, this.text, encoding);
  }
}
