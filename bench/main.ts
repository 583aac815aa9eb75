import { writeFileSync } from 'node:fs';
import { SharedBench } from './bench.js';
import { readCommand } from './command-line.js';
import { heading, table } from './report.js';
import { SCENARIOS } from './scenarios/all.js';
import type { Figure } from './scenarios/scenario.js';

// `npm run bench -- [scenario …] [--rounds N] [--seconds S] [--json FILE] [--cpu-prof FOLDER]`
const { scenarios, settings, json } = readCommand(process.argv.slice(2), SCENARIOS);
const bench = new SharedBench(settings, (text) => process.stderr.write(`${text}\n`));
const figures: Figure[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  for (const scenario of scenarios) {
    bench.say(`running ${scenario.name}`);
    const found = await scenario.run(bench);
    figures.push(...found);
    bench.say(table(found));
  }
} finally {
  await bench.close();
}
process.stdout.write(`${heading(settings)}\n\n${table(figures)}\n`);
if (json !== null) writeFileSync(json, `${JSON.stringify({ heading: heading(settings), figures }, null, 2)}\n`);
