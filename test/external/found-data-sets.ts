import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/gateway.js';
import type { DataSet } from './data-set.js';

const DATA = join(ROOT, '..', 'shared', 'data');
const CONVERTER = /^convert.*\.mjs$/;

/** One role a user in a tenant, and roles in departments that add to it: what a member holds here, too. */
const OUR_WAY = ['--flatten', '--mode=union'];

/**
 * The data sets beside the project, each written by its folder's own converter. None where there are no such folders,
 * which one line on the terminal says. Throws where a converter fails: it has checked its answers against its roles.
 */
export async function foundDataSets(): Promise<DataSet[]> {
  const converters = listConverters();
  if (converters.length === 0) process.stdout.write(`No role matrices of other projects in ${DATA}: the tests that bring them in are left out.\n`);
  return Promise.all(converters.map(convert));
}

function listConverters(): string[] {
  if (!existsSync(DATA)) return [];
  return readdirSync(DATA, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(DATA, entry.name))
    .flatMap((folder) => readdirSync(folder).filter((name) => CONVERTER.test(name)).map((name) => join(folder, name)))
    .sort();
}

async function convert(converter: string): Promise<DataSet> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-data-set-'));
  try {
    const file = join(folder, 'set.json');
    await promisify(execFile)(process.execPath, [converter, ...OUR_WAY, `--out=${file}`]);
    const set = JSON.parse(await readFile(file, 'utf8')) as DataSet;
    if (set.questions.length === 0) throw new Error(`${converter} wrote no questions`);
    return set;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** How much of a set there is to bring in and to ask. */
export function sizeOf({ catalogue, roles, memberships, questions }: DataSet): number {
  return catalogue.length + roles.length + memberships.length + questions.length;
}
