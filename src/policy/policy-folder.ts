import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { RoleMatrix } from '../domain/matrix.js';
import type { PlanCatalogue } from '../domain/plan.js';
import { canonicalDigest } from './canonical-digest.js';
import { matrixSourceSchema } from './matrix-schema.js';
import { type MatrixSource, readMatrix } from './matrix-source.js';
import { planSourceSchema, readPlans } from './plan-source.js';
import { PolicyError, type PolicyProblem } from './policy-error.js';
import { readPolicyFile, systemReason } from './policy-file.js';

const PLANS_FILE = 'plans.yaml';
const MATRIX_EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

export interface LoadedMatrix {
  readonly matrix: RoleMatrix;
  /** As the author wrote it, wildcards unexpanded: plain JSON, small enough to be stored. */
  readonly source: MatrixSource;
  /** SHA-256 in hex of the source, whatever the order of its keys. */
  readonly digest: string;
}

export interface Policy {
  /** At least one, in the order of their file names, each with a key of its own. */
  readonly matrices: readonly LoadedMatrix[];
  readonly plans: PlanCatalogue;
}

/**
 * Reads a policy folder: `plans.yaml`, and a role matrix in every other `.yaml`, `.yml` or `.json` file. A folder without
 * plans of its own gets those of `shippedDir`, the folder that ships with the gateway.
 * Raises a PolicyError with the problems of all files where it cannot be served as a whole.
 */
export async function loadPolicyFolder(dir: string, shippedDir = dir): Promise<Policy> {
  const names = await listFolder(dir);
  const problems: PolicyProblem[] = [];
  const plans = await collect(problems, () => (names.includes(PLANS_FILE) ? loadPlans(dir) : loadPlans(shippedDir)));
  const matrices: LoadedMatrix[] = [];
  const fileByKey = new Map<string, string>();
  for (const name of names.filter(isMatrixName)) {
    const matrix = await collect(problems, () => loadMatrix(join(dir, name), fileByKey));
    if (matrix !== undefined) matrices.push(matrix);
  }
  if (!names.some(isMatrixName)) problems.push({ file: dir, line: 1, reason: 'the folder holds no role matrix' });
  if (problems.length > 0 || plans === undefined) throw new PolicyError(problems);
  return { matrices, plans };
}

/** Every problem of a policy folder, for the command line; none where it can be served. */
export async function checkPolicy(dir: string, shippedDir = dir): Promise<readonly PolicyProblem[]> {
  try {
    await loadPolicyFolder(dir, shippedDir);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
}

function isMatrixName(name: string): boolean {
  return name !== PLANS_FILE && MATRIX_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Goes on after a faulty file, so that one run tells about all of them. */
async function collect<T>(problems: PolicyProblem[], load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    throw new PolicyError([{ file: dir, line: 1, reason: `the folder cannot be read: ${systemReason(error)}` }]);
  }
}

async function loadPlans(dir: string): Promise<PlanCatalogue> {
  const file = join(dir, PLANS_FILE);
  const { source, locate } = await readPolicyFile(file, planSourceSchema);
  const reading = readPlans(source);
  if (!reading.ok) throw new PolicyError(locate(reading.findings));
  return reading.plans;
}

async function loadMatrix(file: string, fileByKey: Map<string, string>): Promise<LoadedMatrix> {
  const { source, locate } = await readPolicyFile(file, matrixSourceSchema);
  const reading = readMatrix(source);
  const findings = reading.ok ? [] : [...reading.findings];
  const other = fileByKey.get(source.key);
  if (other === undefined) fileByKey.set(source.key, file);
  else findings.push({ path: ['key'], reason: `the matrix key "${source.key}" is taken by ${other}` });
  if (!reading.ok || findings.length > 0) throw new PolicyError(locate(findings));
  return { matrix: reading.matrix, source, digest: canonicalDigest(source) };
}
