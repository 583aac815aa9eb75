import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/gateway.js';
import { type Differences, OF_COMPILED_QUERIES, OF_KNOWN_QUERIES, OF_THE_ENDPOINT } from './expected-differences.js';

interface Run {
  readonly passed: number;
  readonly failed: readonly string[];
  /** How often compiled queries were asked, by Apollo and before it. */
  readonly asked: { readonly byApollo: number; readonly before: number };
}

const SUITE_MS = 300_000;

/** Apollo's own integration tests of HTTP servers, run by a Jest of their own: here it counts which of them hold. */
async function runSuite(execution: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-suite-'));
  try {
    const results = join(folder, 'results.json');
    const counts = join(folder, 'counts.json');
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
    const options = ['--config', 'test/apollo-suite/jest.config.js', '--runInBand', '--json', '--outputFile', results];
    const env = { ...process.env, TEST_EXECUTION: execution, APOLLO_SUITE_COUNTS: counts };
    const child = spawn(process.execPath, [...jest, ...options], { cwd: ROOT, env, stdio: 'ignore', timeout: SUITE_MS });
    await once(child, 'exit');
    return { ...readResults(await readFile(results, 'utf8')), asked: JSON.parse(await readFile(counts, 'utf8')) as Run['asked'] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function readResults(text: string): Pick<Run, 'passed' | 'failed'> {
  const { testResults } = JSON.parse(text) as { testResults: readonly { assertionResults: readonly { fullName: string; status: string }[] }[] };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName.replace('integration tests ', ''));
  return { passed: tests.filter(({ status }) => status === 'passed').length, failed: failed.toSorted() };
}

function namesOf(...differences: readonly Differences[]): string[] {
  return differences.flatMap((groups) => Object.values(groups).flat()).toSorted();
}

describe("Apollo's integration suite", () => {
  it.each([
    ['graphql-js executes', 'interpreted', [OF_THE_ENDPOINT], { byApollo: 0, before: 0 }],
    ['queries are compiled', 'compiled', [OF_THE_ENDPOINT, OF_COMPILED_QUERIES], { byApollo: 90, before: 0 }],
    ['queries are known', 'known', [OF_THE_ENDPOINT, OF_COMPILED_QUERIES, OF_KNOWN_QUERIES], { byApollo: 30, before: 60 }],
  ] as const)(
    'holds but for the differences that are listed, where %s',
    async (_who, execution, differences, atLeast) => {
      const { passed, failed, asked } = await runSuite(execution);
      expect(failed).toEqual(namesOf(...differences));
      expect(passed + failed.length).toBe(246);
      expect(asked.byApollo).toBeGreaterThanOrEqual(atLeast.byApollo);
      expect(asked.before).toBeGreaterThanOrEqual(atLeast.before);
    },
    SUITE_MS,
  );
});
