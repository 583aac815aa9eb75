import { readFileSync, writeFileSync } from 'node:fs';
import type { Spread } from '../load/statistics.js';
import { heading } from '../report.js';
import type { Settings } from '../settings.js';
import type { Found, Missing, Row } from './row.js';

const BEGIN = '<!-- bench:peers begin -->';
const END = '<!-- bench:peers end -->';

/** Everything that was found, as Markdown. */
export function reportOf(found: readonly Found[], missing: readonly Missing[], settings: Settings, date: string): string {
  const rows = found.flatMap((one) => one.rows);
  return [
    `Measured on ${date}; ${heading(settings)}. Gatehouse and the peer by turns, on the same questions, half of them allowed; each answer compared with an oracle that shares no code with either. To repeat it: \`npm run bench:peers\`.`,
    '',
    '| instead of Gatehouse | how it was asked | its checks/s | Gatehouse\'s checks/s | Gatehouse does so many times as much | processor time a check, its and Gatehouse\'s | its wrong answers |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(line),
    ...missing.map(({ name, why }) => `| ${name} | did not run here: ${escaped(why)} | | | | | |`),
    '',
    ...found.map(({ note }) => `- **${note.name}** (${note.version}; ${note.setUp}). ${note.differs}`),
    ...rows.flatMap(({ peer, asked, remarks }) => remarks.map((remark) => `- ${peer}, ${asked}: ${remark}.`)),
  ].join('\n');
}

function line({ peer, asked, duel: { ours, theirs, ratio } }: Row): string {
  const cells = [peer, asked, rate(theirs.decisionsPerSecond), rate(ours.decisionsPerSecond), times(ratio), `${micros(theirs.cpuMicroseconds)} / ${micros(ours.cpuMicroseconds)} µs`, theirs.wrong === 0 ? 'none' : `**${theirs.wrong}**`];
  return `| ${cells.join(' | ')} |`;
}

function rate({ median }: Spread): string {
  return threeDigits(median);
}

/** With the lowest and the highest round. */
function times({ median, min, max }: Spread): string {
  return `${threeDigits(median)} (${threeDigits(min)}–${threeDigits(max)})`;
}

function micros(spread: Spread | null): string {
  return spread === null ? '?' : threeDigits(spread.median);
}

/** More digits than these are noise. */
function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Puts the report between its marks in a file, such as the README. */
export function writeBetweenMarks(file: string, report: string): void {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} needs a line ${BEGIN} and, after it, a line ${END}.`);
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${report}\n${text.slice(end)}`);
}
