import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

/** A setting that cannot be used: its message names the variable and says what to put there. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Edition = 'saas' | 'community';
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Null runs the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Whether the server is to prepare the statements that come often. */
  readonly databasePrepare: boolean;
  readonly dataDir: string;
  readonly policyDir: string;
  /** Where the role matrices and plans are that ship with the gateway. */
  readonly shippedPolicyDir: string;
  readonly edition: Edition;
  readonly rootKey: string | null;
  readonly oidc: OidcConfig | null;
  /** How old an answer may be, in milliseconds, where its caller asks for nothing fresher. */
  readonly stalenessMs: number;
  /** How much memory facts at hand may take, about. */
  readonly cacheBytes: number;
  readonly demo: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

const integer = (name: string, low: number, high: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `${name} must be a whole number from ${low} to ${high}.`)
    .transform(Number)
    .refine((value) => value >= low && value <= high, `${name} must be a whole number from ${low} to ${high}.`)
    .default(fallback);

const url = (name: string, protocols: readonly string[]) =>
  z.string().refine(
    (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
    `${name} must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  );

const flag = (name: string) =>
  z.enum(['true', 'false', '1', '0', 'on', 'off'], `${name} must be true or false.`).transform((text) => ['true', '1', 'on'].includes(text));

const schema = z.object({
  PORT: integer('PORT', 0, 65_535, 4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: url('DATABASE_URL', ['postgres:', 'postgresql:']).optional(),
  DATABASE_PREPARE: flag('DATABASE_PREPARE').default(true),
  DATA_DIR: z.string().default('.gatehouse'),
  POLICY_DIR: z.string().optional(),
  EDITION: z.enum(['saas', 'community'], 'EDITION must be saas or community.').default('saas'),
  GATEHOUSE_ROOT_KEY: z
    .string()
    .regex(/^[A-Za-z0-9\-._~+/]{8,255}=*$/, 'GATEHOUSE_ROOT_KEY must be 8 to 255 letters, digits or characters of -._~+/, as a Bearer token has them.')
    .optional(),
  OIDC_ISSUER: url('OIDC_ISSUER', ['https:', 'http:']).optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_JWKS_URL: url('OIDC_JWKS_URL', ['https:', 'http:']).optional(),
  STALENESS_MS: integer('STALENESS_MS', 0, 60_000, 1000),
  CACHE_MB: integer('CACHE_MB', 1, 65_536, 128),
  DEMO: flag('DEMO').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`).default('info'),
});

/**
 * The one reader of the environment. An empty variable counts as absent. Throws a ConfigError whose message has a line
 * for each variable that cannot be used.
 */
export function readConfig(env: NodeJS.ProcessEnv, shippedPolicyDir: string): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => issue.message).join('\n'));
  const settings = parsed.data;
  const databaseUrl = settings.DATABASE_URL ?? null;
  return {
    port: settings.PORT,
    host: settings.HOST,
    databaseUrl,
    databasePrepare: settings.DATABASE_PREPARE,
    dataDir: path(settings.DATA_DIR),
    policyDir: settings.POLICY_DIR === undefined ? shippedPolicyDir : path(settings.POLICY_DIR),
    shippedPolicyDir,
    edition: settings.EDITION,
    rootKey: settings.GATEHOUSE_ROOT_KEY ?? null,
    oidc: oidcOf(settings),
    stalenessMs: settings.STALENESS_MS,
    cacheBytes: settings.CACHE_MB * 1024 * 1024,
    demo: demoOf(settings),
    logLevel: settings.LOG_LEVEL,
  };
}

/** The demo's tenants are two, and the edition community has room for one. */
function demoOf({ DEMO: asked, EDITION: edition, DATABASE_URL: databaseUrl }: z.infer<typeof schema>): boolean {
  if (asked === true && edition === 'community') {
    throw new ConfigError('The demo data needs the edition saas: leave DEMO away, or set EDITION to saas.');
  }
  return asked ?? (databaseUrl === undefined && edition === 'saas');
}

/** A token is only as good as the check of its audience, so an issuer without one is refused. */
function oidcOf(settings: z.infer<typeof schema>): OidcConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = settings;
  if (issuer === undefined && audience === undefined && jwksUrl === undefined) return null;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) {
    throw new ConfigError('OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL go together: set all three, or none.');
  }
  return { issuer, audience, jwksUrl };
}

function path(text: string): string {
  return resolve(text.startsWith('~/') ? homedir() + text.slice(1) : text);
}
