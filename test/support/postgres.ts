import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Client, Pool } from 'pg';

export interface TestPostgres {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

let server: Promise<string> | undefined;

/** The URL of the run's PostgreSQL server, as a superuser: TEST_DATABASE_URL, or the one that global-setup starts. */
export function serverUrl(): Promise<string> {
  server ??= process.env['TEST_DATABASE_URL'] === undefined ? askForServer() : Promise.resolve(process.env['TEST_DATABASE_URL']);
  return server;
}

/** An empty database of one's own. */
export async function createTestDatabase(): Promise<TestPostgres> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE ${name}`);
  const url = new URL(await serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/**
 * Connections for a test's own statements. The pool calls itself ended while the last of its connections still say goodbye: one of them
 * may yet hear that its database is dropped, which is nobody's error.
 */
export function openPool(connectionString: string, max: number): Pool {
  return new Pool({ connectionString, max }).on('error', () => {});
}

/** Runs one statement as the server's superuser, on a connection of its own. */
export async function asSuperuser(statement: string): Promise<void> {
  const client = new Client({ connectionString: await serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function askForServer(): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(process.env['TEST_SERVER_PORT']), '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.once('error', reject);
    socket.once('end', () => (answer.startsWith('error: ') ? reject(new Error(answer)) : resolve(answer)));
  });
}
