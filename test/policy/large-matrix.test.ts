import { PermissionSet } from '../../src/domain/permission-set.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { OPEN_GUARDS, policyFolder } from './policy-fixture.js';

const CATEGORIES = 140;
const PER_CATEGORY = 100;
const ROLES = 2500;
const TOTAL = CATEGORIES * PER_CATEGORY;

/** The categories that role `r` does without: thirty, where it holds the rest by wildcard. */
function missing(r: number): number[] {
  return Array.from({ length: 30 }, (_, i) => (r * 7 + i) % CATEGORIES);
}

/** The indices of the sixty permissions that role `r` lists one by one. */
function listed(r: number): number[] {
  return Array.from({ length: 60 }, (_, i) => (r * 613 + i * 37) % TOTAL);
}

function indicesOf(category: number): number[] {
  return Array.from({ length: PER_CATEGORY }, (_, p) => category * PER_CATEGORY + p);
}

function equal(set: PermissionSet, indices: readonly number[]): boolean {
  const expected = PermissionSet.of(TOTAL, indices);
  return set.isSupersetOf(expected) && expected.isSupersetOf(set);
}

const keyOf = (index: number): string => `svc${Math.floor(index / PER_CATEGORY)}/kind${index % PER_CATEGORY}/action`;

/** Every other role holds all but thirty categories; the others list sixty permissions. */
function cloud(): string {
  const lines = ['key: cloud', 'version: 1', 'adminRoles: [role0]', 'categories:'];
  for (let c = 0; c < CATEGORIES; c++) {
    lines.push(`  - key: svc${c}`, '    permissions:');
    lines.push(...indicesOf(c).map((index) => `      - { key: ${keyOf(index)}, access: ${index % 3 === 0 ? 'read' : 'write'} }`));
  }
  lines.push('roles:');
  for (let r = 0; r < ROLES; r++) {
    lines.push(`  - key: role${r}`);
    if (r % 2 === 0) lines.push('    permissions:', ...listed(r).map((index) => `      - ${keyOf(index)}`));
    else lines.push('    permissions: ["*"]', `    except: [${missing(r).map((c) => `svc${c}.*`).join(', ')}]`);
  }
  lines.push('guards:', ...Object.entries(OPEN_GUARDS).map(([name, demand]) => `  ${name}: ${demand}`));
  return `${lines.join('\n')}\n`;
}

it('expands a cloud\'s 14,000 permissions and 2,500 roles to the bit', async () => {
  const { matrices } = await loadPolicyFolder(await policyFolder({ 'cloud.yaml': cloud() }));
  const { matrix } = matrices.at(0)!;
  expect([matrix.permissions.length, matrix.roles.size]).toEqual([TOTAL, ROLES]);
  expect(matrix.permissions.every(({ index, key }, i) => index === i && key === keyOf(i))).toBe(true);
  const wrong = Array.from({ length: ROLES }, (_, r) => r).filter((r) => {
    const held = matrix.findRole(`role${r}`)!.permissions;
    return r % 2 === 0 ? !equal(held, listed(r)) : !equal(matrix.all.difference(held), missing(r).flatMap(indicesOf));
  });
  expect(wrong).toEqual([]);
});

it('finds the one slip in a cloud\'s matrix, and its line', async () => {
  const text = cloud();
  const slip = text.lastIndexOf('svc7/kind');
  const line = text.slice(0, slip).split('\n').length;
  const dir = await policyFolder({ 'cloud.yaml': `${text.slice(0, slip)}svc7/kond${text.slice(slip + 'svc7/kind'.length)}` });
  const message = new RegExp(`cloud\\.yaml:${line}: "svc7/kond\\d+/action" names no permission of this matrix$`);
  await expect(loadPolicyFolder(dir)).rejects.toThrow(message);
});
