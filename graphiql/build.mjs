import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Builds GraphiQL into dist/graphiql, and does nothing where the last build had the same inputs. */

const SOURCE = fileURLToPath(new URL('.', import.meta.url));
const LOCK = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../dist/graphiql', import.meta.url));
/** Holds the hash of the inputs. Written last and emptied with the folder, so that a build cut short is done again. */
const STAMP = join(OUTPUT, '.inputs');
const COMPRESSIBLE = /\.(?:css|html|js|json|svg|ttf)$/;

function filesIn(dir) {
  const names = readdirSync(dir, { recursive: true }).sort();
  return names.filter((name) => statSync(join(dir, name)).isFile());
}

function hashOfInputs() {
  const hash = createHash('sha256').update(readFileSync(LOCK));
  for (const name of filesIn(SOURCE)) hash.update(`\0${name}\0`).update(readFileSync(join(SOURCE, name)));
  return hash.digest('hex');
}

function lastBuild() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}

async function bundle() {
  // React's development build is several times larger, and an inherited NODE_ENV would choose it.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: SOURCE,
    base: '/graphiql/',
    publicDir: false,
    envDir: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic' } },
    build: { outDir: OUTPUT, emptyOutDir: true, reportCompressedSize: false, target: 'es2022' },
    worker: { format: 'es' },
  });
}

/** A `.gz` beside each file that gains by it, for the server to send to clients that accept it. */
function compress() {
  for (const name of filesIn(OUTPUT).filter((file) => COMPRESSIBLE.test(file))) {
    const bytes = readFileSync(join(OUTPUT, name));
    const zipped = gzipSync(bytes, { level: 9 });
    if (zipped.length < bytes.length * 0.9) writeFileSync(join(OUTPUT, `${name}.gz`), zipped);
  }
}

const inputs = hashOfInputs();
if (lastBuild() !== inputs) {
  await bundle();
  compress();
  writeFileSync(STAMP, inputs);
}
