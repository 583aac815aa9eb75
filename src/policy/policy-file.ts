import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import type { Finding } from './finding.js';
import { PolicyError, type PolicyProblem } from './policy-error.js';
import { shape } from './shape-findings.js';
import { linesOf } from './source-lines.js';
import { readYaml } from './yaml-document.js';

/** Parsing takes several times a file's size in memory, so this bounds what a wrong file in the folder can cost. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Beyond this nobody reads on: one slip in a catalogue can make thousands. */
const MAX_PROBLEMS = 100;

/** A policy file whose content fits its schema. */
export interface PolicyFile<T> {
  readonly file: string;
  readonly source: T;
  /** Gives findings about the content their lines. */
  readonly locate: (findings: readonly Finding[]) => PolicyProblem[];
}

/** Reads a YAML or JSON file that fits the schema. Raises a PolicyError with the problems of this file otherwise. */
export async function readPolicyFile<T>(file: string, schema: z.ZodType<T>): Promise<PolicyFile<T>> {
  const text = await readText(file);
  const document = readYaml(text);
  if (!document.ok) throw new PolicyError([{ file, line: document.line, reason: document.reason }]);
  const shaped = shape(document.value, schema);
  if (!shaped.ok) throw new PolicyError(locate(file, text, shaped.findings));
  return { file, source: shaped.value, locate: (findings) => locate(file, text, findings) };
}

async function readText(file: string): Promise<string> {
  const refuse = (reason: string): PolicyError => new PolicyError([{ file, line: 1, reason }]);
  try {
    const status = await stat(file);
    if (!status.isFile()) throw refuse('is not a regular file');
    if (status.size > MAX_BYTES) throw refuse(`is larger than ${MAX_BYTES / 1024 / 1024} MB`);
    const bytes = await readFile(file);
    if (!isUtf8(bytes)) throw refuse('is not UTF-8 text');
    return bytes.toString('utf8');
  } catch (error) {
    throw error instanceof PolicyError ? error : refuse(`cannot be read: ${systemReason(error)}`);
  }
}

/** What the system said, such as `ENOENT: no such file or directory`, without the path that the problem names anyway. */
export function systemReason(error: unknown): string {
  return String(error).replace(/^Error: /, '').split(', ')[0]!;
}

function locate(file: string, text: string, findings: readonly Finding[]): PolicyProblem[] {
  const shown = findings.slice(0, MAX_PROBLEMS);
  const lines = linesOf(text, [...shown, ...shown.map(({ path, earlier }) => ({ path: earlier ?? path }))]);
  const problems = shown.map((finding, i): PolicyProblem => {
    const first = finding.earlier === undefined ? '' : ` (first on line ${lines[shown.length + i]})`;
    return { file, line: lines[i]!, reason: finding.reason + first };
  });
  problems.sort((a, b) => a.line - b.line);
  const hidden = findings.length - shown.length;
  if (hidden > 0) problems.push({ file, line: problems.at(-1)!.line, reason: `${hidden} more problems are not shown` });
  return problems;
}
