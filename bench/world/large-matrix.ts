import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

const PER_CATEGORY = 100;

interface Written extends Record<string, unknown> {
  readonly categories: readonly { readonly permissions: readonly unknown[] }[];
}

/** A policy folder whose only matrix is the given one with more permissions, up to so many. Returns the matrix file. */
export function largeMatrixFile(from: string, permissions: number): string {
  const { expect: _counts, ...written } = load(readFileSync(from, 'utf8')) as Written;
  let left = permissions - written.categories.reduce((sum, category) => sum + category.permissions.length, 0);
  const added = [];
  for (let number = 0; left > 0; number++, left -= PER_CATEGORY) {
    const keys = Array.from({ length: Math.min(left, PER_CATEGORY) }, (_, at) => ({ key: `service${number}.action${at}`, access: at % 3 === 0 ? 'read' : 'write' }));
    added.push({ key: `service${number}`, permissions: keys });
  }
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-bench-')), 'large.json');
  writeFileSync(file, JSON.stringify({ ...written, categories: [...written.categories, ...added] }));
  return file;
}
