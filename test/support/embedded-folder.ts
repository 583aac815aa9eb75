import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/data-source.js';
import { SILENT } from './logs.js';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');

export interface EmbeddedFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A data folder with an empty embedded database: copied, because making one takes PGlite several seconds. */
export async function embeddedFolder(): Promise<EmbeddedFolder> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-embedded-'));
  await cp(await template(), path, { recursive: true });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Made once for each version of PGlite. Test processes may race to make it: the first to finish wins. */
async function template(): Promise<string> {
  const manifest = await readFile(join(MODULES, '@electric-sql', 'pglite', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const cache = join(MODULES, '.cache', 'gatehouse-test');
  const made = join(cache, `pglite-${version}`);
  if (existsSync(made)) return made;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  const database = await openDatabase({ url: null, dataDir: making, entities: [], migrations: [], log: SILENT });
  await database.close();
  await rename(making, made).catch(() => rm(making, { recursive: true, force: true }));
  return made;
}
