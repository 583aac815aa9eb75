#!/usr/bin/env node
import 'reflect-metadata';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UsageError, readWorkerCount } from './commands/worker-count.js';

const USAGE = `Usage: gatehouse [command]

  (none), start [--workers N]
                       start the gateway; settings come from the environment, see the README. With N of 2 to 64, as many
                       processes share the port: for that, DATABASE_URL is needed
  policy check [dir]   check the role matrices and plans of a folder: silent, or each problem with file and line
  schema               print the GraphQL schema
  audit verify [tenant]
                       check the audit log of a tenant ('' for the platform's own), or of all: each event that was changed,
                       removed or moved is named, and the exit code is 1; 2 where it could not be checked
`;

/** This file is dist/gatehouse/main.js once it is bundled. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POLICY_DIR = resolve(ROOT, 'policy');

const OPTIONS = { help: { type: 'boolean', short: 'h' }, workers: { type: 'string' } } as const;

/** Commands load what they need and no more: checking a policy needs no database. Returns the exit code. */
async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const [command = 'start', ...rest] = positionals;
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command === 'start' && rest.length === 0) return runStart(readWorkerCount(values.workers));
  if (values.workers !== undefined) throw new UsageError('--workers goes with the command start.');
  if (command === 'policy' && rest[0] === 'check' && rest.length <= 2) {
    const { checkPolicyFolder } = await import('./commands/check-policy.js');
    return checkPolicyFolder(rest[1] ?? (process.env['POLICY_DIR'] || POLICY_DIR), POLICY_DIR);
  }
  if (command === 'schema' && rest.length === 0) {
    const { printGatewaySchema } = await import('./commands/print-schema.js');
    process.stdout.write(printGatewaySchema());
    return 0;
  }
  if (command === 'audit' && rest[0] === 'verify' && rest.length <= 2) {
    const { verifyAudit } = await import('./commands/audit-verify.js');
    return verifyAudit(process.env, POLICY_DIR, rest[1] ?? null);
  }
  process.stderr.write(USAGE);
  return 2;
}

async function runStart(workers: number): Promise<number> {
  const places = { policyDir: POLICY_DIR, graphiqlDir: resolve(ROOT, 'dist/graphiql') };
  if (workers > 1) {
    const { startWorkers } = await import('./commands/start-workers.js');
    return startWorkers(workers, process.env, places);
  }
  const { start } = await import('./commands/start.js');
  return start(process.env, places);
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!isUsageError(error)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
