import { parseArgs } from 'node:util';
import { SharedBench } from '../bench.js';
import { positive } from '../command-line.js';
import { PeerEnded } from './asker-process.js';
import { ENTRIES } from './entries.js';
import { besideDecide } from './in-process.js';
import { linkModules } from './installed.js';
import { besideApolloSql, besideGateway } from './over-network.js';
import { reportOf, writeBetweenMarks } from './report.js';
import type { Found, Missing } from './row.js';

// `npm run bench:peers -- [peer …] [--rounds N] [--seconds S] [--write FILE]`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' }, write: { type: 'string' } },
});
const settings = { rounds: positive('rounds', values.rounds), seconds: positive('seconds', values.seconds), profileDir: null };
linkModules();
const bench = new SharedBench(settings, (text) => process.stderr.write(`${text}\n`));
const runs: readonly (readonly [name: string, run: () => Promise<Found>])[] = [
  ...ENTRIES.inProcess.map((entry) => [entry.key, () => besideDecide(entry, settings)] as const),
  ...ENTRIES.overTheNetwork.map((entry) => [entry.key, () => besideGateway(entry, bench)] as const),
  ['apollo-sql', () => besideApolloSql(bench)],
];
const unknown = positionals.filter((name) => runs.every(([known]) => known !== name));
if (unknown.length > 0) throw new Error(`There is no peer ${unknown.join(', ')}; there are ${runs.map(([name]) => name).join(', ')}.`);

const found: Found[] = [];
const missing: Missing[] = [];
try {
  for (const [name, run] of runs) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    bench.say(`running ${name}`);
    try {
      found.push(await run());
    } catch (error) {
      // A peer that does not run here gets its line; whatever else goes wrong is the benchmark's own fault.
      if (!(error instanceof PeerEnded) || error.key !== name) throw error;
      missing.push({ name, why: error.message });
    }
  }
} finally {
  await bench.close();
}
const report = reportOf(found, missing, settings, new Date().toISOString().slice(0, 10));
process.stdout.write(`${report}\n`);
if (values.write !== undefined) writeBetweenMarks(values.write, report);
