import { cpus } from 'node:os';
import type { Figure } from './scenarios/scenario.js';
import { CAN_PIN } from './servers/pinned.js';
import type { Settings } from './settings.js';

const VERDICT = new Map([[true, 'yes'], [false, 'NO'], [null, '']]);

/** What was run where, without which no figure means anything. */
export function heading({ rounds, seconds }: Settings): string {
  const pinned = CAN_PIN ? 'servers on one core, the load generator on another' : 'nothing pinned to a core: there is no taskset, or only one core';
  return `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}; ${pinned}; ${rounds} rounds of ${seconds} s, medians (lowest–highest)`;
}

/** A table for a terminal, and for a README. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, asked, reached }) => [what, measured, asked ?? '', VERDICT.get(reached)!]);
  const all = [['what', 'measured', 'asked', 'reached'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(all[0]!), rule, ...rows.map(line), ...remarks(figures)].join('\n');
}

function remarks(figures: readonly Figure[]): string[] {
  return figures.flatMap(({ what, remarks: said }) => said.map((remark) => `- ${what}: ${remark}`));
}
