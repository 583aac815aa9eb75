import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { DENIAL_REASONS, GRANT_REASONS } from '../../src/domain/decision.js';
import type { World } from './world.js';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const sentence = z.string().regex(/^[a-z].*[^.]$/, 'a name is a sentence without a capital and a full stop');
const until = time.nullable().default(null);
const status = z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE');

const override = z.strictObject({ role: z.string(), expiresAt: until });

const member = z.strictObject({
  role: z.string(),
  status,
  customer: z.string().nullable().default(null),
  expiresAt: until,
  overrides: z.record(z.string(), override).default({}),
});

const role = z.strictObject({ permissions: z.array(z.string()), surface: z.enum(['ALL', 'WIDGET_ONLY']).default('ALL') });

const tenant = z.strictObject({
  matrix: z.string(),
  plan: z.string(),
  status,
  departments: z.array(z.string()).default([]),
  customers: z.array(z.string()).default([]),
  roles: z.record(z.string(), role).default({}),
  members: z.record(z.string(), member).default({}),
});

const user = z.strictObject({
  accountRole: z.enum(['OWNER', 'ADMIN', 'MEMBER', 'VIEWER']).default('MEMBER'),
  status: z.enum(['ACTIVE', 'DISABLED']).default('ACTIVE'),
});

const world = z.strictObject({
  tenants: z.record(z.string(), tenant).default({}),
  users: z.record(z.string(), user).default({}),
});

const about = {
  name: sentence,
  /** Laid over the file's world: maps are merged, lists replaced, and `null` takes an entry away. */
  given: z.looseObject({}).default({}),
  at: time.default(Date.parse('2026-01-01T00:00:00Z')),
  /** Why no gateway would let this state arise: the case is put to the rules alone. */
  domainOnly: sentence.optional(),
};

const nowhere = z.string().nullable().default(null);
const askedIn = {
  tenant: z.string(),
  department: nowhere,
  customer: nowhere,
  surface: z.enum(['PLATFORM', 'WIDGET']).default('PLATFORM'),
};

const decisionCase = z.strictObject({
  ...about,
  ask: z.strictObject({ ...askedIn, user: z.string(), permission: z.string(), owner: nowhere }),
  want: z.strictObject({
    allowed: z.boolean(),
    reason: z.enum([...GRANT_REASONS, ...DENIAL_REASONS]),
    /** Absent where no role settled the answer. */
    role: z.string().nullable().default(null),
  }),
});

const effectiveCase = z.strictObject({
  ...about,
  ask: z.strictObject({ ...askedIn, user: z.string() }),
  want: z.strictObject({
    count: z.number().int(),
    keys: z.array(z.string()).optional(),
    /** How many permissions are held of a category; categories that are not named are not compared. */
    categories: z.record(z.string(), z.number().int()).default({}),
    role: z.string().nullable(),
    departmentRoles: z.array(z.strictObject({ department: z.string(), role: z.string() })).default([]),
    reason: z.enum(DENIAL_REASONS).nullable().default(null),
  }),
});

/** Every user of the world who may do it there, in the order of their ids. */
const whoCase = z.strictObject({
  ...about,
  ask: z.strictObject({ ...askedIn, permission: z.string() }),
  want: z.array(z.string()),
});

const file = z.strictObject({
  idea: sentence,
  world: z.looseObject({}),
  cases: z.array(z.unknown()).default([]),
  effective: z.array(z.unknown()).default([]),
  who: z.array(z.unknown()).default([]),
});

/** A case with the whole world that it is asked in. */
export type InWorld<Case> = Case & { readonly world: World };
export type DecisionCase = InWorld<z.output<typeof decisionCase>>;
export type EffectiveCase = InWorld<z.output<typeof effectiveCase>>;
export type WhoCase = InWorld<z.output<typeof whoCase>>;

export interface CaseFile {
  readonly name: string;
  readonly idea: string;
  readonly cases: readonly DecisionCase[];
  readonly effective: readonly EffectiveCase[];
  readonly who: readonly WhoCase[];
}

/** Every case file of the folder. Throws, with file and case, at the first that is not exactly of the format. */
export function loadCaseFiles(folder: string): CaseFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.toSorted().map((name) => readCaseFile(name, readFileSync(join(folder, name), 'utf8')));
}

/** Throws an error that names the file, and the case where there is one. */
export function readCaseFile(name: string, text: string): CaseFile {
  const { idea, world: base, ...lists } = parse(file, load(text), name);
  const cases = lists.cases.map((item) => inWorld(decisionCase, base, item, name));
  const effective = lists.effective.map((item) => inWorld(effectiveCase, base, item, name));
  const who = lists.who.map((item) => inWorld(whoCase, base, item, name));
  for (const { name: caseName, want } of cases) {
    const grants = GRANT_REASONS.some((reason) => reason === want.reason);
    if (want.allowed !== grants) throw new Error(`${name}: case "${caseName}": ${want.reason} is not what allowed says`);
  }
  const twice = duplicates([...cases, ...effective, ...who].map((item) => item.name));
  if (twice.length > 0) throw new Error(`${name}: case "${twice[0]}": the name is taken`);
  return { name: basename(name, '.yaml'), idea, cases, effective, who };
}

type AnyCase = z.ZodType<{ given: object; domainOnly?: string | undefined }>;

function inWorld<S extends AnyCase>(schema: S, base: unknown, item: unknown, name: string): InWorld<z.output<S>> {
  const place = `${name}: case "${isMap(item) ? String(item['name']) : JSON.stringify(item)}"`;
  const parsed = parse(schema, item, place);
  const whole = parse(world, overlay(base, parsed.given), place);
  const dangling = parsed.domainOnly === undefined ? danglingReferences(whole) : [];
  if (dangling.length > 0) throw new Error(`${place}: ${dangling.join('; ')}`);
  return { ...parsed, world: whole };
}

function parse<S extends z.ZodType>(schema: S, value: unknown, place: string): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`${place}: ${z.prettifyError(result.error)}`);
  return result.data;
}

function overlay(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) merged.delete(key);
    else merged.set(key, overlay(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function danglingReferences({ tenants, users }: World): string[] {
  return Object.entries(tenants).flatMap(([tenantId, { departments, customers, members }]) =>
    Object.entries(members).flatMap(([userId, { customer, overrides }]) => [
      ...(Object.hasOwn(users, userId) ? [] : [`${tenantId} has the member ${userId}, who is no user`]),
      ...[customer]
        .filter((id) => id !== null && !customers.includes(id))
        .map((id) => `${userId} is bound to ${id}, no customer of ${tenantId}`),
      ...Object.keys(overrides)
        .filter((department) => !departments.includes(department))
        .map((department) => `${userId} has an override in ${department}, no department of ${tenantId}`),
    ]),
  );
}

function duplicates(names: readonly string[]): string[] {
  return names.filter((name, position) => names.indexOf(name) !== position);
}
