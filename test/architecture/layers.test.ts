import { findings } from './rules.js';
import { readSource } from './source-file.js';
import { sourcesOf } from './tree.js';

const findingsIn = (path: string, text: string): string[] => findings(readSource(path, text));

describe('the tree', () => {
  const files = sourcesOf('src', 'migrations');

  it('keeps to the architecture', () => {
    expect(files.flatMap(findings)).toEqual([]);
  });

  it('is read whole', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['src/config.ts', 'src/domain/decide.ts', 'src/storage/transaction.ts']));
    expect(paths).toEqual(expect.arrayContaining([expect.stringMatching(/^migrations\/\d+-/)]));
    const targets = files.flatMap(({ imports }) => imports.map(({ target }) => target));
    expect(targets).toEqual(expect.arrayContaining(['src/domain/matrix.ts', 'typeorm']));
  });
});

/** The sentence of the design: the left never imports the right. */
const LEFT_TO_RIGHT = ['domain', 'policy', 'access', 'graphql', 'features', 'http', 'app', 'main'];
const FILE_IN: Readonly<Record<string, string>> = { app: 'src/app.ts', main: 'src/main.ts' };
const fileIn = (layer: string): string => FILE_IN[layer] ?? `src/${layer}/thing.ts`;
const pairs = LEFT_TO_RIGHT.flatMap((left, at) => LEFT_TO_RIGHT.slice(at + 1).map((right) => [left, right] as const));

function importOf(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `import { thing } from '${up}${to.replace(/\.ts$/, '.js')}';`;
}

describe('layers', () => {
  it.each(pairs)('%s does not import %s', (left, right) => {
    const [found, ...more] = findingsIn(fileIn(left), importOf(fileIn(left), fileIn(right)));
    expect(found).toMatch(new RegExp(`^${fileIn(left)}:1: imports \\.\\./\\S+, but .{30,}`));
    expect(more).toEqual([]);
  });

  it.each(pairs.filter(([left, right]) => left !== 'app' && right !== 'main'))('%s may be imported by %s', (left, right) => {
    expect(findingsIn(fileIn(right), importOf(fileIn(right), fileIn(left)))).toEqual([]);
  });

  it.each(LEFT_TO_RIGHT.filter((layer) => layer !== 'domain'))('storage knows the domain and errors, not %s', (layer) => {
    expect(findingsIn('src/storage/thing.ts', importOf('src/storage/thing.ts', fileIn(layer)))).not.toEqual([]);
  });
});

/** What the file does, its path, and its text. */
type Case = readonly [what: string, path: string, text: string];

const SERVICE = 'src/features/roles/role.service.ts';
const STORE = 'src/features/roles/role.store.ts';
const RESOLVER = 'src/features/roles/role.resolver.ts';

const REFUSED: readonly Case[] = [
  ['a package in the domain', 'src/domain/a.ts', "import { z } from 'zod';"],
  ["one of Node's modules in the domain", 'src/domain/a.ts', "import { randomUUID } from 'node:crypto';"],
  ['errors in the domain', 'src/domain/a.ts', "import { badInput } from '../errors.js';"],
  ["another layer's type in the domain", 'src/domain/a.ts', "import type { A } from '../policy/a.js';"],
  ["another layer's type inside a type", 'src/domain/a.ts', "export type A = import('../policy/a.js').A;"],
  ['an import that waits for its moment', 'src/domain/a.ts', "export const a = async () => import('../policy/a.js');"],
  ['anything in errors', 'src/errors.ts', "import { a } from './domain/a.js';"],
  ['a package in errors', 'src/errors.ts', "import { GraphQLError } from 'graphql';"],
  ['settings in a feature', SERVICE, "import { readConfig } from '../../config.js';"],
  ['settings as values in access', 'src/access/a.ts', "import { type Config, readConfig } from '../config.js';"],
  ['storage in access', 'src/access/a.ts', "import { Store } from '../storage/store.js';"],
  ['storage in the GraphQL kit', 'src/graphql/a.ts', "import type { Store } from '../storage/store.js';"],
  ['code in a migration', 'migrations/1-a.ts', "import { KEY } from '../src/domain/identifier.js';"],
  ['GraphQL in a service', SERVICE, "import { GraphQLError } from 'graphql';"],
  ['type-graphql in a service', SERVICE, "import { Field } from 'type-graphql';"],
  ['Apollo in a service', SERVICE, "import type { BaseContext } from '@apollo/server';"],
  ['the GraphQL kit in a service', SERVICE, "import { a } from '../../graphql/a.js';"],
  ['GraphQL in a store', STORE, "import { GraphQLError } from 'graphql';"],
  ['a resolver in a service', SERVICE, "import { R } from './role.resolver.js';"],
  ['TypeORM in a service', SERVICE, "import type { EntityManager } from 'typeorm';"],
  ['TypeORM in a resolver', RESOLVER, "import { In } from 'typeorm';"],
  ['TypeORM in http', 'src/http/health.ts', "import type { DataSource } from 'typeorm';"],
  ['a driver in a store', STORE, "import { Pool } from 'pg';"],
  ['the embedded database outside storage', 'src/app.ts', "import { PGlite } from '@electric-sql/pglite';"],
  ['a store in a resolver', RESOLVER, "import type { RoleStore } from './role.store.js';"],
  ['a transaction in a resolver', RESOLVER, "import { a } from '../../storage/transaction.js';"],
  ['a service in a store', STORE, "import type { S } from './role.service.js';"],
  ['a test in the product', 'src/http/a.ts', "import { world } from '../../test/support/world.js';"],
  ['a barrel', 'src/features/roles/roles.ts', "export * from './role.service.js';"],
  ['a name passed on', 'src/features/roles/roles.ts', "export { RoleService } from './role.service.js';"],
  ['a type passed on', 'src/features/roles/roles.ts', "export type { Role } from './role.types.js';"],
  ['an index', 'src/features/roles/index.ts', 'export const a = 1;'],
  ['a file named utils', 'src/http/utils.ts', 'export const a = 1;'],
  ['a helper by a longer name', 'src/http/date-helpers.ts', 'export const a = 1;'],
  ['a manager', 'src/features/roles/role.manager.ts', 'export const a = 1;'],
  ['a folder named common', 'src/graphql/common/a.ts', 'export const a = 1;'],
  ['a folder that is no layer', 'src/services/role.ts', 'export const a = 1;'],
  ['BEGIN', STORE, "export const a = 'BEGIN';"],
  ['begin with its isolation', 'src/storage/store.ts', 'export const a = `\n  begin isolation level serializable;`;'],
  ['COMMIT behind another statement', 'src/storage/store.ts', "export const a = 'DELETE FROM a; COMMIT';"],
  ['ROLLBACK to a savepoint', 'src/storage/store.ts', 'export const a = (name: string) => `ROLLBACK TO ${name}`;'],
  ['START TRANSACTION', 'src/storage/store.ts', "export const a = 'START TRANSACTION READ ONLY';"],
  ['SET ROLE', 'src/storage/store.ts', "export const a = 'SET ROLE gatehouse';"],
  ['a setting of the session', 'src/storage/data-source.ts', "export const a = 'SET statement_timeout = 100';"],
  ['a setting in lower case', 'src/storage/data-source.ts', "export const a = 'set session characteristics';"],
  ['a setting whose value is computed', 'src/storage/a.ts', 'export const a = (ms: number) => `set lock_timeout to ${ms}`;'],
  ['a setting by its function', 'src/storage/a.ts', `export const a = "SELECT set_config('role', $1, false)";`],
  ['a silenced lint rule', 'src/http/a.ts', '// oxlint-disable-next-line no-console\nexport const a = 1;'],
  ['a silenced compiler', 'src/http/a.ts', '// @ts-expect-error it is a string\nexport const a: number = 1;'],
  ['a type forced by way of unknown', 'src/http/a.ts', 'export const a = (1 as unknown) as string;'],
];

const ALLOWED: readonly Case[] = [
  ['the domain inside the domain', 'src/domain/a.ts', "import { b } from './b.js';"],
  ["settings' types in access", 'src/access/a.ts', "import { type OidcConfig } from '../config.js';"],
  ['TypeORM in a store', STORE, "import { In } from 'typeorm';"],
  ['TypeORM in storage', 'src/storage/a.ts', "import { DataSource } from 'typeorm';"],
  ['migrations in storage', 'src/storage/a.ts', "import { MIGRATIONS } from '../../migrations/index.js';"],
  ['TypeORM and its own SQL in a migration', 'migrations/1-a.ts', "import 'typeorm'; import './sql.js';"],
  ['a store in a service', SERVICE, "import { RoleStore } from './role.store.js';"],
  ['GraphQL in a resolver', RESOLVER, "import { Query } from 'type-graphql';"],
  ['a package that begins like a driver', 'src/http/a.ts', "import 'pg-pool';"],
  ['BEGIN in the one place', 'src/storage/transaction.ts', "export const a = ['BEGIN', 'SET LOCAL x = 1'];"],
  ['a setting of the transaction', 'src/storage/a.ts', `export const a = "SELECT set_config('role', $1, true)";`],
  ['the SET of an UPDATE', STORE, 'export const a = `UPDATE tenants\n  SET revision = revision + 1`;'],
  ['a sentence about setting', 'src/http/a.ts', "export const a = 'Set DEMO to true, and begin again.';"],
  ['a comment that names a statement', 'src/http/a.ts', '// BEGIN; SET ROLE\nexport const a = 1;'],
];

describe('rules', () => {
  it.each(REFUSED)('refuse %s, and say what to do instead', (_, path, text) => {
    const found = findingsIn(path, text);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatch(new RegExp(`^${path}:\\d+: .+[:,] .+\\.$`));
  });

  it.each(ALLOWED)('allow %s', (_, path, text) => {
    expect(findingsIn(path, text)).toEqual([]);
  });

  it('name the line of what they refuse', () => {
    const text = '// ünïcode\nexport const a = 1;\n\nimport {\n  thing,\n} from "../http/thing.js";\n';
    expect(findingsIn('src/access/a.ts', text)).toEqual([expect.stringMatching(/^src\/access\/a\.ts:4: /)]);
  });

  it('do not pass over a file that they cannot read', () => {
    expect(() => readSource('src/http/a.ts', 'import {')).toThrow('src/http/a.ts');
  });
});
