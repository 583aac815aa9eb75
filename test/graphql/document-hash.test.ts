import * as crypto from 'node:crypto';
import { createHash } from '../../src/graphql/document-hash.js';

const TEXTS = ['', '{ viewer { id } }', 'query Größe($ö: ID!) { tenant(id: $ö) { name } }', '\u{1F511}'.repeat(5000), 'a lone surrogate: \ud83d'];

describe('the hash of a document', () => {
  it.each(TEXTS)('is the one that any other implementation gives: %#', (text) => {
    for (const algorithm of ['sha256', 'sha512']) {
      expect(createHash(algorithm).update(text).digest('hex')).toBe(crypto.createHash(algorithm).update(text).digest('hex'));
    }
  });

  it('is that of all texts that were added', () => {
    expect(createHash('sha256').update('{ viewer ').update('{ id } }').digest('hex')).toBe(crypto.createHash('sha256').update('{ viewer { id } }').digest('hex'));
  });
});
