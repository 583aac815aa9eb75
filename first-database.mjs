import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

/** Makes dist/first-database, an embedded database with nothing in it: to make one takes seconds, to copy one does not. */

const OUTPUT = fileURLToPath(new URL('dist/first-database', import.meta.url));
/** Written last, so that a build cut short is done again. */
const STAMP = join(OUTPUT, 'pglite-version');
const { version } = JSON.parse(readFileSync(new URL('node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'));

if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== version) {
  const folder = join(OUTPUT, 'database');
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const database = await PGlite.create(folder);
  await database.close();
  // There are no data in it, and whoever starts a gateway need not be who built it.
  for (const name of readdirSync(OUTPUT, { recursive: true })) {
    const path = join(OUTPUT, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
  writeFileSync(STAMP, version);
}
