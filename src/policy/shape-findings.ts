import { z } from 'zod';
import type { Finding, Path } from './finding.js';

type Issue = z.core.$ZodRawIssue;

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  int: 'a whole number',
  number: 'a whole number',
};

/** What the file holds, in an operator's words. */
function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : 'a mapping';
}

function wrongType(issue: Issue & { readonly code: 'invalid_type' }): string {
  if (issue.input === undefined) return 'is missing';
  const hint = issue.expected === 'string' && /number|boolean/.test(typeof issue.input) ? '; put it in quotes' : '';
  return `must be ${EXPECTED[issue.expected] ?? issue.expected}, but is ${describe(issue.input)}${hint}`;
}

function fieldsOf(schema: unknown): string {
  return schema instanceof z.ZodObject ? `the fields here are ${Object.keys(schema.shape).join(', ')}` : 'no such field exists';
}

/** The predicate of the sentence whose subject is the field, for what the schema does not put into words itself. */
function predicate(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `must be ${issue.values.map(String).join(' or ')}, but is ${describe(issue.input)}`;
    case 'too_small':
      return issue.origin === 'array' ? 'must have at least one entry' : `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'unrecognized_keys':
      return fieldsOf(issue.inst);
    default:
      return 'is not valid';
  }
}

function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `an entry of "${path.at(-2) ?? 'the file'}"` : `"${last}"`;
}

function toFindings(issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
  if (issue.code !== 'unrecognized_keys') return [{ path, reason: `${subject(path)} ${issue.message}` }];
  return issue.keys.map((key) => ({ path: [...path, key], reason: `unknown field "${key}"; ${issue.message}`, atKey: true }));
}

export type Shaped<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly findings: Finding[] };

/** Holds plain data against a schema. Every place that does not fit becomes a finding; unknown fields are named. */
export function shape<T>(value: unknown, schema: z.ZodType<T>): Shaped<T> {
  const result = schema.safeParse(value, { error: predicate });
  return result.success ? { ok: true, value: result.data } : { ok: false, findings: result.error.issues.flatMap(toFindings) };
}
