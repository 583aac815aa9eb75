import { mkdir, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { FEATURES } from '../../src/domain/plan.js';
import { checkPolicy, loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { formatProblem, PolicyError } from '../../src/policy/policy-error.js';
import { OPEN_GUARDS, PLANS_YAML, policyFolder, SHOP_YAML } from './policy-fixture.js';

const CRM_JSON = JSON.stringify(
  {
    key: 'crm',
    version: 3,
    adminRoles: ['boss'],
    categories: [
      { key: 'leads', permissions: [{ key: 'leads.read', access: 'read' }, { key: 'leads.write', title: 'Edit \u{1f4c8}' }] },
    ],
    roles: [{ key: 'boss', permissions: ['*'] }],
    guards: OPEN_GUARDS,
  },
  null,
  '\t',
);

/** Problems with the folder's own path taken out. */
async function problemsIn(dir: string): Promise<string[]> {
  const problems = await checkPolicy(dir);
  return problems.map((problem) => formatProblem(problem).replaceAll(`${dir}/`, '').replaceAll(dir, '<dir>'));
}

describe('a policy folder', () => {
  it('serves YAML and JSON matrices side by side, in the order of their file names', async () => {
    const dir = await policyFolder({ 'b.yml': SHOP_YAML, 'a.json': CRM_JSON, 'README.md': '# not a matrix' });
    const { matrices, plans } = await loadPolicyFolder(dir);
    expect(matrices.map(({ matrix }) => [matrix.key, matrix.version])).toEqual([['crm', 3], ['shop', 1]]);
    expect(plans.defaultPlan).toBe('basic');
  });

  it('follows symbolic links, as mounted configuration has them', async () => {
    const dir = await policyFolder({ 'shop.yaml': SHOP_YAML });
    const mounted = await policyFolder({});
    await symlink(join(dir, 'shop.yaml'), join(mounted, 'shop.yaml'));
    expect(await problemsIn(mounted)).toEqual([]);
  });

  it('accepts a byte order mark', async () => {
    expect(await problemsIn(await policyFolder({ 'shop.yaml': `\ufeff${SHOP_YAML}` }))).toEqual([]);
  });

  it('fills in what may be left out: title, name, access write, scope workspace, surface all', async () => {
    const { matrices } = await loadPolicyFolder(await policyFolder({ 'crm.json': CRM_JSON }));
    const { matrix, source } = matrices.at(0)!;
    expect(matrix).toMatchObject({ title: 'crm', ownerRole: null, aliases: new Map() });
    expect(matrix.findPermission('leads.read')).toEqual({
      key: 'leads.read', title: 'leads.read', category: 'leads', access: 'READ', scope: 'WORKSPACE', index: 0,
    });
    expect(matrix.findPermission('leads.write')).toMatchObject({ title: 'Edit \u{1f4c8}', access: 'WRITE' });
    expect(matrix.findRole('boss')).toMatchObject({ name: 'boss', description: null, kind: 'SYSTEM', surface: 'ALL' });
    expect(source).toEqual(JSON.parse(CRM_JSON));
  });

  it('reports the problems of every file, and raises them as one error', async () => {
    const dir = await policyFolder({
      'a.yaml': SHOP_YAML.replace('version: 1', 'version: 0').replace('title: Shop', 'titel: Shop'),
      'b.json': '{"key": "crm",\n "key": "crm"}',
      'plans.yaml': 'default: gold\nplans:\n  - { key: basic, features: [] }\n',
    });
    const expected = [
      'plans.yaml:1: "gold" is none of the plans',
      expect.stringMatching(/^a\.yaml:2: unknown field "titel"; /),
      'a.yaml:3: "version" must be at least 1',
      'b.json:2: the key "key" appears twice in one mapping',
    ];
    expect(await problemsIn(dir)).toEqual(expected);
    const error = await loadPolicyFolder(dir).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PolicyError);
    expect((error as PolicyError).message.replaceAll(`${dir}/`, '').split('\n')).toEqual(expected);
  });

  it('stops listing after a hundred problems of one file', async () => {
    const grants = Array.from({ length: 250 }, (_, i) => `      - orders.x${i}\n`).join('');
    const problems = await problemsIn(await policyFolder({ 'a.yaml': SHOP_YAML.replace('      - orders.refund\n', grants) }));
    expect(problems).toHaveLength(101);
    expect(problems.at(0)).toBe('a.yaml:28: "orders.x0" names no permission of this matrix');
    expect(problems.at(-1)).toBe('a.yaml:127: 150 more problems are not shown');
  });
});

describe('a policy folder that cannot be served', () => {
  const cases: readonly [string, Readonly<Record<string, string | Uint8Array>>, readonly string[]][] = [
    ['without a matrix', {}, ['<dir>:1: the folder holds no role matrix']],
    [
      'with two matrices of one key',
      { 'a.yaml': SHOP_YAML, 'b.yaml': `# a copy\n${SHOP_YAML}` },
      ['b.yaml:2: the matrix key "shop" is taken by a.yaml'],
    ],
    ['with text that is not UTF-8', { 'a.yaml': new Uint8Array([0x6b, 0xff, 0xfe]) }, ['a.yaml:1: is not UTF-8 text']],
    [
      'with a plan listed twice',
      { 'a.yaml': SHOP_YAML, 'plans.yaml': `${PLANS_YAML}  - { key: basic, features: [] }\n` },
      ['plans.yaml:4: the plan "basic" is listed twice (first on line 3)'],
    ],
    [
      'with an unknown feature',
      { 'a.yaml': SHOP_YAML, 'plans.yaml': 'default: basic\nplans:\n  - key: basic\n    features:\n      - SSO\n' },
      [`plans.yaml:5: an entry of "features" must be ${FEATURES.join(' or ')}, but is the text "SSO"`],
    ],
    [
      'with a feature listed twice',
      { 'a.yaml': SHOP_YAML, 'plans.yaml': 'default: a\nplans: [{ key: a,\n features: [CUSTOM_ROLES, CUSTOM_ROLES] }]\n' },
      ['plans.yaml:3: the feature "CUSTOM_ROLES" is listed twice (first on line 3)'],
    ],
  ];
  it.each(cases)('is refused %s', async (_name, files, expected) => {
    expect(await problemsIn(await policyFolder(files))).toEqual(expected);
  });

  it('takes the plans that ship with the gateway where it has none of its own', async () => {
    const dir = await policyFolder({ 'a.yaml': SHOP_YAML });
    await rm(join(dir, 'plans.yaml'));
    const { plans } = await loadPolicyFolder(dir, join(import.meta.dirname, '..', '..', 'policy'));
    expect([...plans.plans.keys()]).toEqual(['community', 'team', 'enterprise']);
  });

  it('is refused where there are no plans at all, whatever else is called plans', async () => {
    const dir = await policyFolder({ 'a.yaml': SHOP_YAML });
    const bare = await mkdir(join(dir, 'bare')).then(() => join(dir, 'bare'));
    await symlink(join(dir, 'a.yaml'), join(bare, 'a.yaml'));
    await symlink(join(dir, 'plans.yaml'), join(bare, 'plans.yml'));
    const problems = await problemsIn(bare);
    expect(problems[0]).toBe('plans.yaml:1: cannot be read: ENOENT: no such file or directory');
    expect(problems).toContainEqual(expect.stringMatching(/^plans\.yml:1: unknown field "default"; /));
  });

  it('is refused where it does not exist', async () => {
    const dir = join(await policyFolder({}), 'absent');
    expect(await problemsIn(dir)).toEqual(['<dir>:1: the folder cannot be read: ENOENT: no such file or directory']);
  });

  it('is refused with a file over 64 MB, before it is read', async () => {
    const dir = await policyFolder({ 'a.yaml': '', 'shop.yaml': SHOP_YAML });
    await truncate(join(dir, 'a.yaml'), 64 * 1024 * 1024 + 1);
    expect(await problemsIn(dir)).toEqual(['a.yaml:1: is larger than 64 MB']);
  });

  it('is refused with a folder or a dangling link in the place of a file', async () => {
    const dir = await policyFolder({ 'shop.yaml': SHOP_YAML });
    await mkdir(join(dir, 'a.yaml'));
    await symlink(join(dir, 'absent'), join(dir, 'b.yaml'));
    expect(await problemsIn(dir)).toEqual([
      'a.yaml:1: is not a regular file',
      'b.yaml:1: cannot be read: ENOENT: no such file or directory',
    ]);
  });
});
