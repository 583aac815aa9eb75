import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ServerProcess } from './child.js';
import { SERVER_CORE, spawnNode } from './pinned.js';

/** The scripts that serve what the gateway is compared with; each prints its port once it listens. */
export type RivalScript = 'bare' | 'hand-written' | 'stock-graphql';

export async function startRival(script: RivalScript, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const child = spawnNode(SERVER_CORE, [join(import.meta.dirname, `${script}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  const port = await new Promise<number>((resolve, reject) => {
    (child.stdout as Readable).once('data', (text: Buffer) => resolve(Number(text.toString())));
    child.once('exit', () => reject(new Error(`the server ${script} ended`)));
  });
  return new ServerProcess(child, port);
}
