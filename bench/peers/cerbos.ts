import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { GRPC } from '@cerbos/grpc';
import { dump } from 'js-yaml';
import { ServerProcess } from '../servers/child.js';
import { CAN_PIN, SERVER_CORE } from '../servers/pinned.js';
import type { Question } from '../world/questions.js';
import type { World } from '../world/world.js';
import { writePolicies } from './cerbos-policies.js';
import { inPackage, versionOf } from './installed.js';
import { kindAndAction, type OpenPeer, type Peer } from './peer.js';

const READY_WITHIN_MS = 120_000;
/** A principal has to have a role. */
const NO_ROLE = 'nobody';

export const cerbos: Peer = {
  name: 'Cerbos server, its gRPC client',
  version: `${versionOf('cerbos')}, client ${versionOf('@cerbos/grpc')}`,
  differs:
    'Its server holds policies only: the caller looks up the member\'s roles, here in memory at no cost, and sends them along; who may ask is not checked, and nothing else is written down (no audit log). Policies are files, ' +
    'the custom roles of each tenant a scope; conditions over attributes come with them. A batch is about one principal, here the 39 permissions of one member.',
  open: async (world) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-peers-'));
    writePolicies(join(folder, 'policies'), world);
    const server = await start(folder);
    const client = new GRPC(`127.0.0.1:${server.port}`, { tls: false });
    await readiness(client, server);
    return opened(world, client, server, folder);
  },
};

function opened(world: World, client: GRPC, server: ServerProcess, folder: string): OpenPeer {
  const rolesOf = rolesIn(world);
  return {
    server,
    ask: (question) => {
      const [kind, action] = kindAndAction(question.permission);
      const resource = { kind, id: question.tenantId, scope: question.tenantId };
      return client.isAllowed({ principal: { id: question.userId, roles: rolesOf(question) }, resource, action });
    },
    batch: {
      size: world.matrix.permissions.length,
      about: 'one member',
      ask: async (questions) => {
        const [{ userId, tenantId }] = questions as [Question];
        const actions = new Map<string, string[]>();
        for (const { permission } of questions) {
          const [kind, action] = kindAndAction(permission);
          actions.set(kind, [...(actions.get(kind) ?? []), action]);
        }
        const resources = [...actions].map(([kind, asked]) => ({ resource: { kind, id: tenantId, scope: tenantId }, actions: asked }));
        const answer = await client.checkResources({ principal: { id: userId, roles: rolesOf(questions[0]!) }, resources });
        return questions.map(({ permission }) => {
          const [kind, action] = kindAndAction(permission);
          return answer.isAllowed({ resource: { kind, id: tenantId }, action }) === true;
        });
      },
    },
    close: async () => {
      client.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What an application would read from its own tables before it asks. */
function rolesIn(world: World): (question: Question) => string[] {
  const tenants = new Map(world.tenants.map((tenant) => [
    tenant.id, { departments: new Set(tenant.departments), members: new Map(tenant.members.map((member) => [member.userId, member])) },
  ]));
  return ({ tenantId, userId, departmentId }) => {
    const tenant = tenants.get(tenantId);
    const member = tenant?.members.get(userId);
    if (tenant === undefined || member === undefined || (departmentId !== null && !tenant.departments.has(departmentId))) return [NO_ROLE];
    const override = member.overrides.find((held) => held.departmentId === departmentId);
    return override === undefined || override.role === member.role ? [member.role] : [member.role, override.role];
  };
}

async function start(folder: string): Promise<ServerProcess> {
  const [grpcPort, httpPort] = [await freePort(), await freePort()];
  const config = join(folder, 'cerbos.yaml');
  writeFileSync(config, dump({
    server: { grpcListenAddr: `127.0.0.1:${grpcPort}`, httpListenAddr: `127.0.0.1:${httpPort}` },
    storage: { driver: 'disk', disk: { directory: join(folder, 'policies'), watchForChanges: false } },
    telemetry: { disabled: true },
  }));
  const program = `cerbos-${process.platform}-${process.arch}`;
  const binary = inPackage('@cerbos', program, program);
  const command = [binary, 'server', `--config=${config}`, '--log-level=warn'];
  const [first, ...args] = CAN_PIN ? ['taskset', '-c', String(SERVER_CORE), ...command] : command;
  const child = spawn(first!, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  return new ServerProcess(child, grpcPort);
}

async function readiness(client: GRPC, { child }: ServerProcess): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUpAt && child.exitCode === null) {
    const ready = await client.serverInfo().then(() => true, () => false);
    if (ready) return;
    await pause(100);
  }
  throw new Error('the Cerbos server did not start');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
