import { contestantOf, type SharedBench } from '../bench.js';
import { seedFillerMembers } from '../database/seed-fillers.js';
import { driverOf } from '../load/contest.js';
import { CONNECTIONS } from '../load/driver.js';
import type { Exchange } from '../load/job.js';
import { FASTN_FILE } from '../places.js';
import type { GatewayProcess } from '../servers/gateway.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { makeWorld } from '../world/world.js';
import { checksExchange } from './documents.js';
import { boundedFigure, explained } from './figures.js';
import type { Scenario } from './scenario.js';

const AT_ONCE = 100;
const WARM_BELOW = 250;
const SCANNED = { tenants: 1000, each: 1000 };
const SAMPLES = 20;
const PATIENCE_MS = 600_000;

/** Resident memory with every membership of the standard workload at hand. */
export const memory: Scenario = {
  name: 'memory',
  onlyNamed: false,
  async run(bench) {
    const { world, databaseUrl, key } = await bench.standard();
    const gateway = await bench.start(databaseUrl);
    const started = megabytes(gateway);
    const people = world.tenants.flatMap(({ id, members }) => members.map(({ userId }) => ({ tenantId: id, userId })));
    const [warm] = await askAll(gateway, key, people, 1);
    await gateway.stop();
    return [
      boundedFigure(`memory with ${people.length} memberships at hand`, warm!, 'MB', WARM_BELOW),
      explained('memory after the start', `${started.toFixed(0)} MB`),
    ];
  },
};

/** Resident memory while more members are asked about, once each, than the caches may hold. */
export const memoryScan: Scenario = {
  name: 'memory-scan',
  onlyNamed: true,
  async run(bench: SharedBench) {
    const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: SCANNED.tenants, membersPerTenant: 1 });
    const { gateway, key } = await bench.serve(world, { seedMore: (url) => seedFillerMembers(url, SCANNED) });
    const people = Array.from({ length: SCANNED.tenants * SCANNED.each }, (_, at) => ({ tenantId: `tenant-${Math.floor(at / SCANNED.each)}`, userId: `filler-${at + 1}` }));
    const samples = await askAll(gateway, key, people, SAMPLES);
    return [
      explained(`memory under a scan of ${people.length} memberships, in MB after each ${100 / SAMPLES}%`, samples.map((sample) => sample.toFixed(0)).join(' ')),
      explained('memory at most', `${Math.max(...samples).toFixed(0)} MB`),
    ];
  },
};

interface Person {
  readonly tenantId: string;
  readonly userId: string;
}

/** Asks about each person once, in as many parts, and gives the memory in use after each. */
async function askAll(gateway: GatewayProcess, key: string, people: readonly Person[], parts: number): Promise<number[]> {
  const exchanges = batchesOf(people);
  const driver = await driverOf(contestantOf({ gateway, key }, exchanges));
  const samples: number[] = [];
  const atMost = Math.ceil(exchanges.length / parts);
  for (let part = 0; part < parts; part++) {
    await driver.run({ connections: CONNECTIONS, rate: null, warmUpMs: 0, measuredMs: PATIENCE_MS, atMost, from: part * atMost });
    samples.push(megabytes(gateway));
  }
  await driver.close();
  return samples;
}

/** About a department that is nowhere: the answer is the same for everybody, and the facts are needed all the same. */
function batchesOf(people: readonly Person[]): Exchange[] {
  const answer = { allowed: false, reason: 'UNKNOWN_DEPARTMENT' } as const;
  const asked = people.map((person) => ({ ...person, permission: 'activity.read', departmentId: 'nowhere', answer }));
  return Array.from({ length: Math.ceil(asked.length / AT_ONCE) }, (_, batch) => checksExchange(asked.slice(batch * AT_ONCE, (batch + 1) * AT_ONCE)));
}

function megabytes(gateway: GatewayProcess): number {
  const found = gateway.residentMegabytes();
  if (found === null) throw new Error('this system does not tell how much memory a process uses');
  return found;
}
