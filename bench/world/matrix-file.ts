import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** What a matrix file says, expanded without the gateway's own reader, so that a fault there cannot hide from the oracle. */
export interface MatrixFile {
  readonly key: string;
  /** In the order of the file, those of global scope left out: no role holds them. */
  readonly permissions: readonly string[];
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Written {
  readonly key: string;
  readonly categories: readonly { readonly key: string; readonly permissions: readonly { readonly key: string; readonly scope?: string }[] }[];
  readonly roles: readonly { readonly key: string; readonly permissions: readonly string[]; readonly except?: readonly string[] }[];
}

export function readMatrixFile(path: string): MatrixFile {
  const written = load(readFileSync(path, 'utf8')) as Written;
  const byCategory = new Map(
    written.categories.map(({ key, permissions }) => [key, permissions.filter(({ scope }) => scope !== 'global').map((permission) => permission.key)]),
  );
  const permissions = [...byCategory.values()].flat();
  const expand = (pattern: string): readonly string[] => {
    if (pattern === '*') return permissions;
    return pattern.endsWith('.*') ? byCategory.get(pattern.slice(0, -2))! : [pattern];
  };
  const held = ({ permissions: given, except = [] }: Written['roles'][number]): ReadonlySet<string> => {
    const set = new Set(given.flatMap(expand));
    for (const taken of except.flatMap(expand)) set.delete(taken);
    return set;
  };
  return { key: written.key, permissions, roles: new Map(written.roles.map((role) => [role.key, held(role)])) };
}
