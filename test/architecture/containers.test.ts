import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from './tree.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of each stage, with continued lines joined and comments gone. */
function stagesOf(dockerfile: string): Instruction[][] {
  const lines = dockerfile.replaceAll(/\\\n\s*/g, '').split('\n');
  const stages: Instruction[][] = [];
  for (const line of lines.filter((text) => /^[A-Z]/.test(text))) {
    const [name = '', ...rest] = line.split(' ');
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, rest: rest.join(' ') });
  }
  return stages;
}

const only = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

/** What a stage copies out of the repository. */
const copied = (stage: readonly Instruction[]): string[] =>
  only(stage, 'COPY').filter((rest) => !rest.startsWith('--from')).flatMap((rest) => rest.split(' ').slice(0, -1));

describe('the image', () => {
  const [build = [], runtime = []] = stagesOf(read('Dockerfile'));

  it('copies only what exists, and what the builder is sent', () => {
    const sent = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const sources = [...new Set([...copied(build), ...copied(runtime)])];
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.toSorted()).toEqual(sent.toSorted());
    expect(read('.dockerignore')).toMatch(/^\*$/m);
  });

  it('has before it builds whatever the build names', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = (scripts.build ?? '').split(/\s+/).filter((word) => existsSync(join(ROOT, word)));
    expect(named.length).toBeGreaterThanOrEqual(2);
    expect(named.filter((path) => !copied(build).some((source) => path === source || path.startsWith(`${source}/`)))).toEqual([]);
  });

  it('installs what the lock file says and leaves the development packages behind', () => {
    expect(only(build, 'RUN')).toEqual(['npm ci', 'npm run build && npm prune --omit=dev']);
    expect(only(runtime, 'RUN').join()).not.toMatch(/npm|apt-get/);
  });

  it('runs as a user that can change neither code nor policies', () => {
    expect(only(runtime, 'USER')).toEqual(['node']);
    expect(only(runtime, 'COPY').filter((rest) => rest.includes('--chown'))).toEqual([]);
  });

  it('starts the gateway without a shell, so that it hears SIGTERM', () => {
    const { bin } = JSON.parse(read('package.json')) as { bin: { gatehouse: string } };
    expect(only(runtime, 'CMD').map((rest) => JSON.parse(rest) as unknown)).toEqual([['node', bin.gatehouse]]);
  });

  it('listens on all interfaces of its container and asks itself whether it is ready', () => {
    expect(only(runtime, 'ENV').join(' ')).toContain('HOST=0.0.0.0');
    const [probe = ''] = only(runtime, 'HEALTHCHECK');
    const [command, , script] = JSON.parse(probe.slice(probe.indexOf('CMD ') + 4)) as string[];
    expect(command).toBe('node');
    expect(script).toContain('/readyz');
  });
});

interface Service {
  readonly image?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly init?: boolean;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<'postgres' | 'gateway', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe('docker compose', () => {
  const { services, volumes } = load(read('docker-compose.yml')) as Compose;
  const { postgres, gateway } = services;

  it('reaches the gateway from this machine alone, and the database not at all', () => {
    expect(gateway.ports).toEqual(['127.0.0.1:4000:4000']);
    expect(postgres.ports).toBeUndefined();
  });

  it('starts the gateway once the database answers', () => {
    expect(gateway.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(postgres.healthcheck?.test).toEqual(expect.arrayContaining(['pg_isready', '--host=127.0.0.1']));
  });

  it('gives both the same password, from the environment', () => {
    const password = postgres.environment.POSTGRES_PASSWORD ?? '';
    expect(password).toMatch(/^\$\{POSTGRES_PASSWORD:-\w+\}$/);
    expect(gateway.environment.DATABASE_URL).toBe(`postgres://gatehouse:${password}@postgres:5432/gatehouse`);
  });

  it('keeps the data in a volume of its own, on a PostgreSQL that the gateway knows', () => {
    expect(Object.keys(volumes)).toEqual((postgres.volumes ?? []).map((volume) => volume.split(':')[0]));
    expect(Number(/^postgres:(\d+)/.exec(postgres.image ?? '')?.[1])).toBeGreaterThanOrEqual(15);
  });

  it('takes from the containers what they do not need', () => {
    for (const service of [postgres, gateway]) expect(service.security_opt).toContain('no-new-privileges:true');
    expect(gateway).toMatchObject({ init: true, read_only: true, cap_drop: ['ALL'] });
  });

  it('sets nothing that the gateway does not read', () => {
    const settings = read('src/config.ts');
    expect(Object.keys(gateway.environment).filter((name) => !settings.includes(`${name}:`))).toEqual([]);
  });
});
