import { canonicalDigest } from '../../src/policy/canonical-digest.js';
import { buildMatrix, type MatrixSource } from '../../src/policy/matrix-source.js';
import { PolicyError } from '../../src/policy/policy-error.js';
import { OPEN_GUARDS } from './policy-fixture.js';

type Grants = Pick<MatrixSource['roles'][number], 'permissions' | 'except'>;

/** Permissions by category; a key that begins with "!" is global. */
type Catalogue = Readonly<Record<string, readonly string[]>>;

function matrixSource(categories: Catalogue, role: Grants, rest: Partial<MatrixSource> = {}): MatrixSource {
  return {
    key: 'm',
    version: 1,
    adminRoles: ['r'],
    categories: Object.entries(categories).map(([key, permissions]) => ({
      key,
      permissions: permissions.map((p) => (p.startsWith('!') ? { key: p.slice(1), scope: 'global' } : { key: p })),
    })),
    roles: [{ key: 'r', ...role }],
    guards: { ...OPEN_GUARDS },
    ...rest,
  };
}

const CATALOGUE = {
  files: ['files.read', 'files.write', '!files.purge'],
  notes: ['notes.read', 'other.key'],
  host: ['!host.boot'],
};

const EXPANSIONS: readonly [string, Grants, readonly string[]][] = [
  ['"*" stands for all of scope workspace', { permissions: ['*'] }, ['files.read', 'files.write', 'notes.read', 'other.key']],
  ['"<category>.*" stands for the category\'s of scope workspace', { permissions: ['files.*'] }, ['files.read', 'files.write']],
  ['"<category>.*" goes by the category, not by how keys begin', { permissions: ['notes.*'] }, ['notes.read', 'other.key']],
  ['except takes from what was granted', { permissions: ['*'], except: ['files.*', 'other.key'] }, ['notes.read']],
  ['except wins over an exact key', { permissions: ['files.read', 'notes.read'], except: ['notes.read'] }, ['files.read']],
  ['except of everything leaves nothing', { permissions: ['*'], except: ['*'] }, []],
  ['except may name what was never granted', { permissions: ['files.read'], except: ['notes.*'] }, ['files.read']],
  ['overlapping grants count once', { permissions: ['files.read', 'files.*', 'files.read'] }, ['files.read', 'files.write']],
  ['a role may hold nothing', { permissions: [] }, []],
];

describe('what a role is granted', () => {
  it.each(EXPANSIONS)('%s', (_name, grants, expected) => {
    const matrix = buildMatrix(matrixSource(CATALOGUE, grants));
    expect(matrix.keysOf(matrix.findRole('r')!.permissions)).toEqual(expected);
  });

  const LOOKALIKES = { a: ['a.x', 'a.*', '*', 'a.y'], 'a.b': ['a.b.c'], 'x.*': ['x.z'] };
  it.each([
    ['"*"', ['*'], ['*']],
    ['"a.*"', ['a.*'], ['a.*']],
    ['"a.b.*", a category with a dot', ['a.b.*'], ['a.b.c']],
    ['"x.*.*", a category with a star', ['x.*.*'], ['x.z']],
  ])('reads %s as the exact key or category that it is', (_name, permissions, expected) => {
    const matrix = buildMatrix(matrixSource(LOOKALIKES, { permissions }));
    expect(matrix.keysOf(matrix.findRole('r')!.permissions)).toEqual(expected);
  });
});

describe('what an account role is granted', () => {
  it('includes global permissions, by exact key and by category', () => {
    const accountRoles = { admin: ['files.*'], member: ['host.boot', 'notes.read'], viewer: [] };
    const matrix = buildMatrix(matrixSource(CATALOGUE, { permissions: [] }, { accountRoles }));
    expect(matrix.keysOf(matrix.permissionsOfAccountRole('ADMIN')!)).toEqual(['files.read', 'files.write', 'files.purge']);
    expect(matrix.keysOf(matrix.permissionsOfAccountRole('MEMBER')!)).toEqual(['notes.read', 'host.boot']);
    expect(matrix.permissionsOfAccountRole('VIEWER')!.isEmpty).toBe(true);
    expect(matrix.permissionsOfAccountRole('OWNER')).toBeUndefined();
  });
});

describe('a guard', () => {
  it('of a reserved capability has no effect, whatever it names', () => {
    const guards = { ...OPEN_GUARDS, 'tenant.delete': 'member', 'tenant.transfer': 'files.read', 'audit.read': 'files.read' };
    const matrix = buildMatrix(matrixSource(CATALOGUE, { permissions: [] }, { guards }));
    expect([matrix.guardOf('tenant.delete'), matrix.guardOf('tenant.transfer')]).toEqual([undefined, undefined]);
    expect([matrix.guardOf('audit.read'), matrix.guardOf('role.read')]).toEqual([{ permission: 'files.read' }, 'member']);
  });
});

describe('a source from the database', () => {
  it('that names a permission which does not exist is refused, and says where', () => {
    const source = matrixSource(CATALOGUE, { permissions: ['files.read', 'files.burn'] });
    const reason = 'roles[0].permissions[1]: "files.burn" names no permission of this matrix';
    expect(() => buildMatrix(source)).toThrow(new PolicyError([{ file: 'role matrix "m"', line: 1, reason }]));
  });
});

describe('the digest of a source', () => {
  const REVERSED = Object.fromEntries(Object.entries(CATALOGUE).toReversed());
  const digest = canonicalDigest(matrixSource(CATALOGUE, { permissions: ['*'] }));

  it('stays the same for ever, so that stored digests keep their meaning', () => {
    expect(canonicalDigest({ b: [1, 'é', null, [], {}], a: { d: true, c: 'x' } })).toBe(
      // sha256 of {"a":{"c":"x","d":true},"b":[1,"é",null,[],{}]}
      '3ade6f2840ea9891b6a1649c8db06f1b506bb2cd81bb32af9fee96f4ff20d380',
    );
  });

  it('does not depend on the order of keys, nor on absent fields', () => {
    const { guards, key, ...rest } = matrixSource(CATALOGUE, { permissions: ['*'] });
    const reversed = Object.fromEntries(Object.entries(guards).toReversed());
    expect(canonicalDigest({ ...rest, guards: reversed, title: undefined, key })).toBe(digest);
  });

  it.each([
    ['a grant changes', matrixSource(CATALOGUE, { permissions: ['files.*'] })],
    ['the order of a list changes', matrixSource(REVERSED, { permissions: ['*'] })],
    ['the version rises', matrixSource(CATALOGUE, { permissions: ['*'] }, { version: 2 })],
  ])('changes where %s', (_name, source) => {
    expect(canonicalDigest(source)).not.toBe(digest);
  });
});
