import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.js';

/** The peers are no dependencies of the product: they have a package.json, a lock file and a node_modules of their own. */
const MODULES = join(ROOT, 'bench', 'peers', 'node_modules');

/** Where a file of a peer's package lies. */
export function inPackage(...path: readonly string[]): string {
  return join(MODULES, ...path);
}

/** The version that package-lock.json has led to. */
export function versionOf(name: string): string {
  return versionIn(inPackage(name));
}

/** The version of a dependency of the product. */
export function versionOfOurs(name: string): string {
  return versionIn(join(ROOT, 'node_modules', name));
}

function versionIn(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

/** What is compiled runs in dist/, from where Node would not find the peers. */
export function linkModules(): void {
  if (!existsSync(MODULES)) throw new Error('the peers are not installed: npm ci --prefix bench/peers');
  const link = join(import.meta.dirname, 'node_modules');
  if (!existsSync(link)) symlinkSync(MODULES, link, 'junction');
}
