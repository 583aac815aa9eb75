import { formatProblem } from '../policy/policy-error.js';
import { checkPolicy } from '../policy/policy-folder.js';

/** Silent where the folder's role matrices and plans are sound; else a line for each problem. Returns the exit code. */
export async function checkPolicyFolder(dir: string, shippedDir: string): Promise<number> {
  const problems = await checkPolicy(dir, shippedDir);
  for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
  return problems.length === 0 ? 0 : 1;
}
