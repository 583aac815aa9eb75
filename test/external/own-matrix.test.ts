import { rm } from 'node:fs/promises';
import * as fc from 'fast-check';
import { checkPolicy } from '../../src/policy/policy-folder.js';
import { Client } from '../support/client.js';
import type { DatabaseKind } from '../support/databases.js';
import { type GatewayForTests, gatewayForTests, ROOT_KEY } from '../support/gateway.js';
import { type Answer, askByPlace, askInLists, askOneByOne } from './ask.js';
import { bringIn } from './bring-in.js';
import { accessOf, answerHere, categoriesOf, categoryOf, type DataSet, heldBy, idOf } from './data-set.js';
import { EXAMPLE } from './example-data-set.js';
import { foundDataSets, sizeOf } from './found-data-sets.js';
import { eachOf, groupedBy } from './lists.js';
import { policyFolderWith, systemRolesOf } from './policy-file.js';
import { readCounts, readMatrix, readMembership } from './read-back.js';

/*
 * How one brings one's own role matrix:
 * 1. write it as a policy file, beside those that ship (policy-file.ts), and have `gatehouse policy check` look at it;
 * 2. start the gateway with POLICY_DIR naming the folder;
 * 3. bring tenants and people in through the API (bring-in.ts);
 * 4. ask (ask.ts).
 * Done here with an example (example-data-set.ts), and with every matrix of another project that lies beside this one,
 * whose questions and answers are that project's own (found-data-sets.ts).
 */

const found = await foundDataSets();
const smallest = found.toSorted((a, b) => sizeOf(a) - sizeOf(b)).slice(0, 2);
const cases: [string, DatabaseKind, DataSet][] = [
  ...[EXAMPLE, ...found].map((set): [string, DatabaseKind, DataSet] => [set.name, 'postgres', set]),
  ...[EXAMPLE, ...smallest].map((set): [string, DatabaseKind, DataSet] => [set.name, 'embedded', set]),
];

describe.each(cases)('the matrix of %s on %s', (_name, kind, set) => {
  let policyDir: string;
  let test: GatewayForTests;
  let root: Client;
  beforeAll(async () => {
    policyDir = await policyFolderWith(set);
    test = await gatewayForTests({ kind, env: { POLICY_DIR: policyDir } });
    root = new Client(test.url, ROOT_KEY);
    await bringIn(set, root);
  });
  afterAll(async () => {
    await rm(policyDir, { recursive: true });
    await test.close();
  });

  /** The questions that were not answered as they should be. */
  const wrong = (allowed: readonly boolean[]) =>
    set.questions.map((question, i) => ({ ...question, answer: allowed[i] })).filter((asked) => asked.answer !== answerHere(asked));
  const allowedOf = (answers: readonly Answer[]) => answers.map(({ allowed }) => allowed);

  it('makes a policy folder that `gatehouse policy check` finds nothing wrong with', async () => {
    expect(await checkPolicy(policyDir)).toEqual([]);
  });

  it('is served with every permission, category and role', async () => {
    const { categories, roles } = await readMatrix(set, root);
    expect(categories).toEqual(
      [...categoriesOf(set)].map(([key, permissions]) => ({
        key,
        permissionCount: permissions.length,
        permissions: permissions.map((permission) => ({ key: idOf(permission), title: permission, access: accessOf(permission).toUpperCase() })),
      })),
    );
    expect(roles).toEqual(
      systemRolesOf(set).map(({ key, permissions }) => ({
        key: idOf(key),
        permissionCount: permissions.length,
        permissions: permissions.map(idOf).sort(),
      })),
    );
  });

  it('counts what each role holds of each category', async () => {
    const categories = [...categoriesOf(set).keys()];
    const expected = systemRolesOf(set).flatMap(({ key, permissions }) => {
      const held = groupedBy(permissions, categoryOf);
      return categories.map((category) => ({ role: idOf(key), category, count: held.get(category)?.length ?? 0 }));
    });
    const counts = await readCounts(set, root);
    expect(counts.filter(({ role, category, count }, i) => {
      const right = expected[i];
      return role !== right?.role || category !== right.category || count !== right.count;
    })).toEqual([]);
    expect(counts).toHaveLength(expected.length);
  });

  it('gives every member exactly what their role holds, and in a department what the override there adds', async () => {
    const places = set.memberships.flatMap((membership) =>
      [undefined, ...(membership.departmentOverrides ?? []).map(({ department }) => department)].map((department) => ({ membership, department })),
    );
    await eachOf(places, async ({ membership, department }) => {
      const { role, effectivePermissions } = await readMembership(membership, department, root);
      const isOwn = set.roles.some(({ key, tenant }) => key === membership.role && tenant !== undefined);
      expect(role).toEqual({ key: idOf(membership.role), kind: isOwn ? 'CUSTOM' : 'SYSTEM' });
      expect(effectivePermissions.keys).toEqual(heldBy(set, membership, department));
    });
  });

  it('answers every question, asked one by one', async () => {
    expect(wrong(allowedOf(await askOneByOne(set.questions, root)))).toEqual([]);
  });

  it('answers every question, asked in lists of 100', async () => {
    expect(wrong(allowedOf(await askInLists(set.questions, 100, root)))).toEqual([]);
  });

  it('answers every question, asked for each user and place at once', async () => {
    expect(wrong(await askByPlace(set.questions, root))).toEqual([]);
  });

  const narrowed = set.questions.filter(({ modeSensitive, expected }) => modeSensitive === true && !expected);
  if (narrowed.length > 0) {
    it('grants by the primary role what the source takes away in a department: overrides only add', async () => {
      const answers = await askInLists(narrowed, 100, root);
      expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['GRANTED_BY_ROLE']));
    });
  }
});

it('never makes one key of two', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (key) => decodeURIComponent(idOf(key)) === key));
});
