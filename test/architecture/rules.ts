import { BANS, LAYERS } from './layers.js';
import type { Import, SourceFile } from './source-file.js';

/** Each finding is `path:line: sentence`, and the sentence says what to do instead. */
export function findings(file: SourceFile): string[] {
  return [
    ...file.imports.flatMap((one) => importFindings(file.path, one)),
    ...nameFindings(file.path),
    ...sqlFindings(file),
    ...disciplineFindings(file),
  ];
}

function importFindings(path: string, one: Import): string[] {
  return [...layerFindings(path, one), ...banFindings(path, one), ...barrelFindings(path, one)];
}

/** The name of the layer that a file of the repository belongs to, or null for one that is none of src or migrations. */
function layerOf(path: string): string | null {
  const [top, next = ''] = path.split('/');
  if (top === 'migrations') return 'migrations';
  return top === 'src' ? next.replace(/\.ts$/, '') : null;
}

function layerFindings(path: string, { target, written, line, typeOnly }: Import): string[] {
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from === null || to === null || from === to) return [];
  const layer = LAYERS[from];
  if (layer === undefined) return [];
  if (layer.imports.includes(to) || (typeOnly && layer.types?.includes(to))) return [];
  return [`${path}:${line}: imports ${written}, but ${layer.because}.`];
}

function banFindings(path: string, { target, written, line }: Import): string[] {
  return BANS.filter((ban) => ban.files.test(path) && ban.imports.test(target)).map(
    (ban) => `${path}:${line}: imports ${written}, but ${ban.because}.`,
  );
}

function barrelFindings(path: string, { written, line, passedOn }: Import): string[] {
  if (!passedOn) return [];
  return [`${path}:${line}: passes on ${written}: import each name from the file that defines it, there are no barrels.`];
}

const VAGUE_NAME = /(?:^|[-.])(?:util|utils|helper|helpers|common|shared|manager|managers)(?:[-.]|$)/;

function nameFindings(path: string): string[] {
  const layer = layerOf(path);
  const vague = path.split('/').find((segment) => VAGUE_NAME.test(segment));
  const found: string[] = [];
  if (layer !== null && !(layer in LAYERS)) {
    found.push(`${path}:1: ${layer} is no layer: put the file in one, or give the new layer its row in layers.ts.`);
  }
  if (vague !== undefined) found.push(`${path}:1: ${vague} says nothing of what is inside: name the file after what it defines.`);
  if (/^src\/.*\bindex\.ts$/.test(path)) found.push(`${path}:1: an index has no name: name the file after what it defines.`);
  return found;
}

const BEGIN_OR_END = String.raw`begin|commit|rollback|start\s+transaction|savepoint\s+\S+`;
const TRANSACTION_STATEMENT = new RegExp(
  String.raw`(?:^|;)\s*(?:${BEGIN_OR_END})(?:\s+(?:work|transaction|isolation|read|to)\b[^;]*)?\s*(?:;|$)`,
  'i',
);
const SESSION_SETTINGS = [
  /(?:^|;)\s*(?:RE)?SET\s+\w/,
  // In lower case only where more than the one word says that it is SQL, for sentences speak of setting things too.
  /(?:^|;)\s*(?:re)?set\s+(?:session|local|role|time\s+zone|[\w.]+\s*=|[\w.]+\s+to\b)/,
  /\bset_config\s*\([^)]*,\s*false\s*\)/i,
];

/** Raw statements would interleave on a session that the pool lends to others, and outlive the request that set them. */
function sqlFindings({ path, strings }: SourceFile): string[] {
  if (path === 'src/storage/transaction.ts' || !path.startsWith('src/')) return [];
  return strings.flatMap(({ text, line }) => {
    if (TRANSACTION_STATEMENT.test(text)) {
      return [`${path}:${line}: a raw "${text.trim()}": transactions begin and end only in src/storage/transaction.ts.`];
    }
    if (!SESSION_SETTINGS.some((setting) => setting.test(text))) return [];
    return [`${path}:${line}: sets the session, which the next caller gets: settings belong to src/storage/transaction.ts.`];
  });
}

const SUPPRESSION = /(?:oxlint|eslint)-disable|@ts-(?:ignore|expect-error|nocheck)/;

function disciplineFindings({ path, comments, forcedTypes }: SourceFile): string[] {
  return [
    ...comments
      .filter(({ text }) => SUPPRESSION.test(text))
      .map(({ line }) => `${path}:${line}: silences the checker: change the code, or change the rule for everyone.`),
    ...forcedTypes.map((line) => `${path}:${line}: forces a type by way of unknown: check the value where it enters instead.`),
  ];
}
