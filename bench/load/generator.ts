import { readFileSync } from 'node:fs';
import { Connection } from './connection.js';
import type { Run, Target } from './job.js';
import { Load, prepare } from './load.js';

// A process of its own, so that it can have a core of its own: `node generator.js TARGET.json`, then one run a message.
const ammunition = prepare(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Target);

async function serve(run: Run): Promise<void> {
  const connections = await Promise.all(Array.from({ length: run.connections }, () => Connection.open(ammunition.target.port)));
  const outcome = await new Load(ammunition, run).go(connections);
  for (const connection of connections) connection.close();
  process.send?.(outcome);
}

process.on('message', (run: Run) => void serve(run));
process.on('disconnect', () => process.exit());
process.send?.('ready');
