import { checkPolicy } from '../../src/policy/policy-folder.js';
import type { MalformedCase } from './malformed-case.js';
import { MEANING_CASES } from './meaning-cases.js';
import { policyFolder, SHOP_YAML } from './policy-fixture.js';
import { SHAPE_CASES } from './shape-cases.js';
import { SYNTAX_CASES } from './syntax-cases.js';

function textOf({ edit, whole }: MalformedCase): string {
  if (edit === undefined) return whole!;
  const [from, to] = edit;
  expect(SHOP_YAML.split(from)).toHaveLength(2);
  return SHOP_YAML.replace(from, () => to);
}

async function problemsOf(text: string): Promise<string[]> {
  const problems = await checkPolicy(await policyFolder({ 'shop.yaml': text }));
  return problems.map(({ line, reason }) => `${line}: ${reason}`);
}

it('finds nothing wrong with the matrix that the tables edit', async () => {
  expect(await problemsOf(SHOP_YAML)).toEqual([]);
});

describe.each([
  ['the YAML of a matrix', SYNTAX_CASES],
  ['the shape of a matrix', SHAPE_CASES],
  ['the meaning of a matrix', MEANING_CASES],
])('%s', (_part, cases) => {
  const rows = cases.map((malformed) => [malformed.it, malformed] as const);

  it.each(rows)('%s', async (_name, malformed) => {
    expect(await problemsOf(textOf(malformed))).toEqual(malformed.problems);
  });

  it.each(rows)('%s, with Windows line ends alike', async (_name, malformed) => {
    expect(await problemsOf(textOf(malformed).replaceAll('\n', '\r\n'))).toEqual(malformed.problems);
  });
});
