import { type AddressInfo, createServer, type Server } from 'node:net';
// Jest loads this file without its module mapper, so the import names the file as it is.
import { type RunningServer, startPostgres } from './own-postgres.ts';

/** The tests' data is worth nothing after the run. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'max_wal_size=1GB'];

declare global {
  var stopTestServer: (() => Promise<void>) | undefined;
}

/**
 * Makes a PostgreSQL server of its own available to the run, unless TEST_DATABASE_URL names one. It starts when the
 * first test asks for it, by connecting to the port in TEST_SERVER_PORT, which answers with the server's URL.
 */
export default async function globalSetup({ rootDir }: { readonly rootDir: string }): Promise<void> {
  let started: Promise<RunningServer> | undefined;
  const broker = createServer((asking) => {
    started ??= startPostgres({ rootDir, settings: SETTINGS });
    started.then(
      ({ url }) => asking.end(url),
      (error: Error) => asking.end(`error: ${error.message}`),
    );
  });
  process.env['TEST_SERVER_PORT'] = String(await listen(broker));
  globalThis.stopTestServer = async () => {
    broker.close();
    await (await started?.catch(() => undefined))?.stop();
  };
}

function listen(broker: Server): Promise<number> {
  broker.unref();
  return new Promise((resolve) => {
    broker.listen(0, '127.0.0.1', () => resolve((broker.address() as AddressInfo).port));
  });
}
